"""The few things that matter on the first page of managers: who has not been told, what we keep, what may go wrong."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from appointments.domain import affected
from appointments.domain.colleagues import Places
from appointments.domain.reports import promises
from appointments.domain.reports.promises import Kept
from appointments.domain.reports.reasons import Dimension, Filters, Row, reasons_report
from appointments.domain.reports.warnings import Warnings, warnings

MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Home:
    """`worst`: the cause that moved most appointments in the last 30 days, with its share; None where none did."""

    untold: int
    kept: Kept
    worst: Row | None
    warnings: Warnings


def home(*, now: datetime, today: date, places: Places = None) -> Home:
    """Of `places`. A dozen queries, whatever the size."""
    own = Filters(places=places)
    report = reasons_report(start=today - MONTH, end=today, group_by=Dimension.REASON, filters=own)
    return Home(
        untold=affected.counts(places=places)["untold"],
        kept=promises.together(promises.kept_by_kind(now - MONTH, now, places=places)),
        worst=report.rows[0] if report.rows and report.rows[0].count else None,
        warnings=warnings(now=now, today=today, places=places),
    )
