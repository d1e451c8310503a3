"""What a report needs to know of each move, read in one query: into which group it belongs, and how it went."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from appointments.domain.reports.compensation import with_given
from appointments.domain.reports.cuts import cut
from appointments.domain.reports.moves import Rounds, is_placed, month_key
from appointments.enums import LIVE_REQUEST_STATES, DisruptionScope, RequestState


class Dimension(TextChoices):
    """By what the report is divided."""

    REASON = "reason", _("reason")
    DISRUPTION = "disruption", _("disruption")
    FAMILY = "family", _("family of reasons")
    FAULT = "fault", _("fault")
    SERVICE = "service", _("service")
    LOCATION = "location", _("location")
    MONTH = "month", _("month")
    WEEKDAY = "weekday", _("weekday")
    NOTICE = "notice", _("notice given")
    MISSING = "missing", _("what was missing")


ALONE, WISHED = "alone", "wished"
"""The moves that no disruption of many stands behind: what concerned one appointment only, and what was wished for."""


@dataclass(frozen=True)
class Move:
    keys: dict[Dimension, str]
    notice: timedelta
    answered_after: timedelta | None
    is_open: bool
    is_placed: bool
    is_silent: bool
    is_lost: bool
    has_returned: bool
    later: timedelta | None
    given: Decimal


def read(found: Rounds) -> list[Move]:
    """Of each of `found`, which come from `reports.moves`. Three queries."""
    facts = (
        "opened_at",
        "was_starts_at",
        "first_answer_at",
        "end_state",
        "placed_at",
        "is_silent",
        "is_lost",
        "has_returned",
        "given",
    )
    groups = (
        "reason_id",
        "reason__family",
        "reason__fault",
        "appointment__service_id",
        "appointment__location_id",
        "appointment__location__zone",
        "disruption_id",
        "disruption__scope",
        "weekday",
        "notice_given",
        "missing",
    )
    lines = with_given(cut(found)).order_by("pk").values_list(*facts, *groups)
    return [_as_move(*line[: len(facts)], group=line[len(facts) :]) for line in lines]


def _as_move(
    told_at: datetime,
    was: datetime,
    answered_at: datetime | None,
    end_state: str,
    placed_at: datetime | None,
    is_silent: bool,
    is_lost: bool,
    has_returned: bool,
    given: Decimal | None,
    *,
    group: tuple[Any, ...],
) -> Move:
    reason, family, fault, service, location, zone, disruption, scope, weekday, notice, missing = group
    return Move(
        keys={
            Dimension.REASON: str(reason),
            Dimension.DISRUPTION: _stood_behind(disruption, scope),
            Dimension.FAMILY: family,
            Dimension.FAULT: fault,
            Dimension.SERVICE: str(service),
            Dimension.LOCATION: str(location),
            Dimension.MONTH: month_key(told_at, zone),
            Dimension.WEEKDAY: weekday,
            Dimension.NOTICE: notice,
            Dimension.MISSING: missing,
        },
        notice=was - told_at,
        answered_after=answered_at - told_at if answered_at else None,
        is_open=end_state in LIVE_REQUEST_STATES,
        is_placed=is_placed(end_state, placed_at, was=was),
        is_silent=is_silent,
        is_lost=is_lost,
        has_returned=has_returned,
        later=placed_at - was if placed_at and end_state == RequestState.ACCEPTED else None,
        given=given or Decimal(0),
    )


def _stood_behind(disruption: int | None, scope: str | None) -> str:
    if disruption is None:
        return WISHED
    return ALONE if scope == DisruptionScope.APPOINTMENT else str(disruption)
