"""What a colleague writes down about a phone call, and handing a promise on."""

import secrets
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from appointments.domain import affected, promises
from appointments.domain.moving import offers
from appointments.domain.moving.limits import LONGEST_WORDS
from appointments.domain.moving.phone.calls import TRY_AGAIN_HOURS, Call
from appointments.domain.moving.replies import read_so_far
from appointments.domain.recovery import answering, wording
from appointments.domain.recovery.honesty import Facts
from appointments.domain.schedule.slots import Wishes
from appointments.enums import CallOutcome, PromiseKind, Weekday
from appointments.forms.answer import PARTS, PERSONS
from appointments.forms.moments import QUARTERS, hour_to_tell
from appointments.forms.words import WordsForCustomers, WritesToCustomers
from appointments.models import Offer, Promise
from notifications.text import languages

NEEDED_FOR = {
    "offer": CallOutcome.CHOSE,
    "days": CallOutcome.OTHER_TIMES,
    "parts": CallOutcome.OTHER_TIMES,
    "person": CallOutcome.OTHER_TIMES,
    "later": CallOutcome.CALL_LATER,
    "phone": CallOutcome.WRONG_NUMBER,
    "email": CallOutcome.WRONG_NUMBER,
}
"""What is asked for one outcome only."""


class CallForm(forms.Form):
    """One call. Each outcome is a button; what it needs besides is checked for that outcome alone."""

    outcome = forms.ChoiceField(choices=CallOutcome.choices)
    offer = forms.ModelChoiceField(Offer.objects.none(), required=False)
    later = forms.DateTimeField(
        required=False,
        label=_("Call again at"),
        widget=forms.DateTimeInput(attrs=QUARTERS),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    days = forms.TypedMultipleChoiceField(
        coerce=int, choices=Weekday, required=False, widget=forms.CheckboxSelectMultiple, label=_("Which days suit?")
    )
    parts = forms.MultipleChoiceField(
        choices=PARTS, required=False, widget=forms.CheckboxSelectMultiple, label=_("Which part of the day?")
    )
    person = forms.ChoiceField(choices=PERSONS, required=False, widget=forms.RadioSelect, label=_("With whom?"))
    phone = PhoneNumberField(required=False, label=_("The right number, if you know it"))
    email = forms.EmailField(required=False, label=_("Or an e-mail address"))
    note = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Note"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the customer said. Colleagues read it."),
    )
    nonce = forms.CharField(max_length=48, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, promise: Promise, now: datetime) -> None:
        self.promise, self.now = promise, now
        later = promises.due_after(promise.appointment.location, hours=TRY_AGAIN_HOURS, now=now)
        later = later.astimezone(promise.appointment.location.tzinfo)
        super().__init__(
            data,
            initial={"nonce": secrets.token_urlsafe(16), "person": "any", "later": later.strftime("%Y-%m-%dT%H:%M")},
        )
        round_ = promise.request
        self.takeable = offers.takeable(round_, now=now) if round_ else []
        owed = round_.promises.open().filter(kind=PromiseKind.FIND_TIMES) if round_ else None
        self.times_are_owed = promise.kind == PromiseKind.CALL and owed is not None and owed.exists()
        self.fields["offer"].queryset = Offer.objects.filter(  # type: ignore[attr-defined]
            pk__in=[offer.pk for offer in self.takeable]
        )

    def outcomes(self) -> list[CallOutcome]:
        """The buttons that make sense for this promise, the likeliest first."""
        live = bool(self.promise.request and self.promise.request.is_live)
        keep = live and self.promise.request is not None and affected.can_be_kept(self.promise.request)
        fits = {
            CallOutcome.CHOSE: bool(self.takeable),
            CallOutcome.OTHER_TIMES: live,
            CallOutcome.KEEP: keep and self.promise.appointment.starts_at > self.now,
            CallOutcome.CANCEL: live,
            CallOutcome.SETTLED: not live or self.promise.kind == PromiseKind.REPLY or self.times_are_owed,
        }
        return [outcome for outcome in CallOutcome if fits.get(outcome, True)]

    def clean_later(self) -> datetime | None:
        later: datetime | None = self.cleaned_data["later"]
        zone = self.promise.appointment.location.tzinfo
        return hour_to_tell(later, zone) if later else None

    def clean_outcome(self) -> CallOutcome:
        outcome = CallOutcome(self.cleaned_data["outcome"])
        if outcome not in self.outcomes():
            raise forms.ValidationError(_("That does not fit any more. Below is how things stand now."))
        return outcome

    def clean(self) -> dict[str, Any]:
        """What was typed for another outcome than the one that was tapped neither counts nor stands in its way."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, outcome in NEEDED_FOR.items():
            if cleaned.get("outcome") not in (None, outcome):
                self.errors.pop(name, None)
                cleaned[name] = None
        return cleaned

    def call(self) -> Call:
        """What was agreed, for `calls.record_call`. Only after `is_valid`."""
        data: dict[str, Any] = self.cleaned_data
        days, parts = frozenset(data["days"] or ()), frozenset(data["parts"] or ())
        wishes = Wishes(days=days, parts=parts, person=data["person"] or "any")
        return Call(
            data["outcome"],
            note=data["note"],
            offer=data["offer"],
            wishes=wishes,
            later=data["later"],
            phone=str(data["phone"] or ""),
            email=data["email"] or "",
        )


class ReplyForm(WritesToCustomers):
    """What we answer to what a customer told us, in the language the customer reads."""

    words = WordsForCustomers(
        max_length=LONGEST_WORDS,
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write the answer first.")},
    )
    to = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, promise: Promise) -> None:
        self.promise = promise
        super().__init__(data, initial={"to": read_so_far(promise), "words": answering.draft(promise)})
        language = languages.name(promise.appointment.customer.reads)
        self.fields["words"].help_text = _("The customer reads %(language)s. Greeting and your name are added.") % {
            "language": language
        }

    def facts(self) -> Facts:
        round_ = self.promise.request
        return wording.about(self.promise.appointment, reason=round_.reason if round_ else None)
