"""No form forgets: whatever a colleague types is for customers, for the house, or neither, and says which."""

import importlib
import pkgutil
from collections.abc import Iterator

from django import forms as django_forms

from appointments import forms
from appointments.forms.words import NoteForColleagues, WordsForCustomers, WritesToCustomers

OF_CUSTOMERS = {
    "CallMeForm.words", "GiveUpForm.words", "OtherTimesForm.words", "TellForm.words", "WordsForm.words",
    "CallForm.note", "OpenForm.words", "HearForm.more", "HearForm.wants", "GiftFields.words", "PointForm.words",
}  # fmt: skip
"""What customers say themselves, on their page or on the phone; and what we give them, granted as it stands."""
FOR_COLLEAGUES = {"CancelForm.note", "ClosingForm.lessons", "DetailsForm.note"}
"""Read in the house; why something is cancelled is held to it where it is we who cancel, and of a note what is new."""
NO_WORDS = {
    "AgreedForm.nonce", "AgreedForm.seen", "AgreedForm.slot", "AnswerForm.nonce", "AppForm.code",
    "AppForm.sealed", "AuditForm.words", "BlockForm.knowing", "BookingForm.customer", "BookingForm.nonce",
    "BookingForm.slot", "CallForm.nonce", "CallMeForm.nonce", "ChoicesForm.source", "ChosenTime.slot",
    "ClosureForm.title", "CodeForm.code", "ConfirmForm.password", "DetailsForm.seen", "ForgetForm.name",
    "GiveUpForm.nonce", "InviteForm.name", "InviteForm.nonce", "JoinForm.again", "JoinForm.name",
    "JoinForm.password", "JoinForm.username", "LineForm.key", "LineForm.name", "LinesForm.q", "MailForm.host",
    "ShapeForm.name",
    "MailForm.password", "MailForm.username", "MergeForm.seen", "MissingForm.answered_for", "MoveForm.nonce",
    "MoveForm.time", "NewForm.name", "NewForm.title", "NewPasskeyForm.credential", "NewPasskeyForm.name",
    "NewPasswordForm.again", "NewPasswordForm.password", "OpenForm.nonce", "OtherTimesForm.nonce",
    "OwnPasswordForm.again", "OwnPasswordForm.now", "OwnPasswordForm.password", "PasskeyForm.credential",
    "PasswordTwice.again", "PasswordTwice.password", "PickForm.nonce", "ProposeForm.nonce", "ProposeForm.seen",
    "RenameForm.name", "RepeatForm.nonce", "ReplyForm.to", "ResetForm.why", "SaveViewForm.name", "SearchForm.q",
    "ShelfForm.q", "ShowForm.code", "ShowForm.credential", "TellForm.nonce", "WordsForm.nonce",
}  # fmt: skip
NEVER_KEPT = {"ComplaintPracticeForm.cost", "ComplaintPracticeForm.learned", "LetterPracticeForm.text"}
"""Written for practice: the faults are what one learns from."""


def all_forms() -> Iterator[type[django_forms.Form]]:
    for one in pkgutil.walk_packages(forms.__path__, f"{forms.__name__}."):
        for found in vars(importlib.import_module(one.name)).values():
            if isinstance(found, type) and issubclass(found, django_forms.Form) and found.__module__ == one.name:
                yield found


def typed() -> Iterator[tuple[type[django_forms.Form], str, django_forms.Field]]:
    """Every field in which somebody can write freely."""
    for form in all_forms():
        for name, field in form.base_fields.items():
            if type(field) in (django_forms.CharField, WordsForCustomers, NoteForColleagues):
                yield form, name, field


def test_every_field_to_write_in_says_for_whom_it_is() -> None:
    plain = {f"{form.__name__}.{name}" for form, name, field in typed() if type(field) is django_forms.CharField}

    assert plain == OF_CUSTOMERS | FOR_COLLEAGUES | NO_WORDS | NEVER_KEPT


def test_words_for_customers_stand_in_forms_that_read_them() -> None:
    reading = {form for form, _name, field in typed() if isinstance(field, WordsForCustomers)}

    assert {form.__name__ for form in reading} == {
        "AgreedForm",
        "BookingForm",
        "EmpathiseForm",
        "LateForm",
        "NoteForm",
        "PlanForm",
        "PointForm",
        "ProposeForm",
        "ReplyForm",
    }
    assert all(issubclass(form, WritesToCustomers) for form in reading)
    assert all(form.facts is not WritesToCustomers.facts for form in reading if issubclass(form, WritesToCustomers))
