"""What is refused, and why: each sentence says what would be right."""

import pytest

from appointments.domain.messages.kinds import KINDS
from appointments.domain.messages.wording import editing
from appointments.domain.recovery import message_parts
from notifications.text.parts import Part
from notifications.text.values import EVERY

pytestmark = pytest.mark.django_db


def part(key: str, code: str = "en", *, kind: str = "confirmation") -> Part:
    return next(found for one in editing.of(kind) if one.code == code for found in one.parts if found.key == key)


def said(text: str, key: str = "thanks", code: str = "en", *, kind: str = "confirmation") -> list[str]:
    return message_parts.complaints(kind, part(key, code, kind=kind), text)


def test_plain_words_with_words_of_the_list_are_taken() -> None:
    assert said("Thank you, {name}: {appointment} with {business} has its new time.") == []
    assert said("Terima kasih, {nama}. Sampai bertemu di {usaha}.", code="id") == []
    assert said("Good news: {appointment}, {when}", "subject_moved") == []


@pytest.mark.parametrize("kind", [EVERY, *KINDS])
@pytest.mark.parametrize("tone", ["polite", "warm", "brief"])
def test_ours_would_be_taken_as_well(kind: str, tone: str) -> None:
    for one in editing.of(kind):
        for found in one.parts:
            if text := found.said(tone):
                assert message_parts.complaints(kind, found, text) == [], (one.code, found.key)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Hello {foo}", "“{foo}” is not known here. You can use {business}, {contact}, {name}, {appointment}, "),
        ("Hello {when}", "“{when}” is not known here."),
        ("Hello {}", "“{}” is not known here."),
        ("Hello {name", "A brace is open or closed without its partner."),
        ("Hello name}", "A brace is open or closed without its partner."),
        ("{{ name }} hello", "“{{ name }}” is written for a program."),
        ("{% now 'Y' %}", "“{% now 'Y' %}” is written for a program."),
        ("{# x", "“{# x” is written for a program."),
        ("Thanks <b>so</b> much", "“<b>” would be read as it stands."),
        ("Thanks <img src=x onerror=alert(1)>", "“<img src=x onerror=alert(1)>” would be read as it stands."),
        ("a\u202eb", "There are signs in it that nobody sees"),
        ("a\x07b", "There are signs in it that nobody sees"),
        ("x" * 601, "These are 601 letters; there is room for 600."),
        ("x" * 100_000, "These are 100000 letters; there is room for 600."),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, complaint: str) -> None:
    found = said(text)
    assert len(found) == 1
    assert found[0].startswith(complaint)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We are sorry that you did not come on time.", "blames"),
        ("Our doctor has the flu.", "health"),
        ("You get a discount of IDR 50,000.", "of value"),
        ("It will certainly never happen again.", "promises more"),
        ("We will see you tomorrow.", "another day"),
        ("Terima kasih banyak atas pengertian dan kesabarannya.", "Indonesian"),
        ("PLEASE COME ON TIME!!!", "shouting"),
    ],
)
def test_what_is_not_honest_is_refused_with_a_suggestion(text: str, words: str) -> None:
    found = said(text)
    assert any(words in one for one in found), found


def test_a_fact_that_ours_says_cannot_be_left_out() -> None:
    assert said("We have good news", "subject_moved") == [
        "“{appointment}” is missing. Customers have to read it here: what it is about.",
        "“{when}” is missing. Customers have to read it here: the day and hour that hold.",
    ]
    assert said("Kabar baik", "news", "id", kind="offer") == [
        "“{kabar}” is missing. Customers have to read it here: what this message has to say, as the standard text says"
        " it."
    ]


def test_a_text_message_says_who_writes_and_keeps_to_its_cheap_letters() -> None:
    assert said("Hello:", "sms_begins") == [
        "“{business}” is missing. Customers have to read it here: the name of the business."
    ]
    assert said("{business} 😀:", "sms_begins")[0].startswith(
        "“😀” makes every text message two or three times as dear."
    )
    assert said("{business}, hello:", "sms_begins") == []
    assert said("See you soon 😀") == []


@pytest.mark.parametrize(("key", "most"), [("subject_moved", 150), ("thanks", 600), ("sms_begins", 160)])
def test_each_part_has_its_length(key: str, most: int) -> None:
    needed = {"subject_moved": "{appointment} {when} ", "sms_begins": "{business} "}.get(key, "")
    fits = needed + "a b" * (most // 3)
    assert not any("letters; there is room" in one for one in said(fits[:most], key))
    assert said((fits + "a b c d e f g h i j k l m n o p q r s t u v w x y z")[: most + 1], key)[0].startswith(
        f"These are {most + 1} letters"
    )


def test_right_to_left_letters_are_letters() -> None:
    assert not any("nobody sees" in one for one in said("שלום {name}"))
