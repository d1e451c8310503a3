"""How long is said as people say it."""

import pytest

from appointments.domain.privacy.sentences import span
from appointments.enums.privacy import STEPS


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "1 day"), (14, "14 days"), (30, "30 days"), (90, "3 months"), (365, "1 year"), (1095, "3 years")],
)
def test_a_number_of_days_is_said(days: int, said: str) -> None:
    assert span(days) == said


def test_each_step_is_said_in_another_way() -> None:
    assert len({span(days) for days in STEPS}) == len(STEPS)
