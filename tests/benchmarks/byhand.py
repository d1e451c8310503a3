"""The yardstick of the benchmark `pick`: all rows that a pick writes, as SQL made by hand, with nothing to work out."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from tests.benchmarks.picker import Pick

COPIED = ("appointments_answer", "appointments_appointmentevent", "appointments_link", "notifications_message")
MOMENT = "2026-11-23 06:00:00+00:00"


class SameRows:
    """Writes what the one pick that ours has made already left behind, for other customers.

    Finished texts, calendar file and all come from that pick's rows; only what has to differ is new.
    """

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def __call__(self, pick: "Pick") -> None:
        # The change of the timeline comes first: whoever loses has done nothing else yet.
        from tests.benchmarks.picker import change_timeline

        if not self.rows:
            self.rows = {table: _without_ids(rows_of(table)) for table in COPIED}
        change_timeline(pick)
        self._settle(pick)
        new: dict[str, Any] = {
            "appointment_id": pick["appointment"],
            "request_id": pick["round"],
            "offer_id": pick["offer"],
        }
        mark = f"by-hand-{pick['offer']}"
        new |= dict.fromkeys(("nonce", "token_hash", "key", "message_id"), mark)
        for table, rows in self.rows.items():
            insert(table, rows, new)

    def _settle(self, pick: "Pick") -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE appointments_offer SET state = CASE WHEN id = %s THEN 'taken' ELSE 'lapsed' END "
                "WHERE request_id = %s AND state = 'live'",
                [pick["offer"], pick["round"]],
            )
            cursor.execute(
                "UPDATE appointments_reschedulerequest SET state = 'accepted', answered_at = %s, closed_at = %s "
                "WHERE id = %s",
                [MOMENT, MOMENT, pick["round"]],
            )
            cursor.execute(
                "UPDATE appointments_promise SET state = 'released', settled_at = %s, outcome = %s "
                "WHERE request_id = %s AND state = 'open'",
                [MOMENT, "the customer chose a time", pick["round"]],
            )


def _without_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def rows_of(table: str, *, after: int = 0) -> list[dict[str, Any]]:
    """All rows of a table whose id comes `after` this one, as they are stored."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE id > %s ORDER BY id", [after])  # noqa: S608  names of our own
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def insert(table: str, rows: list[dict[str, Any]], new: Mapping[str, Any]) -> None:
    """Writes `rows`, with what is `new` in place of theirs."""
    names = list(rows[0])
    one = f"({', '.join(['%s'] * len(names))})"
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    values = [new.get(name, row[name]) for row in rows for name in names]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * len(rows))}", values)  # noqa: S608
