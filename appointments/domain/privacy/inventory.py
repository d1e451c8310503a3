"""Where words about a person stand. A house test holds that no field of our tables is missing here or in `ABOUT_US`."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from appointments.enums import DataKind
from appointments.models import (
    AnotherWay,
    Answer,
    Appointment,
    AppointmentEvent,
    CallAttempt,
    CaseEntry,
    CasePoint,
    Compensation,
    Disruption,
    Feedback,
    MisuseNote,
    PlanLine,
    Promise,
    RecoveryCase,
    RescheduleRequest,
    Statement,
)


@dataclass(frozen=True)
class Words:
    """`fields` of `model` hold what a customer said, or what was said of or to them; `to` leads from a row to them.
    `told` are those that they told us themselves: the others are ours about them.
    """

    model: type[Model]
    to: str
    fields: tuple[str, ...]
    told: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What an export calls these rows."""
        return str(self.model._meta.model_name)

    def of_kind(self, kind: DataKind) -> tuple[str, ...]:
        """The fields that go together, once the appointment has been over for so long."""
        if self.model is MisuseNote:  # each goes as a whole, on a day of its own
            return ()
        return self.told if kind == DataKind.WORDS else tuple(one for one in self.fields if one not in self.told)

    def about(self, appointments: Any) -> Any:
        """The rows of these appointments."""
        if self.model is Appointment:
            return self.model._default_manager.filter(pk__in=appointments)
        return self.model._default_manager.filter(**{f"{self.to.removesuffix('__customer')}__in": appointments})

    def of(self, people: list[int]) -> Any:
        """The rows of these customers (primary keys), the oldest first."""
        return self.model._default_manager.filter(**{f"{self.to}__in": people}).order_by("pk")


WORDS = (
    Words(Appointment, "customer", ("note",)),
    Words(AppointmentEvent, "appointment__customer", ("note",)),
    Words(Disruption, "appointment__customer", ("note", "lessons")),
    Words(RescheduleRequest, "appointment__customer", ("personal_note", "could_change")),
    Words(PlanLine, "appointment__customer", ("personal_note", "fault")),
    Words(Answer, "request__appointment__customer", ("words",), told=("words",)),
    Words(Feedback, "appointment__customer", ("words",), told=("words",)),
    Words(Promise, "appointment__customer", ("details", "outcome", "reply")),
    Words(CallAttempt, "promise__appointment__customer", ("note",)),
    Words(RecoveryCase, "appointment__customer", ("wants", "cost", "learned"), told=("wants", "cost")),
    Words(CaseEntry, "case__appointment__customer", ("words",), told=("words",)),
    Words(CasePoint, "case__appointment__customer", ("words", "reply"), told=("words",)),
    Words(Compensation, "appointment__customer", ("note",)),
    Words(AnotherWay, "round__appointment__customer", ("words",)),
    Words(AnotherWay, "point__case__appointment__customer", ("words",)),
    Words(MisuseNote, "customer", ("why",)),
    Words(Statement, "appointment__customer", ("said",), told=("said",)),
)

ABOUT_US: dict[str, tuple[str, ...]] = {
    "appointment": ("uid", "organizer", "source", "external_id", "booked_by_form"),
    "appointmentevent": ("before", "after"),  # hours and resources
    "reschedulerequest": ("wording", "nonce"),
    "planline": ("resource_ids", "others", "why", "lack"),
    "answer": ("wishes", "nonce"),  # days and parts of the day
    "callattempt": ("nonce",),
    "caseentry": ("key",),
    "compensation": ("amount_currency", "words", "worth_currency", "code"),
    "correctiveaction": ("what", "given_up"),  # of our own work
    "link": ("token_hash",),
    "statement": ("stamp",),
    "customermerge": ("moved",),
    "customer": ("sought",),  # written with the name
}
"""The other texts of tables that lead to a customer: none says anything of a person."""
