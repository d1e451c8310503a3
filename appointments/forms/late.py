"""“We run so many minutes late”, as a colleague says it between two customers: who, by how much, and why."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from appointments.domain.disruptions.late import FEWEST, MOST, Late, read_by
from appointments.domain.recovery import wording
from appointments.domain.recovery.honesty import Facts
from appointments.enums import ResourceKind
from appointments.forms.words import NoteForColleagues, WordsForCustomers, WritesToCustomers
from appointments.models import Location, Reason

USUALLY = 30
STEP = 5


class LateForm(WritesToCustomers):
    """`late()` is what was said. Only people run late; a room or a machine that is not free is not available."""

    people = forms.MultipleChoiceField(
        label=_("Who runs late?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who runs late.")},
    )
    minutes = forms.IntegerField(
        label=_("By how many minutes?"),
        min_value=FEWEST,
        max_value=MOST,
        initial=USUALLY,
        help_text=_("Everything that they do begins so much later than booked; gaps absorb the delay."),
        widget=forms.NumberInput(attrs={"step": STEP, "inputmode": "numeric"}),
    )
    reason = forms.ModelChoiceField(
        Reason.objects.none(),
        label=_("Why?"),
        empty_label=_("Choose the reason"),
        error_messages={"required": _("Choose the reason: the customers are told it.")},
    )
    personal_note = WordsForCustomers(
        required=False,
        max_length=600,
        label=_("A personal line for all (optional)"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = NoteForColleagues(
        required=False,
        max_length=300,
        label=_("Note for colleagues (optional)"),
        help_text=_("Never leaves the house. Nothing about anybody’s health, please."),
    )

    def __init__(self, data: Any = None, *, place: Location, user: User, now: datetime, first: str = "") -> None:
        self.place, self.user, self.now = place, user, now
        super().__init__(data, initial={"people": [first] if first else []})
        here = place.resources.filter(is_active=True, kind=ResourceKind.PROVIDER).order_by("position", "name")
        self.fields["people"].choices = [(str(one.pk), one.name) for one in here]  # type: ignore[attr-defined]
        self.fields["reason"].queryset = Reason.objects.filter(is_active=True).exclude(family="customer")  # type: ignore[attr-defined]

    def facts(self) -> Facts:
        """They read it on the day that it is about."""
        facts = wording.about_many(
            self.place, [], reason=self.cleaned_data.get("reason"), reads=read_by(self.place, now=self.now)
        )
        return replace(facts, same_day=True)

    def late(self) -> Late:
        """Only after `is_valid`."""
        said = self.cleaned_data
        return Late(
            place=self.place,
            people=tuple(sorted(int(pk) for pk in said["people"])),
            minutes=said["minutes"],
            reason=said["reason"],
            contact=self.user,
            personal_note=said["personal_note"],
            note=said["note"],
        )

    def posted(self) -> list[tuple[str, str]]:
        """All that was sent, to be sent again from the preview."""
        said = self.cleaned_data
        each = [("people", pk) for pk in said["people"]]
        return [*each, *((name, str(self.data.get(name, ""))) for name in said if name != "people")]
