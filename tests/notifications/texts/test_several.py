"""Several appointments of one customer in one message: all of them are told, each with what is so for it alone."""

import re
from dataclasses import replace
from itertools import product

import pytest
from django.template import Context, Engine

from notifications.templatetags.sms import LONGEST
from notifications.templatetags.together import Together, together
from tests.notifications.texts import world
from tests.notifications.texts.world import CONTACT, LANGUAGES, SERVICES, THREE, TOKENS, Situation, besides, write

PAGES = {pk: f"https://janji.kliniksentosa.example/r/{TOKENS[pk]}/" for pk in ("link", "link_51", "link_52", "link_53")}
KINDS = ("offer", "no_time", "nudge")
RULE = "-" * 60


def first_words(kind: str, one: Situation) -> str:
    return write(kind, "email", one).text.split("\n\n")[1]


def sections(kind: str, one: Situation) -> dict[str, str]:
    """What stands below each heading of the plain letter."""
    text = write(kind, "email", one).text.split("\n\nQuestions?")[0].split("\n\nAda pertanyaan?")[0]
    _before, *rest = re.split(r"\n\n([^\n]+)\n-{3,}\n", text)
    return dict(zip(rest[::2], rest[1::2], strict=True))


def test_the_news_is_told_of_all_of_them_at_once() -> None:
    told = {language: first_words("offer", Situation(language, besides=("same_day",))) for language in LANGUAGES}
    assert told == {
        "en": "We cannot keep two of your appointments, because our ultrasound machine has to be repaired. "
        "That is our responsibility, and we are sorry that it upsets your plans.",
        "id": "Mohon maaf, kami tidak dapat memenuhi dua janji temu Bapak karena alat USG kami harus diperbaiki. "
        "Ini tanggung jawab kami, dan kami menyesal rencana Bapak jadi terganggu.",
    }


@pytest.mark.parametrize(
    ("kind", "one", "subject"),
    [
        ("offer", Situation(), "Two of your appointments on Tue 24 Nov cannot take place: please choose"),
        ("offer", Situation("id"), "Dua janji temu Sel 24 Nov tidak dapat kami penuhi: silakan pilih"),
        ("offer", Situation(besides=("other_day",)), "Two of your appointments cannot take place: please choose"),
        ("offer", Situation(besides=("no_time",)),
         "Two of your appointments on Tue 24 Nov cannot take place: please read"),
        ("offer", Situation(besides=("could_stay",)), "May we move two of your appointments on Tue 24 Nov?"),
        ("no_time", Situation(), "Two of your appointments on Tue 24 Nov cannot take place: we will phone you"),
        ("no_time", Situation("id"), "Dua janji temu Sel 24 Nov tidak dapat kami penuhi: kami akan menelepon"),
        ("no_time", Situation(can_keep=True), "May we move two of your appointments on Tue 24 Nov? We will phone you"),
        ("nudge", Situation(), "Please answer by Mon 23 Nov, 17:00 WIB: two of your appointments need new times"),
        ("nudge", Situation("id"), "Jawab paling lambat Sen 23 Nov, 17.00 WIB: pengganti dua janji temu Sel 24 Nov"),
    ],
)  # fmt: skip
def test_the_subject_speaks_of_all_of_them(kind: str, one: Situation, subject: str) -> None:
    assert write(kind, "email", replace(one, besides=one.besides or ("same_day",))).subject == subject


@pytest.mark.parametrize(("kind", "language"), list(product(KINDS, LANGUAGES)))
def test_each_has_a_heading_of_its_own_and_a_page_of_its_own(kind: str, language: str) -> None:
    found = sections(kind, Situation(language, besides=THREE))
    visit, delivery = (world.SERVICE_NAMES[name][language == "id"] for name in ("visit", "delivery"))
    when = {
        "en": ("Tuesday, 24 November 2026 at 14:30 WIB", "Thursday, 26 November 2026 at 09:00 WIB",
               "Friday, 27 November 2026 between 09:00 and 10:00 WIB", "Tuesday, 24 November 2026 at 11:00 WIB"),
        "id": ("Selasa, 24 November 2026 pukul 14.30 WIB", "Kamis, 26 November 2026 pukul 09.00 WIB",
               "Jumat, 27 November 2026 antara pukul 09.00 dan 10.00 WIB", "Selasa, 24 November 2026 pukul 11.00 WIB"),
    }[language]  # fmt: skip
    *each, last = found
    assert each == [f"{name}, {moment}" for name, moment in zip((visit, visit, delivery, visit), when, strict=True)]
    assert last in ("For each of them", "Untuk masing-masing")
    linked = [set(re.findall(r"https://[^?\s]+", found[heading])) for heading in each]
    assert linked == [{PAGES["link"]}, {PAGES["link_51"]}, {PAGES["link_52"]}, {PAGES["link_53"]}]


def test_what_has_no_time_yet_says_who_gets_in_touch_and_by_when() -> None:
    said = {
        "en": "There is no time yet that we can offer you for it. Sari Wulandari is looking for one and will phone you "
        "by Wednesday, 25 November 2026 at 09:00 WIB.",
        "id": "Untuk yang ini belum ada waktu pengganti yang dapat kami tawarkan. Sari Wulandari sedang mencarikannya "
        "dan akan menelepon Bapak paling lambat hari Rabu, 25 November 2026 pukul 09.00 WIB.",
    }
    for language, sentence in said.items():
        for kind in KINDS:
            other = list(sections(kind, Situation(language, besides=("no_time",))).values())[1]
            assert sentence in other
            assert not re.search(r"^1\. ", other, re.MULTILINE)
        silent = write("offer", "email", Situation(language, besides=("no_time",), reachable=False)).text
        assert not re.search("phone you|akan menelepon", silent)


def test_one_deadline_stands_before_them_all_and_others_with_each() -> None:
    same = write("offer", "email", Situation(besides=("same_day",))).text
    assert (
        same.count("Please tell us by Monday, 23 November 2026 at 17:00 WIB which time suits you for each of them.")
        == 1
    )
    assert "If we have not heard from you in time, Sari Wulandari will phone you by Tuesday" in same
    assert "not heard from you by then" not in same
    lead, other, rest = sections("offer", Situation(besides=("of_its_own",))).values()
    assert "Please choose one of these times by Monday, 23 November 2026 at 17:00 WIB." in lead
    assert "will phone you by Tuesday, 24 November 2026 at 09:00 WIB." in lead
    assert "Please tell us by Tuesday, 24 November 2026 at 17:00 WIB whether it suits you." in other
    assert "will phone you by Wednesday, 25 November 2026 at 09:00 WIB." in other
    assert "heard" not in rest


def test_only_what_could_stay_is_said_to_stay() -> None:
    said = {
        "en": ("stays yours", "This time cannot take place."),
        "id": ("boleh tetap dipakai", "tidak dapat kami penuhi."),
    }
    for language, (stays, gone) in said.items():
        lead, other, _rest = sections("offer", Situation(language, besides=("could_stay",))).values()
        assert (stays in lead, gone in lead, stays in other, gone in other) == (False, True, True, False)
    both = write("offer", "email", Situation(can_keep=True, besides=("same_day",))).text
    assert both.count("You can also keep it.") == 2
    assert "Until you choose, those times stay yours." in both
    assert "cannot take place" not in both


def test_of_an_absence_somebody_is_named_only_where_all_were_to_be_with_them() -> None:
    one = Situation(private=True, family="absence", besides=("same_day",))
    assert "because dr. Maya Kusumawardhani is not available at those times." in first_words("offer", one)
    other = replace(one, besides=("of_its_own",))
    assert "because colleagues of ours are not available at those times." in first_words("offer", other)
    assert "karena petugas kami berhalangan pada waktu-waktu itu." in first_words(
        "offer", replace(other, language="id")
    )


@pytest.mark.parametrize(("service", "english", "indonesian"), [
    ("visit", "two of your appointments", "dua janji temu Bapak"),
    ("consultation", "two of your consultations", "dua konsultasi Bapak"),
    ("delivery", "two of your deliveries", "dua jadwal pengantaran Bapak"),
    ("onsite", "two of our visits to you", "dua kunjungan petugas kami ke tempat Bapak"),
])  # fmt: skip
def test_each_kind_of_service_is_called_by_its_name(service: str, english: str, indonesian: str) -> None:
    for language, name in (("en", english), ("id", indonesian)):
        one = Situation(language, service=service, besides=("same_day",))
        assert name in first_words("offer", one)
        assert name in write("offer", "call", one).text


def test_a_call_takes_one_after_the_other() -> None:
    for language, marks in (("en", ["1 OF 2", "2 OF 2"]), ("id", ["1 DARI 2", "2 DARI 2"])):
        for kind in KINDS:
            text = write(kind, "call", Situation(language, besides=("same_day",))).text
            assert re.findall(r"^\d (?:OF|DARI) \d$", text, re.MULTILINE) == marks
            assert text.count("UNTIL WHEN") + text.count("BATAS WAKTU") == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_text_message_never_loses_that_there_are_more(kind: str, language: str) -> None:
    counted = {"en": ("two of ", "three of ", "four of "), "id": ("dua ", "tiga ", "empat ")}[language]
    others = (("same_day",), ("same_day", "other_day"), THREE)
    for service, (number, names) in product(SERVICES, zip(counted, others, strict=True)):
        text = write(kind, "sms", Situation(language, service=service, besides=names)).text
        assert number in text
        assert CONTACT in text


def test_a_text_message_names_two_days_and_of_more_the_first() -> None:
    said = {
        "en": (" on Tue 24 Nov cannot", " on Tue 24 Nov and Thu 26 Nov cannot", " from Tue 24 Nov on cannot"),
        "id": (" Bapak Sel 24 Nov tidak", " Bapak Sel 24 Nov dan Kam 26 Nov tidak", " Bapak mulai Sel 24 Nov tidak"),
    }
    for language, each in said.items():
        for names, days in zip((("same_day",), ("other_day",), THREE), each, strict=True):
            assert days in write("offer", "sms", Situation(language, besides=names)).text


def test_a_text_message_gives_the_second_page_where_it_fits() -> None:
    short = {"page_url": "https://k.id/r/[[link]]/", "reason__wording": "the power is out"}
    others = besides(Situation(besides=("same_day",)))
    fits = [{**others[0], "page_url": "https://k.id/r/[[link_51]]/"}]
    text = write("offer", "sms", Situation(besides=("same_day",)), **short, besides=fits).text
    assert f"https://k.id/r/{TOKENS['link']}/ The other: https://k.id/r/{TOKENS['link_51']}/ Sari Wulandari" in text
    assert "About the other" not in text
    later = [{**fits[0], "respond_by": world.RESPOND_LATER}]
    text = write("nudge", "sms", Situation(besides=("same_day",)), **short, besides=later).text
    assert "The other by Tue 24 Nov, 17:00 WIB: https://k.id/" in text
    text = write("offer", "sms", Situation(besides=("same_day",))).text
    assert text.strip().endswith(f"{PAGES['link']} About the other, Sari Wulandari will phone you.")
    assert PAGES["link_51"] not in text


def test_in_a_text_message_what_stands_instead_comes_only_when_the_other_had_to_go() -> None:
    source = (
        "{% load sms %}{% two_parts %}{{ words }} {% spare 1 %}spared{% endspare %}"
        "{% instead 1 %}instead{% endinstead %}{% endtwo_parts %}"
    )
    template = Engine(autoescape=False, libraries={"sms": "notifications.templatetags.sms"}).from_string(source)
    said = {length: template.render(Context({"words": "x" * length})).lstrip("x") for length in (299, 300)}
    assert said == {299: " spared", 300: " instead"}
    assert len(f"{'x' * 299} spared") == LONGEST


def test_a_message_about_one_alone_is_not_about_several() -> None:
    assert together(Context({"zone": world.ZONE})) is None
    assert together(Context({"zone": world.ZONE, "besides": []})) is None


def test_what_is_so_for_all_of_them() -> None:
    late = {"starts_at": "2026-11-24T17:30:00+00:00", "person": "Maya"}  # half past midnight the next day, there
    early = {"starts_at": "2026-11-24T02:00:00+00:00", "person": "Maya"}
    hours = {"respond_by": world.RESPOND_BY, "call_by": world.CALL_BY}
    first = {"service": {"kind": "visit"}, "was": late, "offers": [{"is_shorter": False}], "can_keep": True, **hours}
    second = {**first, "was": early}
    same = Together([first, second], world.ZONE)
    assert (same.count, same.kind, same.person, same.days) == (
        2,
        "visit",
        "Maya",
        [early["starts_at"], late["starts_at"]],
    )
    assert (same.all_have_times, same.some_shorter, same.some_stay, same.all_stay, same.is_due_at_once) == (
        True, False, True, True, True,
    )  # fmt: skip
    another = {
        **second, "service": {"kind": "onsite"}, "was": {**early, "person": "Rizal"}, "can_keep": False,
        "offers": [{"is_shorter": True}], "respond_by": world.RESPOND_LATER, "call_by": world.CALL_LATER,
    }  # fmt: skip
    mixed = Together([first, second, another], world.ZONE)
    assert (mixed.kind, mixed.person, len(mixed.days)) == ("", "", 2)
    assert (mixed.some_shorter, mixed.some_stay, mixed.all_stay, mixed.is_due_at_once) == (True, True, False, False)
    assert (mixed.first_due, mixed.last_call) == (world.RESPOND_BY, world.CALL_LATER)
    without = Together([another, {**first, "offers": []}], world.ZONE)
    assert (without.all_have_times, without.with_times, without.first_due) == (False, [another], world.RESPOND_LATER)
    assert not Together([first, {**first, "offers": []}], world.ZONE).is_due_at_once
    assert not Together([first, {**first, "call_by": world.CALL_LATER}], world.ZONE).is_due_at_once


def test_a_section_has_a_heading_in_both_forms() -> None:
    rendered = write("offer", "email", Situation(besides=("of_its_own",)))
    assert f"between 09:00 and 10:00 WIB\n{RULE}\n" in rendered.text
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", rendered.html)
    assert [heading.split(",")[0] for heading in headings] == [
        "Pregnancy ultrasound", "Home delivery of medicines", "For each of them",
    ]  # fmt: skip
