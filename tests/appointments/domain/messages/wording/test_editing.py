"""What of a message may be worded: the same parts in both languages, each with a name, and none of them a fact."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from appointments.domain import actors
from appointments.domain.messages.kinds import KINDS
from appointments.domain.messages.wording import editing, saving
from notifications.text.values import EVERY
from tests.clock import NOW
from tests.factories import Clinic
from tests.languages import add_dutch

ALL = [EVERY, *KINDS]
pytestmark = pytest.mark.django_db


def parts(kind: str, code: str) -> dict[str, Any]:
    return {part.key: part for one in editing.of(kind) if one.code == code for part in one.parts}


@pytest.mark.parametrize("kind", ALL)
def test_both_languages_have_the_same_parts_and_each_has_a_name(kind: str) -> None:
    english, indonesian = parts(kind, "en"), parts(kind, "id")
    assert [*english] == [*indonesian]
    assert english or kind == "escalation"
    for key, part in english.items():
        assert part.needed == indonesian[key].needed, key
        assert set(part.needed) <= set(editing.allowed(kind, part)), key


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in editing.TO_COLLEAGUES])
def test_each_message_to_a_customer_has_room_for_a_sentence_and_says_what_it_is_about(kind: str) -> None:
    found = parts(kind, "en")
    assert {"opening", "ending", "sms_begins"} <= set(found)
    assert any(key.startswith("subject") for key in found)
    assert all(part.needed for key, part in found.items() if key.startswith("subject")) or kind == "reply"


def test_no_words_for_programs_stand_in_what_an_editor_reads() -> None:
    for kind in ALL:
        for code in ("en", "id"):
            for part in parts(kind, code).values():
                assert "{{" not in part.said("polite")
                assert "{%" not in part.said("polite")


def test_a_third_language_is_edited_by_its_folder_alone(settings: Any) -> None:
    add_dutch(settings)
    assert [one.code for one in editing.of("confirmation")] == ["en", "id", "nl"]
    found = parts("confirmation", "nl")
    assert [*found] == ["subject", "thanks", "regards"][:2]
    assert found["thanks"].said("polite") == "Dank u wel voor uw keuze."
    assert parts("reminder", "nl") == {}


def test_what_is_as_we_say_it_or_empty_is_ours() -> None:
    said = {
        "thanks": " Thank you for \r\nchoosing a new time. ",
        "by_us": "  ",
        "thanks_same": "Thanks.",
        "nobody": "x",
    }
    assert editing.told_apart("confirmation", "en", said, tone="polite") == {"thanks_same": "Thanks."}


def test_lines_stay_lines_only_in_the_signature() -> None:
    assert editing.tidy("a  b\r\n\r\n c", part_key="opening") == "a b c"
    assert editing.tidy("a  b\r\n\r\n c", part_key="signature") == "a b\nc"


def test_the_list_says_whose_words_hold(melati: Clinic, budi: User, django_assert_num_queries: Any) -> None:
    saving.save("reminder", {"id": {"opening": "Sampai jumpa."}}, seen={"id": 0}, by=actors.staff(budi), now=NOW)
    with django_assert_num_queries(1):
        listed = {kind: found for __, kinds in editing.all_kinds() for kind, _name, found in kinds}
        said = [(one.code, one.is_ours, one.seen, one.by) for one in listed["reminder"]]
    assert said == [("en", True, 0, ""), ("id", False, 1, "Budi Santoso")]
    assert all(one.is_ours for kind, found in listed.items() for one in found if kind != "reminder")


def test_what_all_letters_share_is_shown_by_a_confirmation() -> None:
    assert (editing.shown_by(EVERY), editing.shown_by("offer")) == ("confirmation", "offer")
    assert [editing.known(kind) for kind in (EVERY, "offer", "call", "x")] == [True, True, False, False]
