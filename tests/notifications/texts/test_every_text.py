"""Every kind, in both languages, by every channel, in every situation: what no message may ever look like."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from django.conf import settings

from notifications.errors import UnresolvedPlaceholder
from tests.notifications.texts import world
from tests.notifications.texts.world import Situation, everything, recipient, situations, write

WRITTEN = [
    (kind, channel) for kind, channel in product(world.ALL_KINDS, world.CHANNELS) if kind != "call" or channel == "call"
]
every = pytest.mark.parametrize(("kind", "channel"), WRITTEN)

FOLDER = settings.BASE_DIR / "locale"

# Short words that turn up in almost any sentence of one language and in none of the other.
FOREIGN = {
    "id": {"the", "you", "your", "and", "we", "please", "for", "until", "is", "with", "not", "our", "at", "by", "have"},
    "en": {"yang", "untuk", "kami", "dan", "dengan", "silakan", "mohon", "pukul", "hari", "tidak", "atau", "paling"},
}
HOUR = re.compile(r"(?<![\d.:-])\d\d[:.]\d\d(?![\d])")
HOUR_WITH_ZONE = re.compile(r"(?<![\d.:-])\d\d[:.]\d\d(?:(?:[-–]| and | dan )\d\d[:.]\d\d)? (?:WIB|WITA|WIT)\b")


def texts(kind: str, channel: str) -> Iterator[tuple[Situation, str, str]]:
    for one, rendered in everything(kind, channel):
        yield one, rendered.subject, rendered.text


@every
def test_it_reads_like_a_letter_and_not_like_a_form(kind: str, channel: str) -> None:
    for one, subject, text in texts(kind, channel):
        words = f"{subject}\n{text}"
        flaws = re.findall(
            r"\{\{|\}\}|\{%|\[\[|\bNone\b(?! of these)|\bTrue\b|\bFalse\b|\S {2,}\S|\n\n\n| [,.;]|\(\)|,,"
            r"|(?<!\.)\.\.(?!\.)|: \.",
            words,
        )
        assert flaws == [], f"{one}\n{words}"
        assert not re.search(r"&(?:amp|quot|lt|gt|#)", words), words


@every
def test_a_name_that_ends_with_a_stop_ends_the_sentence(kind: str, channel: str) -> None:
    named = {"business__name": "Sentosa Ltd.", "contact__name": "Sari Wulandari, S.Kep."}
    for one in list(situations(kind))[::5]:
        rendered = write(kind, channel, replace(one, person=one.person and "Rangga Prasetyo, S.Ft."), **named)
        words = f"{rendered.subject}\n{rendered.text}\n{re.sub(r'<[^>]+>', '', rendered.html)}"
        assert re.findall(r"(?<!\.)\.\.(?!\.)", words) == [], f"{one}\n{words}"


@every
def test_nobody_is_shouted_at_or_fobbed_off(kind: str, channel: str) -> None:
    for one, subject, text in texts(kind, channel):
        words = f"{subject}\n{text}".lower()
        empty = [
            phrase for phrase in ("!", "unfortunately", "unforeseen", "sayangnya", "tak terduga") if phrase in words
        ]
        assert empty == [], f"{one}\n{words}"


@every
def test_somebody_with_a_name_stands_for_it(kind: str, channel: str) -> None:
    for one, _subject, text in texts(kind, channel):
        assert world.CONTACT in text or kind == "escalation", f"{one}\n{text}"


@every
def test_every_hour_names_its_zone(kind: str, channel: str) -> None:
    for one, subject, text in texts(kind, channel):
        words = f"{subject}\n{text}"
        bare = HOUR.findall(HOUR_WITH_ZONE.sub("", words))
        assert bare == [], f"{one}\n{words}"


@every
def test_no_word_of_the_other_language_slips_in(kind: str, channel: str) -> None:
    for one, subject, text in texts(kind, channel):
        words = re.sub(r"https?://\S+", "", f"{subject}\n{text}".lower())
        strangers = FOREIGN[one.language] & set(re.findall(r"[a-z]+", words))
        assert strangers == set(), f"{one}\n{words}"


@every
def test_hours_and_days_are_written_the_way_of_the_language(kind: str, channel: str) -> None:
    for one, subject, text in texts(kind, channel):
        words = re.sub(r"https?://\S+", "", f"{subject}\n{text}")
        wrong = r"\d\d:\d\d" if one.language == "id" else r"\b\d\d\.\d\d\b"
        assert re.findall(wrong, words) == [], f"{one}\n{words}"


@pytest.mark.parametrize("kind", world.KINDS)
def test_the_subject_is_one_line_that_fits_even_with_long_names(kind: str) -> None:
    long = {
        "customer__name": "Raden Ajeng Kartika Puspitasari Wulandari Hadiningrat",
        "business__name": "Klinik Ibu dan Anak Sentosa Medika Nusantara Cabang Menteng",
        "contact__name": "Maria Magdalena Situmorang-Hutagalung",
    }
    for one in situations(kind):
        said = world.subject(kind, one, **long)
        assert said == " ".join(said.split())
        assert 20 <= len(said) <= 90, f"{len(said)} {said}"


@pytest.mark.parametrize("kind", world.KINDS)
def test_the_subject_alone_is_the_one_of_the_letter(kind: str) -> None:
    one = next(situations(kind))
    assert world.subject(kind, one) == write(kind, "email", one).subject


@pytest.mark.parametrize("kind", ["offer", "nudge", "expiry", "no_time"])
def test_the_subject_never_says_that_something_has_moved_which_was_only_asked(kind: str) -> None:
    for _one, rendered in everything(kind, "email"):
        subject = rendered.subject.lower()
        done = [
            word for word in ("rescheduled", "moved", "confirmed", "terkonfirmasi", "dipindahkan") if word in subject
        ]
        assert done == [], subject


@every
def test_a_private_reason_reveals_nothing(kind: str, channel: str) -> None:
    for one, subject, text in texts(kind, channel):
        if one.private:
            told = [word for word in world.SECRET[one.language].split() if len(word) > 4 and word in subject + text]
            assert told == [], f"{one}\n{text}"


@pytest.mark.parametrize(("language", "channel"), [("en", "email"), ("en", "sms"), ("id", "email"), ("id", "sms")])
def test_a_text_that_lacks_something_is_not_sent(language: str, channel: str) -> None:
    for missing in ("was", "contact", "respond_by", "page_url"):
        with pytest.raises(UnresolvedPlaceholder):
            write("offer", channel, Situation(language=language), **{missing: None})


def test_every_kind_has_all_its_parts_in_both_languages() -> None:
    parts = {"letter.txt", "subject.txt", "sms.txt", "call.txt"}
    found = {
        (kind, language): {path.name for path in (FOLDER / language / "texts" / kind).iterdir()}
        for kind, language in product(world.KINDS, world.LANGUAGES)
    }
    assert found == dict.fromkeys(product(world.KINDS, world.LANGUAGES), parts)
    assert {path.name for path in (FOLDER / "id" / "texts" / "call").iterdir()} == {"call.txt"}


def test_both_languages_have_the_same_building_blocks() -> None:
    names = {
        language: {path.name for path in (FOLDER / language / "texts" / "_words").iterdir()}
        for language in world.LANGUAGES
    }
    assert names["id"] - names["en"] == {"short.txt", "thing.txt", "things.txt"}
    assert names["en"] <= names["id"]


def test_without_a_phone_number_nobody_is_promised_a_call() -> None:
    for kind, language in product(("offer", "nudge", "expiry"), world.LANGUAGES):
        text = write(kind, "email", Situation(language=language, reachable=False, flags=("still_offered",))).text
        assert not re.search(r"\bphone you\b|akan menelepon", text), text
        assert re.search("will write to you again by|akan mengirim pesan lagi kepada Bapak paling lambat", text), text
        text = write("no_time", "email", Situation(language=language, reachable=False)).text
        assert re.search("will write to you by|akan mengirim pesan kepada Bapak paling lambat", text), text
        assert not re.search(r"\bphone you\b|akan menelepon|call you|kami menelepon", text), text
    assert recipient(Situation(reachable=False)).phone == ""
