"""Places, people and services as somebody writes them down in the settings: saved whole, or not at all."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User

from appointments.domain import audit
from appointments.domain.actors import Actor
from appointments.domain.colleagues import places_of
from appointments.domain.people import invitations
from appointments.domain.setup import changing, hours
from appointments.domain.setup.codes import code_for
from appointments.domain.transactions import one_transaction
from appointments.enums import DisruptionSource, ResourceKind
from appointments.models import Appointment, Location, Reason, Requirement, Resource, Service


@one_transaction
def open_place(place: Location, week: hours.Week, *, nights: bool, by: Actor, now: datetime) -> Location:
    """A new place with its hours, behind those there are."""
    place.code = code_for(place.name, Location, otherwise="place")
    place.position = Location.objects.count() + 1
    _save_with_hours(place, place, week, nights=nights, by=by, now=now)
    return place


def change_place(
    place: Location, week: hours.Week, *, nights: bool, changed: Sequence[str], agreed: str, by: Actor, now: datetime
) -> list[Appointment]:
    """Raises changing.WouldHit where somebody booked could not come any more."""

    def save() -> None:
        _save_with_hours(place, place, week, nights=nights, by=by, now=now)

    what, source = changing.of_place(place, now=now), _source(changed)
    return changing.change(what, save, source=source, agreed=agreed, by=by, now=now)


@one_transaction
def add_people(lines: Sequence[Mapping[str, Any]], *, by: Actor, now: datetime) -> list[Resource]:
    """With their own `week`, else with the hours of their place. Who has a role is invited, and nobody is written to:
    the invitation waits for somebody to send it or to hand its link over. Raises `DomainError` for one that `by` may
    not make.
    """
    made = []
    for number, line in enumerate(lines, start=Resource.objects.count() + 1):
        who = Resource(name=line["name"], kind=line["kind"], location=line["location"], position=number)
        week, nights = line.get("week") or {}, bool(line.get("nights"))
        _save_with_hours(who, who.location, week, nights=nights, by=by, now=now)
        if line.get("role") and by.user:
            _expect(who, role=line["role"], email=line.get("email") or "", by=by.user, now=now)
        made.append(who)
    return made


def _expect(who: Resource, *, role: str, email: str, by: User, now: datetime) -> None:
    """For all places, or for that of their calendar where `by` does not look after all of them."""
    nonce = secrets.token_urlsafe(16)  # a line that is sent twice is refused by its name
    places = () if places_of(by) is None else (who.location,)
    invitations.invite(
        who.name, email=email, role=role, places=places, nonce=nonce, by=by, now=now, resource=who, writes=False
    )


@one_transaction
def add_resource(
    resource: Resource, week: hours.Week, *, gives: Iterable[Service] = (), nights: bool, by: Actor, now: datetime
) -> Resource:
    """`gives`: services that need one of its kind, which may be this one from now on."""
    resource.position = Resource.objects.count() + 1
    _save_with_hours(resource, resource.location, week, nights=nights, by=by, now=now)
    for service in gives:
        with audit.watch(service, by=by, now=now, besides=partial(_who_and_what, service)):
            Requirement.objects.get(service=service, kind=resource.kind).candidates.add(resource)
    return resource


def _save_with_hours(
    owner: Location | Resource, place: Location, week: hours.Week, *, nights: bool, by: Actor, now: datetime
) -> None:
    """The hours begin today, by the clock of the place."""
    today = now.astimezone(place.tzinfo).date()
    with audit.watch(owner, by=by, now=now, besides=lambda: {"hours": hours.week_of(owner, today=today)}):
        owner.save()
        hours.write(owner, week, nights=nights, today=today)


def change_resource(
    resource: Resource,
    week: hours.Week,
    *,
    nights: bool,
    changed: Sequence[str],
    agreed: str,
    by: Actor,
    now: datetime,
) -> list[Appointment]:
    """Raises changing.WouldHit where somebody booked could not come any more."""

    def save() -> None:
        _save_with_hours(resource, resource.location, week, nights=nights, by=by, now=now)

    what, source = changing.of_resource(resource, now=now), _source(changed)
    return changing.change(what, save, source=source, agreed=agreed, by=by, now=now)


Needs = Mapping[ResourceKind, Sequence[Resource]]


@one_transaction
def add_service(service: Service, needs: Needs, *, by: Actor, now: datetime) -> Service:
    service.code = code_for(service.name_in(), Service, otherwise="service")
    save_with_needs(service, needs, by=by, now=now)
    return service


def change_service(
    service: Service, needs: Needs, *, changed: Sequence[str], agreed: str, by: Actor, now: datetime
) -> list[Appointment]:
    """Raises changing.WouldHit where somebody booked could not come any more."""

    def save() -> None:
        save_with_needs(service, needs, by=by, now=now)

    source = DisruptionSource.SWITCHED_OFF if "is_active" in changed else DisruptionSource.SERVICE
    return changing.change(changing.of_service(service, now=now), save, source=source, agreed=agreed, by=by, now=now)


def save_with_needs(service: Service, needs: Needs, *, by: Actor, now: datetime) -> Service:
    with audit.watch(service, by=by, now=now, besides=partial(_who_and_what, service)):
        service.save()
        _write_needs(service, needs)
    return service


def _who_and_what(service: Service) -> dict[str, list[str]]:
    found = Resource.objects.filter(requirements__service=service).distinct() if service.pk else Resource.objects.none()
    return {"who and what": [str(one) for one in found.order_by("kind", "position", "pk")]}


def _write_needs(service: Service, needs: Needs) -> None:
    """One requirement for each kind. Where a service needs two of a kind, those stay as they are: that is written in
    the administration.
    """
    for kind, candidates in needs.items():
        rows = list(Requirement.objects.filter(service=service, kind=kind))
        if len(rows) > 1:
            continue
        if not candidates:
            Requirement.objects.filter(service=service, kind=kind).delete()
            continue
        row = rows[0] if rows else Requirement.objects.create(service=service, kind=kind)
        row.candidates.set(candidates)


def _source(changed: Sequence[str]) -> DisruptionSource:
    if "is_active" in changed:
        return DisruptionSource.SWITCHED_OFF
    return DisruptionSource.ZONE if "zone" in changed else DisruptionSource.HOURS


@one_transaction
def write_reason(reason: Reason, *, by: Actor, now: datetime) -> Reason:
    """A new one stands behind the others. Messages already sent keep the words they were sent with."""
    if not reason.pk:
        reason.code = code_for(reason.label_in(), Reason, otherwise="reason")
        reason.position = Reason.objects.count() + 1
    with audit.watch(reason, by=by, now=now):
        reason.save()
    return reason
