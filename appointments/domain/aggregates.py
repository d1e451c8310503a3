"""Many values in one row of the answer, many ids in one parameter: what makes a search of thousands of rows cheap."""

import json
from array import array
from collections.abc import Iterable
from datetime import date
from sys import byteorder
from typing import Any

from django.db.models import Aggregate, Field, ForeignKey, Lookup

from appointments.domain.wallclock import midnight


class Minutes(Aggregate):
    """The times of a column (never NULL) as a sorted list of minutes since 1970 in UTC, rounded down or up."""

    output_field = Field()

    def __init__(self, expression: Any, *, round_up: bool = False, **extra: Any) -> None:
        super().__init__(expression, **extra)
        self.round_up = round_up
        self._texts = _MinuteOfText(round_up)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        rounding = "CEIL" if self.round_up else "FLOOR"
        minute = f"{rounding}(DATE_PART('epoch', %(expressions)s) / 60)::integer"
        # Four bytes each, the highest first: read at once, where an array would be read number by number.
        return self.as_sql(compiler, connection, template=f"STRING_AGG(INT4SEND({minute}), ''::bytea)", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)

    def convert_value(self, value: Any, expression: Any, connection: Any) -> list[int]:
        if isinstance(value, str):
            texts = self._texts
            return sorted([texts[text] for text in value.split(",")])
        minutes = array("i", bytes(value))
        if byteorder == "little":
            minutes.byteswap()
        return sorted(minutes)


class _MinuteOfText(dict[str, int]):
    """Reads times as SQLite keeps them, "2026-11-24 07:30:00" with or without a part of a second; each text once.

    One for each query: the times of many resources are mostly the same.
    """

    def __init__(self, round_up: bool) -> None:
        super().__init__()
        self.round_up = round_up
        self._days: dict[str, int] = {}
        self._clocks: dict[str, int] = {}

    def __missing__(self, text: str) -> int:
        day, clock = text[:10], text[11:]
        if day not in self._days:
            self._days[day] = midnight(date.fromisoformat(day))
        if clock not in self._clocks:
            begun = self.round_up and clock[6:] != "00"
            self._clocks[clock] = int(clock[:2]) * 60 + int(clock[3:5]) + begun
        minute = self[text] = self._days[day] + self._clocks[clock]
        return minute


@ForeignKey.register_lookup
class Among(Lookup):
    """`resource__among=ids`: as `resource__in`, with all ids in one parameter instead of one parameter for each."""

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[int]) -> None:
        super().__init__(lhs, list(rhs))

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*values, self.rhs]

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        column, values = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*values, json.dumps(self.rhs)]  # noqa: S608  a column
