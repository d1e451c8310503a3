"""One message of a plan exactly as it would go out, by the code that sends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import actors
from appointments.domain.disruptions import sending
from appointments.domain.disruptions.line_drafts import LineDrafts
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
    lines = plan.lines.waiting().needed()
    named = lines.filter(appointment=int(customer_of)) if customer_of.isdecimal() else lines.none()
    line = named.for_display().first() or lines.for_display().first()
    if line is None:
        raise DomainError(_("Nobody has to be told of anything here."))
    draft = LineDrafts(plan, [line], now=now).of(line)
    round_ = rounds.compose(line.appointment, draft, by=actors.staff(by), now=now)
    offers = rounds.offers_of(round_, draft.offers)
    return Shown(
        line=line,
        round_=round_,
        offers=offers,
        letters=previews.offer_as_sent(round_, offers, now=now),
        people=sending.customers_in(plan),
        lines=lines.count(),
        before=lines.ahead_of(line.appointment).values_list("appointment", flat=True).last(),
        after=lines.after(line.appointment).values_list("appointment", flat=True).first(),
    )
