"""The versions of a message as a page shows them: who, when, and what each has changed."""

from django.contrib.auth.models import User

from appointments.domain.messages.wording import history
from notifications import wordings
from tests.clock import NOW


def test_the_newest_stands_first_and_says_what_it_has_changed(budi: User) -> None:
    wordings.write("reminder", "en", {"opening": "Hello."}, after=0, by=budi, now=NOW)
    wordings.write("reminder", "en", {"opening": "Welcome.", "reminds": "Soon."}, after=1, by=budi, now=NOW)
    english, indonesian = history.versions("reminder")
    assert (english.seen, english.is_ours, indonesian.seen, indonesian.is_ours, indonesian.rows) == (
        2,
        False,
        0,
        True,
        [],
    )
    second, first = english.rows
    assert [(one.label, one.before, one.after) for one in second.changes] == [
        ("A sentence of your own after the greeting", "Hello.", "Welcome."),
        ("That it is only a reminder", "", "Soon."),
    ]
    assert [(one.before, one.after) for one in first.changes] == [("", "Hello.")]
    assert [(one.by, one.is_in_force) for one in english.rows] == [("Budi Santoso", True), ("Budi Santoso", False)]


def test_back_to_ours_is_seen_as_such(budi: User) -> None:
    wordings.write("reminder", "en", {"opening": "Hello."}, after=0, by=budi, now=NOW)
    wordings.write("reminder", "en", {}, after=1, by=budi, now=NOW)
    english = history.versions("reminder")[0]
    assert (english.is_ours, english.seen) == (True, 2)
    assert [(one.before, one.after) for one in english.rows[0].changes] == [("Hello.", "")]
