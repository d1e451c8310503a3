"""How a plan for many is to be made: limits, reason, who answers for it; and one line of it changed by hand."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from appointments.domain.colleagues import desk_colleagues, name_of
from appointments.domain.disruptions.planning.plans import Wanted
from appointments.domain.disruptions.planning.questions import Limits
from appointments.domain.disruptions.planning.shown import Only
from appointments.domain.recovery import wording
from appointments.domain.recovery.honesty import Facts
from appointments.domain.schedule.slots import Slot, slot_at
from appointments.enums import ResourceKind
from appointments.errors import DomainError
from appointments.forms.moments import in_utc, moment_field
from appointments.forms.words import WordsForCustomers, WritesToCustomers
from appointments.models import DisruptionPlan, PlanLine, Reason, Resource

WINDOWS = ((3, _("3 days")), (7, _("7 days")), (14, _("14 days")), (30, _("30 days")))


class PlanForm(WritesToCustomers):
    """`wanted()` is what was decided for everybody."""

    reason = forms.ModelChoiceField(
        Reason.objects.filter(is_active=True).exclude(family="customer"),
        label=_("Why?"),
        empty_label=_("Choose the reason"),
        error_messages={"required": _("Choose the reason: the customers are told it.")},
    )
    window_days = forms.TypedChoiceField(label=_("New times within"), choices=WINDOWS, coerce=int)
    same_person = forms.BooleanField(required=False, label=_("Only with the same person"))
    outside_hours = forms.BooleanField(required=False, label=_("Also outside the open hours (7 to 20)"))
    keep_free = forms.IntegerField(
        min_value=0,
        max_value=90,
        label=_("Kept free for new bookings (%)"),
        widget=forms.NumberInput(attrs={"step": 5}),
    )
    stand_ins = forms.ModelMultipleChoiceField(
        Resource.objects.none(),
        required=False,
        label=_("Who may stand in"),
        help_text=_("None ticked: whoever can do it."),
        widget=forms.CheckboxSelectMultiple,
    )
    contact = forms.ModelChoiceField(User.objects.none(), label=_("Responsible"))
    personal_note = WordsForCustomers(
        required=False,
        max_length=600,
        label=_("A personal line for all (optional)"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, plan: DisruptionPlan) -> None:
        self.plan = plan
        own = [plan.window_days] if plan.window_days not in dict(WINDOWS) else []
        super().__init__(data, initial=_shown(plan))
        self.fields["window_days"].choices = sorted([*WINDOWS, *((days, str(days)) for days in own)])  # type: ignore[attr-defined]
        self.fields["stand_ins"].queryset = _who_can(plan)  # type: ignore[attr-defined]
        self.fields["contact"].queryset = desk_colleagues()  # type: ignore[attr-defined]
        self.fields["contact"].label_from_instance = name_of  # type: ignore[attr-defined]

    def facts(self) -> Facts:
        appointments = [
            line.appointment for line in self.plan.lines.select_related("appointment__service", "appointment__customer")
        ]
        return wording.about_many(
            self.plan.disruption.location,
            {one.service for one in appointments},
            reason=self.cleaned_data.get("reason"),
            reads={one.customer.reads for one in appointments},
        )

    def wanted(self) -> Wanted:
        """Only after `is_valid`."""
        said = self.cleaned_data
        return Wanted(
            reason=said["reason"],
            contact=said["contact"],
            personal_note=said["personal_note"],
            limits=Limits(
                window_days=said["window_days"],
                same_person=said["same_person"],
                outside_hours=said["outside_hours"],
                keep_free=said["keep_free"],
                stand_ins=frozenset(one.pk for one in said["stand_ins"]),
            ),
        )


class LinesForm(forms.Form):
    """Which lines of the plan are looked at; what makes no sense means all."""

    only = forms.ChoiceField(required=False, choices=Only)
    q = forms.CharField(required=False, max_length=100, label=_("A customer’s name or number"))
    after = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def wanted(self) -> dict[str, Any]:
        """As `shown.page` is asked."""
        self.is_valid()
        said = self.cleaned_data
        return {"only": said.get("only", ""), "words": said.get("q", "").strip(), "after": said.get("after") or 0}


class DayForm(forms.Form):
    """Which day of the plan is looked at, and who is to be put somewhere; what makes no sense means neither."""

    day = forms.DateField(required=False)
    line = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def wanted(self) -> tuple[date | None, int]:
        """The day, and the appointment; 0 for none."""
        self.is_valid()
        return self.cleaned_data.get("day"), self.cleaned_data.get("line") or 0


class LineForm(forms.Form):
    """One line by hand: a time from the list (`key`), or any hour with a person; a line of its own."""

    starts = moment_field(_("Another time"), required=False)
    provider = forms.ModelChoiceField(
        Resource.objects.none(), required=False, label=_("With"), empty_label=_("whoever is free")
    )
    key = forms.CharField(required=False)

    def __init__(
        self, data: Any = None, *, line: PlanLine, slot_of: Callable[[str], Slot | None], now: datetime
    ) -> None:
        self.line, self.slot_of, self.now = line, slot_of, now
        self.slot: Slot | None = None
        super().__init__(data)
        able = Resource.objects.filter(
            requirements__service=line.appointment.service, location=line.appointment.location, is_active=True
        )
        self.fields["provider"].queryset = able.filter(kind=ResourceKind.PROVIDER).distinct()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        self.slot = self.slot_of(cleaned["key"]) if cleaned["key"] else None
        if self.slot is None and cleaned.get("starts"):
            self.slot = self._by_hand(cleaned)
        if self.slot is None and not self.errors:
            raise forms.ValidationError(_("Choose one of the times, or say another one."))
        return cleaned

    def _by_hand(self, cleaned: dict[str, Any]) -> Slot | None:
        appointment, provider = self.line.appointment, cleaned.get("provider")
        starts_at = in_utc(cleaned["starts"], appointment.location.tzinfo)
        try:
            return slot_at(appointment, starts_at=starts_at, provider_id=provider and provider.pk, now=self.now)
        except DomainError as error:
            self.add_error("starts", error.message)
            return None


class NoteForm(WritesToCustomers):
    """A personal line for one customer; empty: the line for all."""

    personal_note = WordsForCustomers(required=False, max_length=600, label=_("A personal line"))

    def __init__(self, data: Any = None, *, line: PlanLine) -> None:
        self.line = line
        super().__init__(data, initial={"personal_note": line.personal_note}, auto_id=f"note-{line.appointment_id}-%s")

    def facts(self) -> Facts:
        return wording.about(self.line.appointment, reason=self.line.plan.reason)


def _who_can(plan: DisruptionPlan) -> QuerySet[Resource]:
    """Whoever does what one of them is booked for, and is not missing."""
    services = plan.lines.values("appointment__service")
    able = Resource.objects.filter(kind=ResourceKind.PROVIDER, is_active=True, requirements__service__in=services)
    missing = plan.disruption.resources.values("pk")
    return able.filter(location=plan.disruption.location).exclude(pk__in=missing).distinct()


def _shown(plan: DisruptionPlan) -> dict[str, Any]:
    names = ("window_days", "same_person", "outside_hours", "keep_free", "personal_note")
    return {name: getattr(plan, name) for name in names} | {
        "reason": plan.reason_id,
        "contact": plan.contact_id,
        "stand_ins": [one.pk for one in plan.stand_ins.all()],
    }
