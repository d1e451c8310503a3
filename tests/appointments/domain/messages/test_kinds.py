"""One row for each kind of message, and a row for every text."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from appointments.domain.messages import kinds
from appointments.domain.messages.kinds import KINDS
from notifications.enums import Urgency
from tests.clock import NOW, hours, minutes

WORTH_A_CALL = {
    "booked",
    "offer",
    "false_alarm",
    "nudge",
    "expiry",
    "confirmation",
    "given",
    "kept",
    "cancellation",
    "running_late",
    "acknowledgement",
    "reply",
    "times_gone",
    "no_time",
}


def test_whoever_cannot_be_told_of_a_move_is_phoned_and_nobody_for_a_reminder_or_questions() -> None:
    assert {name for name, kind in KINDS.items() if kind.worth_a_call} == WORTH_A_CALL
    assert set(KINDS) - WORTH_A_CALL == {
        "reminder",
        "follow_up",
        "final_check",
        "escalation",
        "not_reached",
        "needs_longer",
        "handed_over",
        "invitation",
        "new_password",
        "second_step",
    }


def test_what_cannot_wait_for_the_morning_leaves_at_any_hour() -> None:
    by_urgency = {urgency: {name for name, kind in KINDS.items() if kind.urgency == urgency} for urgency in Urgency}

    assert by_urgency == {
        Urgency.NOW: {
            "confirmation",
            "kept",
            "cancellation",
            "running_late",
            "escalation",
            "needs_longer",
            # To colleagues, who wait for it.
            "invitation",
            "new_password",
            "second_step",
        },
        Urgency.SOON: {
            "booked",
            "offer",
            "false_alarm",
            "nudge",
            "expiry",
            "given",
            "acknowledgement",
            "not_reached",
            "reply",
            "times_gone",
            "no_time",
        },
        Urgency.NORMAL: {"reminder", "follow_up", "final_check", "handed_over"},
    }


@pytest.mark.parametrize(
    ("ahead", "urgency"),
    [(hours(36) - minutes(1), Urgency.NOW), (hours(36), Urgency.SOON), (timedelta(0), Urgency.NOW)],
)
def test_an_offer_for_a_time_within_a_day_and_a_half_wakes_people(ahead: timedelta, urgency: Urgency) -> None:
    assert kinds.of("offer").urgency_for(NOW + ahead, now=NOW) == urgency
    assert kinds.of("no_time").urgency_for(NOW + ahead, now=NOW) == urgency
    assert kinds.of("false_alarm").urgency_for(NOW + ahead, now=NOW) == urgency


def test_other_kinds_are_as_urgent_for_a_near_time_as_for_a_far_one() -> None:
    assert kinds.of("reminder").urgency_for(NOW + minutes(1), now=NOW) == Urgency.NORMAL


def test_a_kind_without_a_row_is_refused() -> None:
    with pytest.raises(LookupError, match="'gossip' have no row"):
        kinds.of("gossip")
    with pytest.raises(LookupError, match="'gossip' have no row"):
        kinds.why_stale("gossip", {"appointment": 1}, now=NOW)


def test_a_text_without_a_row_does_not_start(settings: Any, tmp_path: Path) -> None:
    kinds.refuse_texts_without_a_row()
    texts = tmp_path / "en" / "texts" / "gossip"
    texts.mkdir(parents=True)
    (texts / "letter.txt").write_text("Have you heard?")
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, tmp_path]

    with pytest.raises(ImproperlyConfigured, match="messages: gossip"):
        kinds.refuse_texts_without_a_row()


def test_of_a_message_that_is_not_ours_nothing_is_asked() -> None:
    assert kinds.why_stale("hello", {}, now=NOW) is None
