"""What the second reader says of a line, and what it leaves to the rules."""

from dataclasses import replace
from typing import Any

import pytest

from appointments.domain.recovery.honesty import SOUNDS, Facts, Finding, Gravity, Kind, TextKind, check
from appointments.domain.recovery.honesty.learned.features import bucket
from appointments.domain.recovery.honesty.learned.second import QUIETER_ALONE, pieces
from appointments.domain.recovery.honesty.learned.weights import BUCKETS, KINDS, Of, Weights
from appointments.domain.recovery.honesty.reading import Reading
from appointments.domain.recovery.lexicons import lexicons
from tests.appointments.domain.recovery.honesty.situations import by_rules, found

SILENT = Of(memoryview(bytes(BUCKETS)).cast("b"), 1.0, -5.0, 0.0, -99.0)


SHORT = {
    "en": [
        "Ratna sends her apologies.",
        "Dr Lee is sorry too.",
        "Maria asks me to say sorry.",
        "Tom will see you then.",
        "See you on Tuesday.",
        "Thanks for your patience.",
        "Thank you, Anna.",
        "I am sorry about this.",
        "We are both sorry.",
        "Anna will be there.",
        "Dr Lee looks forward to seeing you.",
        "It was my mistake.",
        "Same room as before.",
        "Please bring your card.",
        "Marta sends her regards.",
        "Ben says hello.",
        "The room is upstairs now.",
        "Dr Lee knows about it.",
        "Everything else stays the same.",
        "I have told Maria.",
        "She will call you.",
        "He is sorry for the trouble.",
        "Anna will explain.",
        "You can reach me directly.",
        "Ask for Tom at the desk.",
        "Dr Lee has read your file.",
        "Dr Lee has seen your notes.",
        "Joanna takes over from here.",
        "Sorry again, Paul.",
        "Looking forward to seeing you both.",
    ],
    "id": [
        "drg. Ratna turut meminta maaf.",
        "Dokter Rina titip salam.",
        "Bu Sari akan menelepon.",
        "Terima kasih atas pengertiannya.",
        "Mohon maaf atas perubahan ini.",
        "Sampai bertemu hari Selasa.",
        "Saya minta maaf, Bu.",
        "Kami mohon maaf.",
        "Pak Budi yang akan melayani.",
        "dr. Andi sudah tahu.",
        "drg. Ratna menunggu Ibu.",
        "Ruangannya tetap sama.",
        "Bidan Yuli yang menangani.",
        "Mohon membawa kartu.",
        "Saya yang keliru mencatat.",
        "dr. Andi sudah membaca berkas Bapak.",
        "Sari juga minta maaf.",
        "Rina menyampaikan maaf.",
        "Mbak Dewi siap membantu.",
        "Silakan tanya saya langsung.",
        "Pak Joko sudah saya beri tahu.",
        "Bu Ratna mengirim salam.",
        "Hasilnya sudah ada.",
        "Dokter Rina ikut menyesal.",
        "Salam hangat dari kami.",
        "Ns. Tri yang datang.",
        "Semua tetap seperti rencana.",
        "Bisa tanya ke meja depan.",
        "dr. Melati sudah menyiapkan semuanya.",
    ],
}
"""Lines as they stand in most messages. Nothing was learned from them."""


def learned(kind: Kind, *words: str, overruled: float = -99.0) -> Weights:
    """Weights that hear one kind in each of some words, and nothing else."""
    made = bytearray(BUCKETS)
    for word in words:
        made[bucket("words", word)] = 100
    return Weights(
        dict.fromkeys(KINDS, SILENT) | {kind: Of(memoryview(bytes(made)).cast("b"), 1.0, -5.0, 0.0, overruled)}
    )


def heard(words: str, weights: Weights, language: str = "en", /, **known: Any) -> list[Finding]:
    lexicons = by_rules()
    lexicons["en"] = replace(lexicons["en"], weights=weights)
    return check(words, facts=Facts(language=language, **known), lexicons=lexicons)


def test_it_warns_of_what_no_rule_has_found_and_quotes_what_weighs_most() -> None:
    text = "The bus stops here. Leave your umbrella at home."
    assert found(text) == []

    [one] = heard(text, learned(Kind.MONEY, "umbrella"))

    assert (one.kind, one.gravity, one.about, one.words) == (Kind.MONEY, Gravity.WARNED, SOUNDS, "umbrella")
    assert text[one.start : one.end] == "umbrella"


def test_it_quotes_neighbours_that_weigh_nearly_as_much() -> None:
    weights = learned(Kind.BLAME, "umbrella", "at")
    assert [one.words for one in heard("Leave your umbrella at home.", weights)] == ["umbrella at"]


def test_it_adds_nothing_to_what_a_rule_has_found() -> None:
    assert heard("We refund the fee.", learned(Kind.MONEY, "fee")) == found("We refund the fee.")
    assert [one.gravity for one in found("We refund the fee.")] == [Gravity.REFUSED]


def test_what_does_not_sound_like_it_at_all_is_taken_back() -> None:
    assert [one.kind for one in found("We refund the fee.")] == [Kind.MONEY]

    assert heard("We refund the fee.", learned(Kind.MONEY, "umbrella", overruled=-4.0)) == []
    assert len(heard("We refund the fee.", learned(Kind.MONEY, "fee", overruled=-4.0))) == 1


def test_a_plain_sentence_is_not_drowned_by_others() -> None:
    weights = learned(Kind.MONEY, "refund", overruled=1.0)
    alone, beside = "We refund it.", " The bus stops at the corner of the street, and the lift is near the door." * 3

    assert heard(alone + beside, weights) == heard(alone, weights) != []


@pytest.mark.parametrize(("less", "is_kept"), [(QUIETER_ALONE - 0.5, False), (QUIETER_ALONE + 0.5, True)])
def test_a_sentence_by_itself_counts_for_less_than_the_whole(less: float, is_kept: bool) -> None:
    plain, beside = "We refund it.", " The bus stops at the corner of the street, and the lift is near the door." * 3
    lexicon = replace(by_rules()["en"], weights=learned(Kind.MONEY, "refund"))
    reading = Reading.of(plain, facts=Facts(language="en"), lexicons={"en": lexicon})
    [alone] = pieces(reading.languages[0], plain)

    weights = learned(Kind.MONEY, "refund", overruled=alone.sounds[Kind.MONEY] - less)

    assert any(one.gravity == Gravity.REFUSED for one in heard(plain + beside, weights)) == is_kept


@pytest.mark.parametrize("known", [{"given": ("$5",)}, {"text": TextKind.NOTE}, {"text": TextKind.REASON}])
def test_it_is_silent_on_what_was_granted_and_on_what_is_no_line(known: dict[str, Any]) -> None:
    assert heard("Leave your umbrella at home.", learned(Kind.MONEY, "umbrella"), **known) == []


def test_what_is_confirmed_may_sound_certain() -> None:
    weights = learned(Kind.CERTAINTY, "umbrella")

    assert len(heard("Leave your umbrella at home.", weights)) == 1
    assert heard("Leave your umbrella at home.", weights, confirmed=True) == []


def test_it_does_not_guess_in_a_language_it_has_not_learned() -> None:
    assert heard("Laat je umbrella thuis.", learned(Kind.MONEY, "umbrella"), "nl") == found(
        "Laat je umbrella thuis.", "nl"
    )


@pytest.mark.parametrize("before", [0, 3, 4, 9])
def test_long_texts_are_read_a_few_sentences_at_a_time(before: int) -> None:
    text = "The bus stops here. " * before + "Leave your umbrella at home."
    assert [one.words for one in heard(text, learned(Kind.MONEY, "umbrella"))] == ["umbrella"]


def test_nothing_is_taken_back_beside_what_sounds_like_it() -> None:
    bus = "The bus stops here. "
    text = f"{bus}We refund it. {bus}{bus}Leave your umbrella at home."

    findings = heard(text, learned(Kind.MONEY, "umbrella", overruled=0.0))

    assert found("We refund it.")[0].words in [one.words for one in findings]


def test_an_amount_beyond_what_was_granted_is_never_taken_back() -> None:
    weights, text = learned(Kind.MONEY, "umbrella", overruled=-1.0), "You receive $9 for your day."

    assert heard(text, weights) == []
    assert [one.words for one in heard(text, weights, given=("$5",))] == ["$9"]


def test_two_words_hint_at_nothing() -> None:
    weights = learned(Kind.MONEY, "umbrella")

    assert heard("Your umbrella.", weights) == []
    assert len(heard("Leave your umbrella.", weights)) == 1


@pytest.mark.parametrize(("language", "line"), [(language, line) for language in SHORT for line in SHORT[language]])
def test_a_short_line_is_not_bad_for_being_short(language: str, line: str) -> None:
    assert check(line, facts=Facts(language=language), lexicons=lexicons()) == []
