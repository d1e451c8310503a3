"""The solutions that a business begins with: which there are, for which kinds of causes, and their texts by language.

Their words stand in `locale/<language>/playbook.toml`; a language without that file begins without them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType

from django.db.models import QuerySet

from appointments.domain.recovery.playbook.writing import GOOD_FOR
from appointments.domain.transactions import one_transaction
from appointments.enums import Family, Fault, ReasonAbout
from appointments.models import Reason, Solution, SolutionVersion
from appointments.models.playbook import TEXTS
from notifications.text import languages

FILE = "playbook.toml"


@dataclass(frozen=True, kw_only=True)
class Start:
    """One that comes with the product. What narrows its causes; nothing is any."""

    code: str
    families: tuple[Family, ...] = ()
    faults: tuple[Fault, ...] = ()
    about: tuple[ReasonAbout, ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def is_for_any(self) -> bool:
        return not (self.families or self.faults or self.about or self.codes)

    def causes(self) -> QuerySet[Reason]:
        rows = Reason.objects.filter(is_active=True)
        narrowed = {"family": self.families, "fault": self.faults, "about": self.about, "code": self.codes}
        for name, wanted in narrowed.items():
            if wanted:
                rows = rows.filter(**{f"{name}__in": wanted})
        return rows


ONES = (
    Start(code="call-before-they-leave"),
    Start(code="already-here"),
    Start(code="second-move", faults=(Fault.OURS, Fault.NOBODY)),
    Start(code="day-off", faults=(Fault.OURS, Fault.NOBODY)),
    Start(code="bring-forward"),
    Start(code="same-hour", about=(ReasonAbout.PERSON,)),
    Start(code="same-person", about=(ReasonAbout.PERSON,)),
    Start(code="another-room", about=(ReasonAbout.ROOM,)),
    Start(code="equipment", about=(ReasonAbout.EQUIPMENT,)),
    Start(code="one-hour-for-two", codes=("double-booked",)),
    Start(code="emergency", families=(Family.PRIORITIES,), faults=(Fault.NOBODY,)),
    Start(code="new-hours", families=(Family.PRIORITIES,), faults=(Fault.OURS,), about=(ReasonAbout.PERSON,)),
    Start(code="customers-wish", families=(Family.CUSTOMER,)),
    Start(code="preparation", families=(Family.OPERATIONAL,), faults=(Fault.CUSTOMER,)),
    Start(code="way-is-closed", families=(Family.OUTSIDE,)),
)  # fmt: skip


@one_transaction
def put_in(*, now: datetime) -> list[SolutionVersion]:
    """Those that are not there yet, of which there is a cause. Safe to repeat: what was changed or put away stays."""
    there = set(Solution.objects.exclude(code="").values_list("code", flat=True))
    return [version for one in ONES if one.code not in there and (version := _write(one, now=now))]


def texts(code: str) -> dict[str, dict[str, str]]:
    """What the solution `code` says: by text, then by language."""
    said = {language: _file(language).get(code, {}) for language in languages.codes()}
    return {
        name: {language: words[name].strip() for language, words in said.items() if words.get(name)} for name in TEXTS
    }


def _write(one: Start, *, now: datetime) -> SolutionVersion | None:
    causes, said = list(one.causes()), texts(one.code)
    if (not causes and not one.is_for_any) or not said["title"]:
        return None
    review_by = (now + GOOD_FOR).date()
    solution, is_new = Solution.objects.get_or_create(code=one.code, defaults={"review_by": review_by})
    if not is_new:  # somebody was faster
        return None
    solution.reasons.set([] if one.is_for_any else causes)
    return SolutionVersion.objects.create(solution=solution, number=1, written_at=now, **said)


@cache
def _file(language: str) -> Mapping[str, Mapping[str, str]]:
    found = languages.file_of(language, FILE)
    return MappingProxyType(tomllib.loads(found.read_text(encoding="utf-8")) if found else {})
