"""What an appointment occupies, and what the customer spends on it."""

from appointments.domain.schedule.spans import Span
from tests import plans
from tests.plans import clock


def test_buffers_occupy_but_the_customer_only_comes_for_the_meeting() -> None:
    kind = plans.kind(plans.alone(1, clock("10:00")), minutes=30, before=5, after=10)
    assert kind.occupied == 45
    assert kind.span(clock("10:00")) == Span(clock("09:55"), clock("10:40"))
    assert kind.meeting(clock("10:00")) == Span(clock("10:00"), clock("10:30"))
