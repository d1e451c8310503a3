"""What a customer can send from the page: checked here, decided in `domain.moving.answers`."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import BigIntegerField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from appointments.domain import reaching
from appointments.domain.moving.limits import LONGEST_WORDS
from appointments.domain.schedule.slots import Wishes
from appointments.enums import Manner, Mood, Weekday

PARTS = (
    ("morning", _("Morning (before 12)")),
    ("afternoon", _("Afternoon (12 to 17)")),
    ("evening", _("Evening (after 17)")),
)
REACHED = tuple(
    (
        part,
        format_lazy("{part} ({first}–{last})", part=label, first=reaching.HOURS[part][0], last=reaching.HOURS[part][1]),
    )
    for part, label in (
        ("morning", _("Morning")),
        ("midday", _("Midday")),
        ("afternoon", _("Afternoon")),
        ("evening", _("Evening")),
    )
)
PERSONS = (("any", _("Anybody suitable")), ("same", _("The same person")))


WAYS = {Manner.USUAL: _("as usual"), Manner.PHONE: _("online or by phone"), Manner.HOME: _("at my home")}


LARGEST = 2**31 - 1
"""Of what counts the changes of an appointment."""


class AnswerForm(forms.Form):
    """Every form carries the nonce it was shown with, so that sending it twice is sending it once."""

    nonce = forms.CharField(max_length=48, widget=forms.HiddenInput)


def seen_field() -> forms.IntegerField:
    """How often the appointment had changed when the page was shown, where an old page must decide nothing."""
    return forms.IntegerField(required=False, min_value=0, max_value=LARGEST, widget=forms.HiddenInput)


class PickForm(AnswerForm):
    offer = forms.IntegerField(
        min_value=1,
        max_value=BigIntegerField.MAX_BIGINT,
        error_messages={"required": _("Please choose one of the times first.")},
    )


class WordsForm(AnswerForm):
    words = forms.CharField(
        required=False,
        max_length=LONGEST_WORDS,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Anything we should know (optional)"),
        error_messages={
            "max_length": _("That is longer than we can take (%(limit_value)d characters). Please shorten it a little.")
        },
    )


class GiveUpForm(WordsForm):
    seen = seen_field()


class CallMeForm(WordsForm):
    """A call: to which number, where we have none; and when the customer is reached best, nothing being any time."""

    field_order = ("phone", "reached", "words")
    phone = PhoneNumberField(
        label=_("Your telephone number"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={
            "required": _("Please write the telephone number at which we reach you."),
            "invalid": _("This does not look like a telephone number. Please check it."),
        },
    )
    reached = forms.MultipleChoiceField(
        choices=REACHED,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("When are you reached best? Tick nothing for any time."),
    )

    def __init__(self, *args: Any, has_number: bool, parts: Collection[str], **given: Any) -> None:
        """`parts`: those of the day in which somebody is there to phone."""
        super().__init__(*args, **given)
        if has_number:
            del self.fields["phone"]
        there = [(part, label) for part, label in REACHED if part in parts]
        if there:
            self.fields["reached"].choices = there  # type: ignore[attr-defined]  # of a field for choices
        else:
            del self.fields["reached"]


class TellForm(WordsForm):
    field_order = ("words", "mood")
    words = forms.CharField(
        max_length=LONGEST_WORDS,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("Your words"),
        error_messages={
            "required": _("Please write a few words first."),
            "max_length": _(
                "That is longer than we can take (%(limit_value)d characters). Please shorten it a little."
            ),
        },
    )
    mood = forms.ChoiceField(
        choices=Mood,
        required=False,
        widget=forms.RadioSelect,
        label=_("How do you feel about it? (optional)"),
    )


class OtherTimesForm(WordsForm):
    field_order = ("days", "parts", "person", "sooner", "urgent", "manner", "elsewhere", "words")
    days = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=Weekday,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Which days suit you?"),
    )
    parts = forms.MultipleChoiceField(
        choices=PARTS, required=False, widget=forms.CheckboxSelectMultiple, label=_("Which part of the day?")
    )
    person = forms.ChoiceField(
        choices=PERSONS, required=False, initial="any", widget=forms.RadioSelect, label=_("With whom?")
    )
    sooner = forms.BooleanField(required=False, label=_("Rather sooner than the original time"))
    urgent = forms.BooleanField(required=False, label=_("It is urgent: please the earliest time that fits"))
    manner = forms.ChoiceField(
        required=False, widget=forms.RadioSelect, label=_("Or in another way? One of us gets in touch about it.")
    )
    elsewhere = forms.BooleanField(
        required=False, label=_("Another of your places would suit me too (one of you gets in touch)")
    )

    seen = seen_field()

    def __init__(self, *args: Any, ways: Collection[Manner] = (), has_others: bool = False, **given: Any) -> None:
        """`ways`: in which it can take place besides; `has_others`: whether it is done at another place too."""
        super().__init__(*args, **given)
        if ways:
            self.fields["manner"].choices = [(one.value, WAYS[one]) for one in ways]  # type: ignore[attr-defined]
        else:
            del self.fields["manner"]
        if not has_others:
            del self.fields["elsewhere"]

    def wishes(self) -> Wishes:
        """The ticked boxes as wishes; nothing ticked means anything goes."""
        data: dict[str, Any] = self.cleaned_data
        return Wishes(
            days=frozenset(data["days"]),
            parts=frozenset(data["parts"]),
            person=data["person"] or "any",
            sooner=data["sooner"],
            urgent=data["urgent"],
            elsewhere=bool(data.get("elsewhere")),
            manner=data.get("manner") or "",
        )
