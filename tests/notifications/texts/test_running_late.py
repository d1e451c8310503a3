"""It begins later than booked: by how much and why, and that nobody has to put up with it."""

import re
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from tests.notifications.texts.world import FAULTS, LANGUAGES, PAGE, PERSON, TOKEN, TOKENS, Situation, write

LINK = PAGE.replace("[[link]]", TOKEN)


def paragraphs(one: Situation) -> list[str]:
    return write("running_late", "email", one).text.split("\n\n")


def test_it_says_how_much_later_and_why_and_that_it_is_ours() -> None:
    assert paragraphs(Situation())[1] == (
        "We are running about 40 minutes late, because our ultrasound machine has to be repaired. "
        "Your appointment on Tuesday, 24 November 2026 will begin at about 15:10 WIB instead of 14:30 WIB. "
        "That is our responsibility, and we are sorry to keep you waiting."
    )
    assert paragraphs(Situation("id"))[1] == (
        "Mohon maaf, jadwal kami mundur sekitar 40 menit karena alat USG kami harus diperbaiki. "
        "Janji temu Bapak pada hari Selasa, 24 November 2026 akan mulai sekitar pukul 15.10 WIB, "
        "semula pukul 14.30 WIB. Ini tanggung jawab kami, dan kami menyesal Bapak jadi menunggu."
    )


@pytest.mark.parametrize(
    ("service", "english", "indonesian"),
    [
        ("delivery",
         "Your delivery will come on Tuesday, 24 November 2026, 15:10–17:10 WIB instead of 14:30–16:30 WIB.",
         "Pengantaran Bapak pada hari Selasa, 24 November 2026 menjadi pukul 15.10–17.10 WIB, "
         "semula pukul 14.30–16.30 WIB."),
        ("onsite", "We will be with you on Tuesday, 24 November 2026 at about 15:10 WIB instead of 14:30 WIB.",
         "Petugas kami akan tiba di tempat Bapak pada hari Selasa, 24 November 2026 sekitar pukul 15.10 WIB, "
         "semula pukul 14.30 WIB."),
    ],
)  # fmt: skip
def test_whom_we_come_to_is_told_when_we_come(service: str, english: str, indonesian: str) -> None:
    for language, said in (("en", english), ("id", indonesian)):
        assert said in paragraphs(Situation(language, service=service))[1]


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "We are running late: your appointment begins about Tue 24 Nov, 15:10 WIB"),
        ("id", "Jadwal mundur: janji temu Bapak mulai sekitar Sel 24 Nov, 15.10 WIB"),
    ],
)
def test_the_subject_has_the_new_hour(language: str, subject: str) -> None:
    assert write("running_late", "email", Situation(language)).subject == subject


def test_whoever_is_content_has_nothing_to_do_and_whoever_is_not_can_do_both() -> None:
    said = {
        "en": "If that suits you, you need not do anything. If it does not, you can choose another time "
        "or cancel free of charge.",
        "id": "Bila waktu itu cocok, Bapak tidak perlu melakukan apa-apa. Bila tidak, silakan pilih waktu lain "
        "atau batalkan tanpa biaya.",
    }
    labels = {"en": "Choose another time or cancel", "id": "Pilih waktu lain atau batalkan"}
    for language in LANGUAGES:
        text = write("running_late", "email", Situation(language)).text
        assert said[language] in text
        assert f"{labels[language]}:\n{LINK}" in text


def test_only_what_is_ours_is_owned_and_nothing_is_apologised_for_that_is_theirs() -> None:
    sorry = {"en": "sorry", "id": "maaf"}
    ours = {"en": "our responsibility", "id": "tanggung jawab kami"}
    for language, fault, channel in product(LANGUAGES, FAULTS, ("email", "call")):
        text = write("running_late", channel, Situation(language, fault=fault, family="operational")).text
        said = text.split("YOUR VOICE")[0].split("CARA BICARA")[0]
        assert (sorry[language] in said, ours[language] in said) == (fault != "customer", fault == "ours")


def test_of_an_absence_nothing_is_told_but_who_begins_later() -> None:
    one = Situation(private=True, family="absence")
    assert f"because {PERSON} can only begin later." in paragraphs(one)[1]
    assert "because a colleague can only begin later." in paragraphs(replace(one, person=""))[1]
    assert f"karena {PERSON} baru dapat mulai kemudian." in paragraphs(replace(one, language="id"))[1]


def test_a_text_message_says_it_in_one_breath() -> None:
    said = {language: write("running_late", "sms", Situation(language)).text.strip() for language in LANGUAGES}
    assert said == {
        "en": "Klinik Sentosa: we are running about 40 min late because our ultrasound machine has to be repaired. "
        "Your appointment begins about Tue 24 Nov, 15:10 WIB. We are sorry. "
        f"Another time, or cancel free of charge: {LINK} Sari Wulandari",
        "id": "Klinik Sentosa: mohon maaf, jadwal kami mundur sekitar 40 menit karena alat USG kami harus diperbaiki. "
        "Janji temu Bapak mulai sekitar Sel 24 Nov, 15.10 WIB. "
        f"Pilih waktu lain atau batalkan tanpa biaya: {LINK} Sari Wulandari",
    }


def test_the_colleagues_own_line_is_in_the_letter_and_in_the_call() -> None:
    for channel in ("email", "call"):
        assert "  I will keep a chair by the window for you.\n" in write("running_late", channel, Situation()).text
        assert "window" not in write("running_late", channel, Situation(note=False)).text


def several(language: str = "en", *others: str, **said: Any) -> Situation:
    return Situation(language, besides=others or ("same_day",), **said)


def test_one_letter_tells_of_all_of_them_each_with_its_hour_and_its_own_page() -> None:
    text = write("running_late", "email", several()).text
    told = text.split("\n\n")
    assert told[1] == (
        "We are running late, because our ultrasound machine has to be repaired. "
        "Two of your appointments will begin about 40 minutes later. "
        "That is our responsibility, and we are sorry to keep you waiting."
    )
    assert re.findall(r"It will begin.*", text) == [
        "It will begin at about 15:10 WIB instead of 14:30 WIB.",
        "It will begin at about 17:10 WIB instead of 16:30 WIB.",
    ]
    links = [LINK, PAGE.replace("[[link]]", TOKENS["link_51"])]
    assert re.findall(r"Choose another time or cancel:\n(.*)", text) == links


def test_indonesian_says_the_same_in_its_own_words() -> None:
    text = write("running_late", "email", several("id")).text
    assert text.split("\n\n")[1] == (
        "Mohon maaf, jadwal kami mundur sekitar 40 menit karena alat USG kami harus diperbaiki. "
        "Dua janji temu Bapak ikut mundur. Ini tanggung jawab kami, dan kami menyesal Bapak jadi menunggu."
    )
    assert "\nMulainya sekitar pukul 17.10 WIB, semula pukul 16.30 WIB.\n" in text


def test_by_how_much_is_said_for_all_only_where_it_is_the_same() -> None:
    for language, said in (("en", "about 40 minutes"), ("id", "sekitar 40 menit")):
        for channel in ("email", "call"):
            assert said in write("running_late", channel, several(language)).text
            assert said not in write("running_late", channel, several(language, "of_its_own")).text


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "We are running late: two of your appointments on Tue 24 Nov"),
        ("id", "Jadwal mundur: dua janji temu Sel 24 Nov"),
    ],
)
def test_the_subject_counts_them(language: str, subject: str) -> None:
    assert write("running_late", "email", several(language)).subject == subject


def test_of_several_who_begins_later_is_named_only_where_it_is_one() -> None:
    absent: dict[str, Any] = {"private": True, "family": "absence"}
    assert f"because {PERSON} can only begin later." in paragraphs(several(**absent))[1]
    assert "because our colleagues can only begin later." in paragraphs(several("en", "of_its_own", **absent))[1]


def test_a_text_message_has_each_hour_and_says_how_the_others_are_changed() -> None:
    said = {
        "en": (
            "Two of your appointments now begin about Tue 24 Nov, 15:10 WIB and 17:10 WIB.",
            "The other: phone +62 21 55501234. Sari Wulandari",
            "15:10 WIB, 17:10 WIB and 17:10 WIB.",
            "The others: phone +62 21 55501234.",
        ),
        "id": (
            "Dua janji temu Bapak menjadi sekitar Sel 24 Nov, 15.10 WIB dan 17.10 WIB.",
            "Yang satu lagi: telepon +62 21 55501234. Sari Wulandari",
            "15.10 WIB, 17.10 WIB dan 17.10 WIB.",
            "Yang lain: telepon +62 21 55501234.",
        ),
    }
    for language, (two, other, three, others) in said.items():
        of_two = write("running_late", "sms", several(language)).text
        of_three = write("running_late", "sms", several(language, "same_day", "same_day")).text
        assert [two in of_two, other in of_two, three in of_three, others in of_three] == [True] * 4
        assert LINK in of_two
