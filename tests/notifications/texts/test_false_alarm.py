"""It can take place after all: the time is theirs if they like, and what was offered stays open."""

import re
from dataclasses import replace

import pytest

from tests.notifications.texts.world import LANGUAGES, PAGE, TOKEN, Situation, write

LINK = PAGE.replace("[[link]]", TOKEN)
WITHOUT_TIMES = ("same_time",)


def letter(one: Situation) -> str:
    return write("false_alarm", "email", one).text


def test_it_says_that_the_time_is_theirs_if_they_like_and_that_we_are_sorry() -> None:
    said = {language: letter(Situation(language)).split("\n\n")[1] for language in LANGUAGES}
    assert said == {
        "en": "We told you that your appointment on Tuesday, 24 November 2026 at 14:30 WIB needs a new time. "
        "That was a false alarm: it can take place after all, and the time is still yours if you like. "
        "We are sorry for the trouble.",
        "id": "Kami sempat memberi kabar bahwa janji temu Bapak pada hari Selasa, 24 November 2026 pukul 14.30 WIB "
        "perlu dijadwalkan ulang. Ternyata kendalanya tidak jadi terjadi: waktu semula tetap dapat kami penuhi, "
        "dan masih untuk Bapak bila berkenan. Mohon maaf sudah merepotkan.",
    }


@pytest.mark.parametrize(
    ("language", "service", "subject"),
    [
        ("en", "visit", "Your appointment on Tue 24 Nov can take place after all"),
        ("en", "onsite", "Our visit on Tue 24 Nov can take place after all"),
        ("id", "visit", "Janji temu Sel 24 Nov ternyata tetap bisa berlangsung"),
        ("id", "delivery", "Pengantaran Sel 24 Nov ternyata tetap bisa kami lakukan"),
    ],
)
def test_the_subject_is_the_good_news(language: str, service: str, subject: str) -> None:
    assert write("false_alarm", "email", Situation(language, service=service)).subject == subject


def test_one_button_keeps_it_and_the_times_stay_open_until_the_same_hour() -> None:
    buttons = {"en": "Keep the original time", "id": "Tetap pakai waktu semula"}
    stays = {
        "en": "You can still choose one until Monday, 23 November 2026 at 17:00 WIB.",
        "id": "Waktu berikut masih dapat dipilih sampai hari Senin, 23 November 2026 pukul 17.00 WIB.",
    }
    otherwise = {
        "en": "Sari Wulandari will phone you by Tuesday, 24",
        "id": "akan menelepon Bapak paling lambat hari Sel",
    }
    for language in LANGUAGES:
        text = letter(Situation(language))
        assert f"{buttons[language]}:\n{LINK}\n" in text
        assert stays[language] in text
        assert otherwise[language] in text
        assert re.findall(r"\?offer=(\d+)$", text, re.MULTILINE) == ["41", "42", "43", "44", "45"]


def test_where_nothing_is_offered_no_other_times_are_spoken_of() -> None:
    said = {
        "en": "If you have not decided, Sari Wulandari will phone you",
        "id": "Bila belum ada keputusan, Sari Wulandari",
    }
    for language in LANGUAGES:
        one = Situation(language, flags=WITHOUT_TIMES)
        assert said[language] in letter(one)
        assert "23 November" not in letter(one)
        silent = letter(replace(one, reachable=False))
        assert not re.search("phone you|akan menelepon", silent)
    text = write("false_alarm", "sms", Situation(flags=WITHOUT_TIMES)).text
    assert text.strip().endswith("Otherwise Sari Wulandari will phone you by Tue 24 Nov, 09:00 WIB.")
    assert "Keep that time or ask for another:" in text


def test_a_text_message_says_it_in_one_breath() -> None:
    assert write("false_alarm", "sms", Situation()).text.strip() == (
        "Klinik Sentosa: false alarm. Your appointment on Tue 24 Nov, 14:30 WIB can take place after all. "
        f"Sorry for the trouble. Keep that time or choose another by Mon 23 Nov, 17:00 WIB: {LINK} Sari Wulandari"
    )


def test_the_call_asks_first_whether_they_keep_it() -> None:
    text = write("false_alarm", "call", Situation()).text
    assert "ASK\n“Would you like to keep it?”\nIf not, read out the other times" in text
    assert "(not kept)" in text
    none = write("false_alarm", "call", Situation(flags=WITHOUT_TIMES)).text
    assert "If not: “Which days and which part of the day suit you?”" in none
    assert "1. " not in none
