"""Three thousand appointments, past and coming, written through the same door as every other booking."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from appointments.demo.chance import around, at_desk, one_of, wall_clock
from appointments.demo.customers import Circle
from appointments.demo.moves import Story
from appointments.demo.places import Places, Site
from appointments.demo.plan import Job, Timeline, Visit, fill_day, thin_out
from appointments.demo.services import SERVICES
from appointments.domain import booking
from appointments.domain.actors import Actor, staff
from appointments.domain.schedule.opening import open_spans
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.enums import ActorKind, AppointmentState, EventKind, ResourceKind
from appointments.models import Appointment, AppointmentEvent, Customer, Service
from notifications import channels

BEHIND, AHEAD = 60, 45
ENDED = ((AppointmentState.COMPLETED, 92.0), (AppointmentState.MISSED, 4.0), (AppointmentState.CANCELLED, 4.0))
COMING = ((AppointmentState.BOOKED, 97.5), (AppointmentState.CANCELLED, 2.5))


@dataclass(frozen=True)
class Diary:
    """What was booked: every appointment with the visit it was planned as."""

    entries: list[tuple[Appointment, Visit]]


def plan(chance: random.Random, places: Places, services: dict[str, Service], *, keep: int, today: date) -> list[Visit]:
    """`keep` visits from sixty days before `today` to forty-five after it, within everybody's hours."""
    visits: list[Visit] = []
    for code, site in places.sites.items():
        zone = site.location.tzinfo
        window = Span(
            wall_clock(today - timedelta(days=BEHIND), time(0), zone),
            wall_clock(today + timedelta(days=AHEAD + 1), time(0), zone),
        )
        working = _by_day(site, open_spans(list(site.resources.values()), window=window))
        providers = [one.pk for one in site.resources.values() if one.kind == ResourceKind.PROVIDER]
        jobs = [job for job in _jobs(services, site) if job.providers]
        for day in sorted(working):
            timeline = Timeline(working[day])
            visits += fill_day(chance, timeline, place=code, providers=providers, jobs=jobs, zone=zone)
    return thin_out(chance, visits, keep=keep, today=today)


def _by_day(
    site: Site, spans: dict[int, list[Span[datetime]]]
) -> dict[date, dict[int, list[tuple[datetime, datetime]]]]:
    days: dict[date, dict[int, list[tuple[datetime, datetime]]]] = defaultdict(lambda: defaultdict(list))
    for resource, open_ in spans.items():
        for start, end in open_:
            days[start.astimezone(site.location.tzinfo).date()][resource].append((start, end))
    return days


def _jobs(services: dict[str, Service], site: Site) -> list[Job]:
    def here(*names: str) -> tuple[int, ...]:
        return tuple(site.resources[name].pk for name in names if name in site.resources)

    jobs = []
    for code, offered in SERVICES.items():
        service = services[code]
        wanted = [names for names in (offered.rooms, offered.equipment) if names]
        if all(here(*names) for names in wanted):
            needs = tuple(here(*names) for names in wanted)
            jobs.append(
                Job(
                    code,
                    service.minutes,
                    service.buffer_before,
                    service.buffer_after,
                    service.grid,
                    offered.share,
                    frozenset(here(*offered.providers)),
                    needs,
                )
            )
    return jobs


def write(
    chance: random.Random,
    visits: Sequence[Visit],
    *,
    places: Places,
    services: dict[str, Service],
    circle: Circle,
    now: datetime,
    stories: Mapping[int, Story],
) -> Diary:
    """Books `visits` and what became of them by `now`.

    What a story (by the index of its visit) is about was booked before the story begins, and stays booked.
    """
    guests = _guests(chance, visits, circle, stories=stories)
    plans = []
    for index, (visit, guest) in enumerate(zip(visits, guests, strict=True)):
        site = places.sites[visit.place]
        plans.append(
            booking.PlannedAppointment(
                customer=guest,
                service=services[visit.job.code],
                location=site.location,
                slot=Slot(visit.starts_at, visit.ends_at, visit.provider, visit.resources),
                state=AppointmentState.BOOKED if index in stories else _state(chance, visit, now=now),
                booked_at=_booked_at(chance, visit, site, before=stories[index].opened_at if index in stories else now),
            )
        )
    desk = staff(places.desk)
    appointments = booking.book_many(plans, by=desk, now=now)
    for appointment, one in zip(appointments, plans, strict=True):
        appointment.created_at = one.booked_at
    Appointment.objects.bulk_update(appointments, ["created_at"], batch_size=300)
    _tell_how_it_ended(chance, appointments, desk=desk, now=now)
    return Diary(list(zip(appointments, visits, strict=True)))


def _guests(
    chance: random.Random, visits: Sequence[Visit], circle: Circle, *, stories: Mapping[int, Story]
) -> list[Customer]:
    """Somebody for each visit who comes for such a thing, is not here already on that day, and suits its story."""
    here: set[tuple[int, date]] = set()
    guests = []
    for index, visit in enumerate(visits):
        pool = circle.pools[visit.place, visit.job.code]
        guest = chance.choice(pool)
        for __ in range(200):
            if (guest.pk, visit.starts_at.date()) not in here and _suits(guest, stories.get(index)):
                break
            guest = chance.choice(pool)
        here.add((guest.pk, visit.starts_at.date()))
        guests.append(guest)
    return guests


def _suits(guest: Customer, story: Story | None) -> bool:
    """Stories are about people whom we can write to; where the mail comes back, there is no number either."""
    if story is None:
        return True
    spoken = channels.get(guest.preferred_channel).spoken
    return bool(not guest.phone if story.comes_back else guest.phone and not spoken)


def _state(chance: random.Random, visit: Visit, *, now: datetime) -> AppointmentState:
    # Both are thrown every time, so that the hour of the day does not change the rest of the diary.
    ended, coming = one_of(chance, ENDED), one_of(chance, COMING)
    return ended if visit.ends_at <= now else coming


def _booked_at(chance: random.Random, visit: Visit, site: Site, *, before: datetime) -> datetime:
    days = around(chance, 9, least=0.3, most=58)
    made = at_desk(visit.starts_at - timedelta(days=days), site.location.tzinfo)
    return min(made, at_desk(before - timedelta(minutes=chance.randrange(40, 9000)), site.location.tzinfo))


def _tell_how_it_ended(
    chance: random.Random, appointments: Sequence[Appointment], *, desk: Actor, now: datetime
) -> None:
    """The history of what is over: who wrote it down, and when."""
    events = []
    for appointment in appointments:
        if appointment.state == AppointmentState.BOOKED:
            continue
        kind, at, by = EventKind.COMPLETED, appointment.ends_at + timedelta(minutes=3), Actor(ActorKind.SYSTEM)
        if appointment.state == AppointmentState.MISSED:
            kind, at, by = EventKind.MISSED, appointment.starts_at + timedelta(minutes=25), desk
        elif appointment.state == AppointmentState.CANCELLED:
            kind, by = EventKind.CANCELLED, desk
            left = min(appointment.starts_at, now) - appointment.created_at
            at = appointment.created_at + left * chance.uniform(0.2, 0.9)
        events.append(
            AppointmentEvent(
                appointment=appointment,
                at=min(at, now),
                kind=kind,
                actor_kind=by.kind,
                actor=by.user,
                note="Dibatalkan lewat telepon." if kind == EventKind.CANCELLED else "",
            )
        )
    AppointmentEvent.objects.bulk_create(events, batch_size=500)
