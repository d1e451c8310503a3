"""A whole import taken back: what it brought was never here, and what was built on it stays and is named.

Cancelled would not do: the customers would be told of it, reports would count it, and the next file would find it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments.domain import booking
from appointments.domain.customers import state_of
from appointments.domain.imports.run import IMPORTS
from appointments.domain.messages.sent import written_about
from appointments.domain.privacy.forgetting import NOTHING
from appointments.domain.transactions import line_up, one_transaction
from appointments.enums import EventKind, ImportState
from appointments.errors import DomainError
from appointments.models import Appointment, AppointmentEvent, Customer, ImportRun, Occupancy, Statement, WordsGone

WHY = {
    "written": _lazy("a message about it was written"),
    "changed": _lazy("something has happened to it since"),
    "file": _lazy("a later file says something about it"),
    "note": _lazy("its note was changed since"),
    "linked": _lazy("something else refers to it"),
}
_OWN = (AppointmentEvent, Occupancy, Statement, WordsGone)
"""What an imported appointment has from the beginning, or gets without anybody doing anything."""
_AT_ONCE = 500


@dataclass(frozen=True)
class Outcome:
    """What goes, and what stays: each appointment with its reason, a key of `WHY`. `customers` go with them."""

    goes: list[Appointment]
    stays: list[tuple[Appointment, str]]
    customers: list[int]


def look(run: ImportRun) -> Outcome:
    """What undoing it would do now."""
    brought = list(_brought(run))
    reasons = _reasons(run, brought)
    goes = [one for one in brought if one.pk not in reasons]
    stays = [(one, reasons[one.pk]) for one in brought if one.pk in reasons]
    return Outcome(goes, stays, _customers(run, going={one.pk for one in goes}))


@one_transaction
def undo(run: ImportRun, *, by: User, now: datetime) -> Outcome:
    """Raises `DomainError` for one that was not brought in, or was undone before."""
    line_up(*IMPORTS)
    run = ImportRun.objects.select_for_update(of=("self",)).defer("data").get(pk=run.pk)
    if run.state != ImportState.DONE:
        raise DomainError(_("There is nothing to undo here any more."))
    booking.lock_all(run.brought.values_list("appointment", flat=True))
    outcome = look(run)
    mine = ImportRun.objects.filter(pk=run.pk)
    mine.update(state=ImportState.UNDOING, undone_at=now, undone_by=by)
    booking.unbook_many(outcome.goes)
    Customer.objects.filter(pk__in=outcome.customers).delete()
    said = {
        "appointments": len(outcome.goes),
        "customers": len(outcome.customers),
        "stays": [[one.pk, why] for one, why in outcome.stays],
    }
    mine.update(state=ImportState.UNDONE, undone=said)
    return outcome


def _brought(run: ImportRun) -> Iterable[Appointment]:
    found: Iterable[Appointment] = (
        Appointment.objects.filter(statement__brought_by=run)
        .for_display()
        .select_related("statement")
        .order_by("starts_at", "pk")
    )
    return found


def _reasons(run: ImportRun, brought: Collection[Appointment]) -> dict[int, str]:
    """Why those stay that do; of several reasons the first of `WHY`."""
    found = dict.fromkeys(_referred_to(Appointment, [one.pk for one in brought], but=_OWN), "linked")
    found |= {one.pk: "note" for one in brought if one.note not in (one.statement.said.get("note", ""), NOTHING)}
    found |= {one.pk: "file" for one in brought if one.statement.file_id != run.file_id}
    happened = AppointmentEvent.objects.exclude(kind=EventKind.IMPORTED)
    for some in _in_turn([one.pk for one in brought]):
        ids = happened.filter(appointment__in=some).values_list("appointment", flat=True)
        found |= dict.fromkeys(ids, "changed")
    return found | dict.fromkeys(written_about(brought), "written")


def _customers(run: ImportRun, *, going: set[int]) -> list[int]:
    """Those who came by it, are as they came, and have nothing else."""
    there = {one.pk: one for some in _in_turn(list(map(int, run.created))) for one in _people(some)}
    same = [pk for pk, one in there.items() if state_of(one) == run.created[str(pk)]]
    busy = {
        customer
        for some in _in_turn(same)
        for pk, customer in Appointment.objects.filter(customer__in=some).values_list("pk", "customer")
        if pk not in going
    }
    busy |= _referred_to(Customer, same, but=(Appointment,))
    return sorted(set(same) - busy)


def _people(ids: list[int]) -> Iterable[Customer]:
    found: Iterable[Customer] = Customer.objects.filter(pk__in=ids)
    return found


def _referred_to(model: type[Model], ids: list[int], *, but: tuple[type[Model], ...]) -> set[int]:
    """The ids to which a row of any other table belongs, whatever tables there will be."""
    found: set[Any] = set()
    for relation in model._meta.related_objects:
        other, name = relation.related_model, relation.field.name
        if other in but or relation.many_to_many:
            continue
        for some in _in_turn(ids):
            found |= set(other._base_manager.filter(**{f"{name}__in": some}).values_list(name, flat=True))
    return found


def _in_turn(ids: list[int]) -> Iterator[list[int]]:
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]
