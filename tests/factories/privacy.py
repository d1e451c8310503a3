"""Somebody of whom every table says something."""

from django.contrib.admin.models import LogEntry

from appointments.domain import actors
from appointments.domain.history import record
from appointments.domain.privacy.inventory import WORDS
from appointments.enums import AppointmentState, EventKind
from appointments.models import (
    AnotherWay,
    Appointment,
    AppointmentEvent,
    Compensation,
    Customer,
    Disruption,
    DisruptionPlan,
    ImportedFile,
    MisuseNote,
    PlanLine,
    Promise,
    RecoveryCase,
    RescheduleRequest,
    Statement,
)
from tests.clock import NOW, days
from tests.factories.clinic import Clinic
from tests.factories.compensation import compensation
from tests.factories.diary import CallAttemptFactory, FeedbackFactory, PromiseFactory
from tests.factories.recovery import at_resolve

LATER = NOW + days(60)
WORD, NUMBER = "Sekarwangi", "0812-7777"
SAID = f"{WORD} was here, on {NUMBER}."


def over() -> None:
    """All appointments took place, and nothing is open about any of them."""
    Appointment.objects.update(state=AppointmentState.COMPLETED)
    RescheduleRequest.objects.filter(closed_at__isnull=True).update(state="withdrawn", closed_at=NOW)
    Promise.objects.filter(state="open").update(state="kept", settled_at=NOW)


def told_everything(melati: Clinic) -> Customer:
    """Somebody of whom each field of the inventory says something, whatever wrote it; all of it is over."""
    case = at_resolve(melati)
    appointment, said = case.appointment, {"by": melati.staff, "at": NOW}
    round_, promise = appointment.requests.get(), PromiseFactory(appointment=appointment)
    CallAttemptFactory(promise=promise)
    FeedbackFactory(appointment=appointment)
    MisuseNote.objects.create(customer=melati.customer, why="–", made_on=NOW, made_by=melati.manager, expires_on=LATER)
    compensation(appointment)
    AnotherWay.objects.create(round=round_, words="–", **said)
    AnotherWay.objects.create(point=case.points.get(), words="–", **said)
    disruption = Disruption.objects.create(
        scope="appointment", location=melati.location, appointment=appointment, starts_at=NOW, declared_at=NOW
    )
    plan = DisruptionPlan.objects.create(
        disruption=disruption, reason=melati.reason, contact=melati.staff, window_days=7, made_at=NOW
    )
    PlanLine.objects.create(plan=plan, appointment=appointment)
    file = ImportedFile.objects.create(name="agenda.ics", digest="d", imported_at=NOW)
    Statement.objects.create(appointment=appointment, file=file, said={"name": WORD, "phone": NUMBER})
    for words in WORDS:
        if words.model not in (AppointmentEvent, Statement):
            assert words.of([melati.customer.pk]).update(**dict.fromkeys(words.fields, SAID)), words.name
    record(appointment, EventKind.CORRECTED, by=actors.staff(melati.staff), now=NOW, note=SAID)
    over()
    case.points.update(done_at=NOW, decided_at=NOW, action="words")
    over_with = {"stage": "closed", "closed_at": NOW, "apology": 3, "cause": melati.reason, "concern": "lost_time"}
    RecoveryCase.objects.update(**over_with)
    Compensation.objects.update(state="withdrawn", decided_at=NOW, decided_by=melati.staff)
    LogEntry.objects.log_actions(melati.manager.pk, [melati.customer], 2)
    return Customer.objects.get(pk=melati.customer.pk)
