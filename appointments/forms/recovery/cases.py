"""Working through a complaint: one form for each step."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from appointments.domain.colleagues import desk_colleagues, name_of
from appointments.domain.compensation.authority import Limits
from appointments.domain.compensation.giving import Gift
from appointments.domain.moving.limits import LONGEST_WORDS
from appointments.domain.recovery import insults, letter, steps, wording
from appointments.domain.recovery.honesty import Facts
from appointments.enums import ApologyLevel, CaseConcern, PointAction
from appointments.forms.playbook import UsesSolutions
from appointments.forms.recovery.compensation import GiftFields
from appointments.forms.words import NoteForColleagues, WordsForCustomers, WritesToCustomers
from appointments.models import CasePoint, Reason, RecoveryCase
from notifications.text import languages

LONGEST_POINT = 600
MOST_POINTS = 30


class OpenForm(forms.Form):
    """A complaint that a customer made by phone or at the desk."""

    words = forms.CharField(
        max_length=LONGEST_WORDS,
        label=_("What the customer said"),
        help_text=_("In their own words, as far as you can. Nothing about anybody’s health, please."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write down what the customer said.")},
    )
    nonce = forms.CharField(max_length=48, widget=forms.HiddenInput)


class HearForm(forms.Form):
    """`heard()` is what `steps.hear` takes. Each sentence of the customer is ticked or left; more can be written."""

    points = forms.MultipleChoiceField(
        required=False,
        label=_("Which of it needs an answer?"),
        help_text=_("Tick each point that the customer waits to have answered."),
        widget=forms.CheckboxSelectMultiple,
    )
    more = forms.CharField(
        required=False,
        max_length=LONGEST_WORDS,
        label=_("Another point, or in other words (one in a line)"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    concern = forms.ChoiceField(
        label=_("What is it about?"),
        choices=CaseConcern.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what it is about.")},
    )
    wants = forms.CharField(
        required=False,
        max_length=LONGEST_POINT,
        label=_("What the customer wants, in one sentence"),
        widget=forms.TextInput(),
    )

    def __init__(self, data: Any = None, *, case: RecoveryCase) -> None:
        chosen = list(case.points.values_list("words", flat=True))
        said = [one for entry in case.entries.all() for one in letter.sentences(entry.words)]
        initial = {"concern": case.concern, "points": chosen, "wants": case.wants}
        super().__init__(data, initial=initial)
        sentences = list(dict.fromkeys([*chosen, *(one[:LONGEST_POINT] for one in said)]))[:MOST_POINTS]
        self.fields["points"].choices = [(one, insults.masked(one)) for one in sentences]  # type: ignore[attr-defined]
        concerns = [(one.value, capfirst(one.label)) for one in CaseConcern]
        self.fields["concern"].choices = concerns  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self._points(cleaned):
            self.add_error("points", _("Name at least one point that the customer waits to have answered."))
        return cleaned

    def heard(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"concern": CaseConcern(data["concern"]), "wants": data["wants"], "points": self._points(data)}

    def _points(self, data: dict[str, Any]) -> list[str]:
        written = [line.strip()[:LONGEST_POINT] for line in data.get("more", "").splitlines() if line.strip()]
        return [*data.get("points", ()), *written][:MOST_POINTS]


class EmpathiseForm(WritesToCustomers):
    cost = WordsForCustomers(
        max_length=LONGEST_WORDS,
        label=_("What it cost the customer"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what it cost the customer: hours, trips, plans, worry.")},
    )

    def __init__(self, data: Any = None, *, case: RecoveryCase) -> None:
        self.case = case
        super().__init__(data, initial={"cost": case.cost})
        self.fields["cost"].help_text = _read_in(case)

    def facts(self) -> Facts:
        return _known_of(self.case)


class ApologiseForm(forms.Form):
    """Only what is enough can be chosen; the first of it is what the cause asks for."""

    level = forms.TypedChoiceField(label=_("How we say sorry"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, case: RecoveryCase) -> None:
        least = steps.least_apology(case)
        super().__init__(data, initial={"level": case.apology or least})
        enough = [(one.value, one.label) for one in ApologyLevel if one >= least]
        self.fields["level"].choices = enough  # type: ignore[attr-defined]

    def clean_level(self) -> ApologyLevel:
        return ApologyLevel(self.cleaned_data["level"])


class PointForm(UsesSolutions, WritesToCustomers, GiftFields):
    """What settles one point, with which solutions of the playbook, and what the customer gets, where that is it."""

    reply = WordsForCustomers(
        max_length=LONGEST_WORDS,
        label=_("What the customer reads about it"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what the customer hears about this point.")},
    )
    action = forms.ChoiceField(label=_("It is settled by"), choices=PointAction.choices, widget=forms.RadioSelect)
    field_order = ("reply", "action")

    def __init__(self, data: Any = None, *, point: CasePoint, limits: Limits) -> None:
        used = [one.version_id for one in point.solutions_used.all()]
        initial = {"reply": point.reply, "action": point.action or PointAction.WORDS, "solutions": used}
        self.point, self.currency, self.most = point, limits.currency, limits.most
        self.gift: Gift | None = None
        super().__init__(data, initial=initial, prefix=f"point{point.pk}")
        self.fields["reply"].help_text = _read_in(point.case)
        self.fields["amount"].help_text = self.currency
        self.fields["worth"].help_text = f"{self.currency}. {self.fields['worth'].help_text}"
        self.of_gift = [self[name] for name in GiftFields.base_fields]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("action") == PointAction.GIVE:
            self.gift = self.gift_of(cleaned)
        return cleaned

    def facts(self) -> Facts:
        """What is given here is granted by whoever gives it, or by a second colleague before the letter leaves."""
        known = _known_of(self.point.case)
        if self.gift is None:
            return known
        typed = [self.cleaned_data.get(name) for name in ("words", "amount", "percent")]
        return replace(known, given=(*known.given, *(f"{one}".removesuffix(".00") for one in typed if one)))


class DiagnoseForm(forms.Form):
    cause = forms.ModelChoiceField(
        Reason.objects.filter(is_active=True),
        label=_("Why it came to that"),
        empty_label=_("Choose the cause"),
        help_text=_("The real cause, which may be another one than the customer was told first. Never a person."),
        error_messages={"required": _("Choose the cause.")},
    )
    learned = NoteForColleagues(
        max_length=LONGEST_WORDS,
        label=_("What we change, so that it happens less"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what we change, so that it happens less.")},
    )

    def __init__(self, data: Any = None, *, case: RecoveryCase) -> None:
        super().__init__(data, initial={"cause": steps.cause_so_far(case), "learned": case.learned})


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=_("To"))
    note = NoteForColleagues(
        required=False, max_length=400, label=_("What they should know"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, case: RecoveryCase) -> None:
        super().__init__(data)
        self.fields["to"].queryset = desk_colleagues().exclude(pk=case.owner_id)  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = name_of  # type: ignore[attr-defined]


def _known_of(case: RecoveryCase) -> Facts:
    return wording.about(case.appointment, reason=case.request.reason if case.request else None)


def _read_in(case: RecoveryCase) -> str:
    language = languages.name(case.appointment.customer.reads)
    return str(_("The customer reads it, in %(language)s.") % {"language": language})
