"""The business, its two locations in two time zones, who and what is there, and when."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.contrib.auth.models import Group, User

from appointments import roles
from appointments.demo.chance import wall_clock
from appointments.demo.logins import FRONT_DESK, MANAGER, SAMPLE_PASSWORDS
from appointments.enums import AbsenceKind, ResourceKind
from appointments.models import Absence, Break, Business, Closure, Location, Resource, WeeklyHours

NAME = "Klinik Teratai Pagi"
MAIL_DOMAIN = "teratai-pagi.example"

WEEK = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}


@dataclass(frozen=True)
class Colleague:
    """A member of staff. `hours` reads "mon-fri 8-14/12-12:30, sat 8-13": days, work, and the break after the slash."""

    login: str
    first_name: str
    last_name: str
    title: str = "{}"
    hours: str = ""

    @property
    def shown_as(self) -> str:
        return self.title.format(f"{self.first_name} {self.last_name}")


STAFF = {
    "jakarta": (
        Colleague("ratna", "Ratna", "Wulandari", "dr. {}", "mon-fri 8-14:30/11:30-12"),
        Colleague("andreas", "Andreas", "Simanjuntak", "dr. {}", "mon-fri 12-19/15:30-16, sat 8-13, sun 9-14"),
        Colleague("melati", "Melati", "Hapsari", "dr. {}, Sp.OG", "tue 9-15/12-13, thu 12-18/15-15:30, sat 8-13"),
        Colleague("yuliana", "Yuliana", "Rahmawati", "Bidan {}", "mon-sat 8-15/11:30-12:15"),
        Colleague("rangga", "Rangga", "Prasetyo", "{}, S.Ft.", "mon-tue 8-16/12-13, thu-fri 8-16/12-13, sat 8-13"),
        Colleague("tri", "Tri", "Handayani", "Ns. {}", "mon-fri 8-16/12-12:45, sun 9-14"),
    ),
    "makassar": (
        Colleague("nurhalimah", "Andi", "Nurhalimah", "dr. {}", "mon-fri 8-14/11:30-12"),
        Colleague("baso", "Baso", "Ramli", "dr. {}", "tue-fri 10-17/13-13:45, sat 8-13"),
        Colleague("ilham", "Ilham", "Syarif", "{}, S.Ft.", "mon-fri 8-16/12-13"),
        Colleague("hasriani", "Hasriani", "Tahir", "Ns. {}", "mon-fri 8-16/12-12:45, sat 8-13"),
    ),
}
OFFICE = (Colleague(FRONT_DESK, "Sari", "Anggraini"), Colleague(MANAGER, "Budi", "Hartanto"))
ROOMS = {
    "jakarta": ("Ruang Periksa 1", "Ruang Periksa 2", "Ruang Ibu & Anak", "Ruang Fisioterapi"),
    "makassar": ("Ruang Periksa A", "Ruang Periksa B", "Ruang Terapi"),
}
ULTRASOUND = "Alat USG"
OPEN = {
    "jakarta": "mon-fri 7:30-20, sat 8-16, sun 9-14",
    "makassar": "mon-fri 8-17, sat 8-14",
}


@dataclass
class Site:
    """One location with its resources by name; providers are found by their login too."""

    location: Location
    resources: dict[str, Resource]


@dataclass
class Places:
    business: Business
    sites: dict[str, Site]
    desk: User
    manager: User

    def everything(self) -> list[Resource]:
        return [resource for site in self.sites.values() for resource in site.resources.values()]

    def provider(self, login: str) -> Resource:
        return next(site.resources[login] for site in self.sites.values() if login in site.resources)


def write(today: date) -> Places:
    """Stores the business as it is on `today`, without customers and services."""
    business = Business(
        name=NAME, phone="+622155500100", email=f"halo@{MAIL_DOMAIN}", language="id", answer_hours=24, promise_hours=3
    )
    business.save()
    desk, manager = (_sign_in(person, password=SAMPLE_PASSWORDS[person.login]) for person in OFFICE)
    desk.groups.add(Group.objects.get(name=roles.FRONT_DESK))
    manager.groups.add(Group.objects.get(name=roles.MANAGERS))
    User.objects.filter(pk=manager.pk).update(is_staff=True)
    sites = {code: _site(code, position) for position, code in enumerate(STAFF, start=1)}
    places = Places(business, sites, desk, manager)
    _new_hours_on_wednesdays(places, today)
    _days_away(places, today)
    return places


def _sign_in(person: Colleague, *, password: str | None) -> User:
    return User.objects.create_user(
        person.login,
        f"{person.login}@{MAIL_DOMAIN}",
        password,
        first_name=person.first_name,
        last_name=person.last_name,
    )


def _site(code: str, position: int) -> Site:
    location = Location.objects.create(
        code=code,
        position=position,
        **{
            "jakarta": {
                "name": f"{NAME} Jakarta",
                "address": "Jl. Teratai Raya No. 12, Cempaka Putih, Jakarta Pusat 10510",
                "phone": "+622155500100",
                "zone": "Asia/Jakarta",
            },
            "makassar": {
                "name": f"{NAME} Makassar",
                "address": "Jl. Toddopuli Raya No. 8, Panakkukang, Makassar 90231",
                "phone": "+62411855010",
                "zone": "Asia/Makassar",
            },
        }[code],
    )
    write_hours(OPEN[code], location=location)
    site = Site(location, {})
    for order, person in enumerate(STAFF[code], start=1):
        user = _sign_in(person, password=None)
        provider = Resource.objects.create(name=person.shown_as, location=location, user=user, position=order)
        write_hours(person.hours, resource=provider)
        site.resources[person.login] = provider
    for order, name in enumerate(ROOMS[code], start=20):
        site.resources[name] = Resource.objects.create(
            kind=ResourceKind.ROOM, name=name, location=location, position=order
        )
    if code == "jakarta":
        site.resources[ULTRASOUND] = Resource.objects.create(
            kind=ResourceKind.EQUIPMENT, name=ULTRASOUND, location=location, position=40
        )
    return site


def clock(text: str) -> time:
    hour, __, minute = text.partition(":")
    return time(int(hour), int(minute or 0))


def _from_until(span: str) -> dict[str, time]:
    opens, __, closes = span.partition("-")
    return {"opens_at": clock(opens), "closes_at": clock(closes)}


def write_hours(
    text: str,
    *,
    location: Location | None = None,
    resource: Resource | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> None:
    """Stores weekly hours written as in `Colleague.hours`, for a location or a resource."""
    hours: list[WeeklyHours] = []
    breaks: list[Break] = []
    for part in text.split(", "):
        days, __, spans = part.partition(" ")
        first, __, last = days.partition("-")
        work, __, pause = spans.partition("/")
        for weekday in range(WEEK[first], WEEK[last or first] + 1):
            row = {
                "location": location,
                "resource": resource,
                "weekday": weekday,
                "valid_from": valid_from,
                "valid_until": valid_until,
            }
            hours.append(WeeklyHours(**row, **_from_until(work)))
            if pause:
                breaks.append(Break(**row, **_from_until(pause)))
    WeeklyHours.objects.bulk_create(hours)
    Break.objects.bulk_create(breaks)


def _new_hours_on_wednesdays(places: Places, today: date) -> None:
    """The physiotherapist has worked late on Wednesdays since two weeks ago."""
    change = today - timedelta(days=14)
    rangga = places.provider("rangga")
    write_hours("wed 8-16/12-13", resource=rangga, valid_until=change - timedelta(days=1))
    write_hours("wed 12-19/15-15:30", resource=rangga, valid_from=change)


def _days_away(places: Places, today: date) -> None:
    """What everybody knew long before: leave, training, staff meetings, a service of the machine."""

    def absence(who: Resource, kind: AbsenceKind, first: int, days: int, rrule: str = "") -> Absence:
        zone = who.location.tzinfo
        start = wall_clock(today + timedelta(days=first), time(0), zone)
        end = wall_clock(today + timedelta(days=first + days), time(0), zone)
        return Absence(resource=who, kind=kind, starts_at=start, ends_at=end, rrule=rrule)

    Absence.objects.bulk_create(
        [
            absence(places.provider("ratna"), AbsenceKind.LEAVE, -48, 4),
            absence(places.provider("ilham"), AbsenceKind.LEAVE, 17, 3),
            absence(places.provider("yuliana"), AbsenceKind.TRAINING, 24, 1),
            absence(places.provider("tri"), AbsenceKind.LEAVE, 29, 5),
            absence(places.sites["jakarta"].resources[ULTRASOUND], AbsenceKind.MAINTENANCE, 20, 1),
        ]
    )
    first_friday = "FREQ=MONTHLY;BYDAY=1FR"
    for site in places.sites.values():
        start = today - timedelta(days=90)
        start += timedelta(days=(4 - start.weekday()) % 7)
        zone = site.location.tzinfo
        Closure.objects.create(
            location=site.location,
            title="Rapat bulanan · Monthly staff meeting",
            rrule=first_friday,
            starts_at=wall_clock(start, time(13), zone),
            ends_at=wall_clock(start, time(14), zone),
        )
