"""What a customer asks for instead: days, parts of the day, a span of dates, a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

NOON, EVENING = 12 * 60, 17 * 60
PARTS = ("morning", "afternoon", "evening")


def part_of_day(minute: int) -> str:
    """Morning until 12:00, afternoon until 17:00, then evening; `minute` counts from midnight on the wall."""
    return PARTS[(minute >= NOON) + (minute >= EVENING)]


@dataclass(frozen=True)
class Wishes:
    """Every wish must be met; one that is left at its default asks for nothing.

    `days`: weekdays, 0 is Monday. `parts`: any of `PARTS`, by the start. `from_day` and `until_day` are both included.
    `person`: "same" is who the appointment is with now. `sooner`: before the present start. `urgent`: the soonest
    first, whatever else would rank higher. `elsewhere`: at another place of ours; `manner`: "phone" or "home" instead
    of coming: a person looks after these two. Days and hours are those of the location.
    """

    days: frozenset[int] = frozenset()
    parts: frozenset[str] = frozenset()
    from_day: date | None = None
    until_day: date | None = None
    person: str = "any"
    sooner: bool = False
    urgent: bool = False
    elsewhere: bool = False
    manner: str = ""

    @property
    def is_for_a_person(self) -> bool:
        """Whether no search of ours can meet them."""
        return self.elsewhere or bool(self.manner)

    @property
    def is_empty(self) -> bool:
        return self == Wishes()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON that `from_json` reads back to the same wishes."""
        return {
            "days": sorted(self.days),
            "parts": [part for part in PARTS if part in self.parts],
            "from_day": self.from_day.isoformat() if self.from_day else None,
            "until_day": self.until_day.isoformat() if self.until_day else None,
            "person": self.person,
            "sooner": self.sooner,
            "urgent": self.urgent,
            "elsewhere": self.elsewhere,
            "manner": self.manner,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Wishes":
        """The wishes of `to_json`; what is missing asks for nothing. Raises ValueError for a date that is none."""
        from_day, until_day = stored.get("from_day"), stored.get("until_day")
        return cls(
            days=frozenset(stored.get("days") or ()),
            parts=frozenset(stored.get("parts") or ()),
            from_day=date.fromisoformat(from_day) if from_day else None,
            until_day=date.fromisoformat(until_day) if until_day else None,
            person=stored.get("person") or "any",
            sooner=bool(stored.get("sooner")),
            urgent=bool(stored.get("urgent")),
            elsewhere=bool(stored.get("elsewhere")),
            manner=stored.get("manner") or "",
        )
