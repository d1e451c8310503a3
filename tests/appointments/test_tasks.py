"""The timetable's doorbells say that nobody is acting now: after a restore, what they write is held."""

from collections.abc import Callable
from datetime import datetime

import pytest

from appointments import tasks
from notifications import restores

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ring", "called"),
    [
        (tasks.chase_answers, (tasks.chasing, "chase_answers")),
        (tasks.watch_promises, (tasks.watchdog, "watch")),
        (tasks.offer_onwards, (tasks.onwards, "offer_freed")),
        (tasks.listen, (tasks.listening, "listen")),
        (tasks.remind, (tasks.reminders, "remind_all")),
        (tasks.follow_up, (tasks.reminders, "ask_all")),
    ],
)
def test_whatever_writes_to_people_by_itself_is_watched_after_a_restore(
    monkeypatch: pytest.MonkeyPatch, ring: Callable[[], None], called: tuple[object, str]
) -> None:
    heard: list[tuple[datetime, datetime | None]] = []

    def listen(*, now: datetime) -> None:
        restores.hold_all(now=now)
        heard.append((now, restores.held_for_the_timetable(now)))

    monkeypatch.setattr(*called, listen)

    ring()

    ((now, held_since),) = heard
    assert held_since == now
