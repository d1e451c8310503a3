"""What the product brings along: services of five trades and a dozen reasons, their words in every language's folder.

Their texts stand in `locale/<language>/setup.toml`; what a language does not say is left to the site's own.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from appointments.domain import audit
from appointments.domain.actors import Actor
from appointments.domain.setup import catalogue
from appointments.domain.setup.codes import code_for
from appointments.domain.transactions import one_transaction
from appointments.enums import Family, Fault, ReasonAbout, ReasonSpan, ResourceKind, ServiceKind
from appointments.models import Reason, Resource, Service, Setup
from notifications.text import languages

FILE = "setup.toml"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How long a service of a trade usually takes, and what it usually needs."""

    code: str
    kind: ServiceKind = ServiceKind.CONSULTATION
    minutes: int
    before: int = 0
    after: int = 0
    grid: int = 15
    notice: int = 120
    room: bool = False

    @property
    def name(self) -> dict[str, str]:
        return texts("services", self.code, "name")


TRADES: Mapping[str, Sequence[Shape]] = {
    "clinic": (
        Shape(code="consultation", minutes=20, after=10, room=True),
        Shape(code="check-up", kind=ServiceKind.VISIT, minutes=60, after=15, grid=30, notice=720, room=True),
        Shape(code="control", minutes=15, after=5, room=True),
        Shape(code="home-visit", kind=ServiceKind.ONSITE, minutes=45, before=30, after=30, grid=30, notice=240),
    ),
    "salon": (
        Shape(code="haircut", kind=ServiceKind.VISIT, minutes=45, after=10),
        Shape(code="colour", kind=ServiceKind.VISIT, minutes=120, after=15, grid=30, notice=240),
        Shape(code="facial", kind=ServiceKind.VISIT, minutes=60, after=15, room=True),
        Shape(code="nails", kind=ServiceKind.VISIT, minutes=60, after=10),
    ),
    "workshop": (
        Shape(code="inspection", kind=ServiceKind.VISIT, minutes=30, after=10),
        Shape(code="oil-change", kind=ServiceKind.VISIT, minutes=45, after=15),
        Shape(code="major-service", kind=ServiceKind.VISIT, minutes=180, after=30, grid=30, notice=1440),
        Shape(code="tyres", kind=ServiceKind.VISIT, minutes=60, after=15),
    ),
    "adviser": (
        Shape(code="first-talk", minutes=45, after=15, grid=30, notice=240),
        Shape(code="advice", minutes=60, after=15, grid=30, notice=240),
        Shape(code="short-question", minutes=20, after=10),
    ),
    "delivery": (
        Shape(code="delivery", kind=ServiceKind.DELIVERY, minutes=120, grid=60, notice=1440),
        Shape(code="delivery-and-assembly", kind=ServiceKind.ONSITE, minutes=180, before=30, grid=60, notice=1440),
        Shape(code="collection", kind=ServiceKind.DELIVERY, minutes=60, grid=60, notice=1440),
    ),
}


OWN = Shape(code="service", kind=ServiceKind.VISIT, minutes=30, room=True)
"""What a service begins with that no trade has."""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A reason that most businesses know, under the codes that solutions of the playbook look for."""

    code: str
    family: Family
    fault: Fault
    about: ReasonAbout = ReasonAbout.APPOINTMENT
    lasts: ReasonSpan = ReasonSpan.TIME
    is_private: bool = False

    @property
    def label(self) -> dict[str, str]:
        return texts("reasons", self.code, "label")

    @property
    def wording(self) -> dict[str, str]:
        return texts("reasons", self.code, "wording")

    def wording_in(self, language: str) -> str:
        said = self.wording
        return next((said[one] for one in languages.fallbacks(language) if one in said), "")

    def label_in(self, language: str) -> str:
        said = self.label
        return next((said[one] for one in languages.fallbacks(language) if one in said), self.code)


_DAY, _OURS = ReasonSpan.DAY, Fault.OURS
CAUSES = (
    Cause(code="staff-unavailable", family=Family.ABSENCE, fault=_OURS, about=ReasonAbout.PERSON, lasts=_DAY,
          is_private=True),
    Cause(code="leave-overlooked", family=Family.ABSENCE, fault=_OURS, about=ReasonAbout.PERSON, lasts=_DAY,
          is_private=True),
    Cause(code="equipment-broken", family=Family.OPERATIONAL, fault=_OURS, about=ReasonAbout.EQUIPMENT, lasts=_DAY),
    Cause(code="room-closed", family=Family.OPERATIONAL, fault=_OURS, about=ReasonAbout.ROOM, lasts=_DAY),
    Cause(code="double-booked", family=Family.OPERATIONAL, fault=_OURS),
    Cause(code="takes-longer", family=Family.OPERATIONAL, fault=_OURS, about=ReasonAbout.PERSON),
    Cause(code="material-late", family=Family.OPERATIONAL, fault=_OURS),
    Cause(code="hours-changed", family=Family.PRIORITIES, fault=_OURS, about=ReasonAbout.PERSON),
    Cause(code="urgent-case", family=Family.PRIORITIES, fault=Fault.NOBODY, about=ReasonAbout.PERSON),
    Cause(code="customer-asked", family=Family.CUSTOMER, fault=Fault.CUSTOMER),
    Cause(code="not-prepared", family=Family.OPERATIONAL, fault=Fault.CUSTOMER),
    Cause(code="weather", family=Family.OUTSIDE, fault=Fault.NOBODY, about=ReasonAbout.PLACE, lasts=_DAY),
    Cause(code="power-cut", family=Family.OUTSIDE, fault=Fault.NOBODY, about=ReasonAbout.PLACE, lasts=_DAY),
)  # fmt: skip


def texts(kind: str, code: str, name: str) -> dict[str, str]:
    """What `name` of the service or reason `code` is in each language that says it."""
    found = {language: _file(language).get(kind, {}).get(code, {}).get(name, "") for language in languages.codes()}
    return {language: text for language, text in found.items() if text}


def causes_left() -> list[Cause]:
    """Those that the business does not have yet, and that some language has words for."""
    there = set(Reason.objects.values_list("code", flat=True))
    return [one for one in CAUSES if one.code not in there and one.label and one.wording]


@one_transaction
def add_reasons(codes: Iterable[str], *, by: Actor, now: datetime) -> int:
    """Those of `codes` that are not there yet, in our order. Safe to repeat. How many there are more."""
    Setup.objects.select_for_update().get_or_create(pk=1)  # of two who ask at once the second one waits
    wanted, behind = set(codes), Reason.objects.count()
    rows = [
        Reason(
            code=one.code,
            label=one.label,
            wording=one.wording,
            family=one.family,
            fault=one.fault,
            about=one.about,
            lasts=one.lasts,
            is_private=one.is_private,
            position=behind + number,
        )
        for number, one in enumerate((one for one in causes_left() if one.code in wanted), start=1)
    ]
    for row in rows:
        with audit.watch(row, by=by, now=now):
            row.save()
    return len(rows)


@dataclass(frozen=True)
class Wanted:
    """A service of a trade as it was ticked: for how long, who gives it and what it uses. `name` is its own, by
    language, where it is not the trade's.
    """

    shape: Shape
    minutes: int
    after: int
    needs: catalogue.Needs
    name: Mapping[str, str] = field(default_factory=dict)


@one_transaction
def add_services(wanted: Iterable[Wanted], *, by: Actor, now: datetime) -> list[Service]:
    made = []
    for one in wanted:
        shape = one.shape
        service = Service(
            code=code_for(next(iter(one.name.values()), shape.code), Service, otherwise="service"),
            kind=shape.kind,
            name=dict(one.name) or shape.name,
            minutes=one.minutes,
            buffer_before=shape.before,
            buffer_after=one.after,
            grid=shape.grid,
            notice_minutes=shape.notice,
        )
        made.append(catalogue.save_with_needs(service, one.needs, by=by, now=now))
    return made


def called(service: Service) -> set[str]:
    """What it is called in any language, in small letters."""
    return {str(name).casefold() for name in service.name.data.values() if name}


def rooms_for(people: Sequence[Resource]) -> list[Resource]:
    """The rooms of their places; none where one of those has no room, or nobody there could be booked any more."""
    places = {one.location_id for one in people}
    rooms = list(Resource.objects.filter(kind=ResourceKind.ROOM, is_active=True, location__in=places))
    return rooms if {one.location_id for one in rooms} == places else []


@cache
def _file(language: str) -> Mapping[str, Any]:
    found = languages.file_of(language, FILE)
    return MappingProxyType(tomllib.loads(found.read_text(encoding="utf-8")) if found else {})
