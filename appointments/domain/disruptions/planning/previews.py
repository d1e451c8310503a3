"""One message of a plan exactly as it would go out, by the code that sends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import actors
from appointments.domain.disruptions import line_drafts, sending
from appointments.domain.messages import previews
from appointments.domain.messages.previews import Preview
from appointments.domain.moving import rounds
from appointments.errors import DomainError
from appointments.models import DisruptionPlan, Offer, PlanLine, RescheduleRequest


@dataclass(frozen=True)
class Shown:
    """What one customer is to get; `before` and `after` are the neighbours in the plan, by appointment."""

    line: PlanLine
    round_: RescheduleRequest
    offers: Sequence[Offer]
    letters: Sequence[Preview]
    people: int
    lines: int
    before: int | None
    after: int | None


def of(plan: DisruptionPlan, *, customer_of: str, by: User, now: datetime) -> Shown:
    """The message about the appointment `customer_of` (digits), else of the first. Raises `DomainError` when nobody is
    to be told, or a text cannot be written.
    """
    lines = list(plan.lines.waiting().for_display().order_by("appointment__starts_at", "pk"))
    if not lines:
        raise DomainError(_("Nobody has to be told of anything here."))
    place = next((n for n, one in enumerate(lines) if str(one.appointment_id) == customer_of), 0)
    line = lines[place]
    draft = line_drafts.draft_of(plan, line, now=now)
    round_ = rounds.compose(line.appointment, draft, by=actors.staff(by), now=now)
    offers = rounds.offers_of(round_, draft.offers)
    return Shown(
        line=line,
        round_=round_,
        offers=offers,
        letters=previews.offer_as_sent(round_, offers, now=now),
        people=sending.customers_in(plan),
        lines=len(lines),
        before=lines[place - 1].appointment_id if place else None,
        after=lines[place + 1].appointment_id if place + 1 < len(lines) else None,
    )
