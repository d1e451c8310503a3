"""What is said in which situation: who owns what, who is thanked, what is kept for whom, what the second time says."""

import re
from dataclasses import replace
from itertools import product

import pytest

from tests.notifications.texts.world import (
    ALL_KINDS,
    BEST,
    CONTACT,
    LANGUAGES,
    SERVICES,
    Situation,
    everything,
    offers,
    write,
)

WHEN = {"en": "Tuesday, 24 November 2026 at 14:30 WIB", "id": "Selasa, 24 November 2026 pukul 14.30 WIB"}


def letter(kind: str, one: Situation) -> list[str]:
    """The paragraphs of a letter."""
    return write(kind, "email", one).text.split("\n\n")


def news(one: Situation, kind: str = "offer") -> str:
    return letter(kind, one)[1]


def test_our_fault_is_owned_and_apologised_for() -> None:
    assert news(Situation()) == (
        f"We cannot keep your appointment on {WHEN['en']}, because our ultrasound machine has to be repaired. "
        "That is our responsibility, and we are sorry that it upsets your plans."
    )
    assert news(Situation(language="id")) == (
        f"Mohon maaf, kami tidak dapat memenuhi janji temu Bapak pada hari {WHEN['id']} "
        "karena alat USG kami harus diperbaiki. "
        "Ini tanggung jawab kami, dan kami menyesal rencana Bapak jadi terganggu."
    )


def test_nobodys_fault_is_explained_without_taking_the_blame() -> None:
    assert news(Situation(fault="nobody")) == (
        f"Your appointment on {WHEN['en']} cannot take place, because flooding has closed the road to us. "
        "We know that you had kept that time free, and we are sorry."
    )
    assert news(Situation(language="id", fault="nobody", honorific="ms")) == (
        f"Janji temu Ibu pada hari {WHEN['id']} tidak dapat berlangsung "
        "karena banjir menutup jalan menuju tempat kami. "
        "Kami tahu Ibu sudah meluangkan waktu, dan kami mohon maaf."
    )


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("number", [1, 2])
def test_a_customer_who_asked_is_answered_and_never_apologised_to(service: str, private: bool, number: int) -> None:
    one = Situation(fault="customer", service=service, private=private, round=number, note=False)
    english, indonesian = write("offer", "email", one).text, write("offer", "email", replace(one, language="id")).text
    assert re.search("You asked for another time.*available", english, re.DOTALL)
    assert "meminta jadwal lain" in indonesian
    for kind, channel in product(("offer", "nudge", "expiry", "no_time"), ("email", "sms", "call")):
        for language, never in (("en", ("sorry", "apolog", "because")), ("id", ("maaf", "karena"))):
            text = write(kind, channel, replace(one, language=language)).text
            said = text.split("YOUR VOICE")[0].split("CARA BICARA")[0].lower()
            assert [word for word in never if word in said] == [], (kind, channel, said)


def test_who_asked_is_never_asked_whether_we_may_move_it() -> None:
    for language, kind, channel in product(LANGUAGES, ("offer", "nudge", "expiry"), ("email", "sms", "call")):
        one = Situation(language=language, fault="customer", can_keep=True)
        rendered = write(kind, channel, one)
        words = f"{rendered.subject}\n{rendered.text}\n{rendered.html or ''}"
        assert not re.search("may we move|whether we may|[Bb]oleh(kah)? .*pindah", words), words
        if kind == "offer" and channel == "email":
            assert re.search("the original time stays yours|waktu semula tetap berlaku", words)


def test_what_a_customer_has_not_prepared_is_no_wish_of_theirs() -> None:
    one = Situation(fault="customer", family="operational")
    assert news(one).startswith(f"We need to move your appointment on {WHEN['en']}, because ")
    assert "You asked" not in news(one)
    assert "perlu kami pindahkan karena" in news(replace(one, language="id"))


@pytest.mark.parametrize(
    ("service", "subject", "first"),
    [
        (
            "delivery",
            "Your delivery on Tue 24 Nov cannot come as planned: please choose a new time",
            "We cannot bring your delivery on Tuesday, 24 November 2026 between 14:30 and 16:30 WIB, because",
        ),
        (
            "onsite",
            "We cannot come to you on Tue 24 Nov: please choose a new time",
            f"We cannot come to you on {WHEN['en']}, because",
        ),
        (
            "consultation",
            "Your consultation on Tue 24 Nov cannot take place: please choose a new time",
            f"We cannot keep your consultation on {WHEN['en']}, because",
        ),
    ],
)
def test_each_kind_of_service_is_called_by_its_name(service: str, subject: str, first: str) -> None:
    rendered = write("offer", "email", Situation(service=service))
    assert rendered.subject == subject
    assert rendered.text.split("\n\n")[1].startswith(first)


def test_whoever_gets_a_visit_is_told_their_own_address_and_not_ours() -> None:
    for service in ("delivery", "onsite"):
        assert "Where: At your address" in write("confirmation", "email", Situation(service=service)).text
        assert "Tempat: Alamat Bapak" in write("reminder", "email", Situation(language="id", service=service)).text
    assert "Where: Klinik Sentosa Menteng, Jl. Teuku Umar 12" in write("confirmation", "email", Situation()).text


def test_a_delivery_says_between_which_hours_we_come() -> None:
    one = Situation(service="delivery")
    expected = "We will be with you on Thursday, 26 November 2026 between 14:30 and 16:30 WIB."
    assert expected in news(one, "confirmation")
    assert expected in news(one, "reminder")
    assert "antara pukul 14.30 dan 16.30 WIB" in news(replace(one, language="id"), "reminder")


def test_an_illness_is_told_as_not_being_available() -> None:
    one = Situation(private=True, family="absence")
    assert "because dr. Maya Kusumawardhani is not available at that time." in news(one)
    assert "because a colleague is not available at that time." in news(replace(one, person=""))
    assert "karena dr. Maya Kusumawardhani berhalangan pada waktu itu." in news(replace(one, language="id"))


def test_other_private_matters_are_not_even_hinted_at() -> None:
    one = Situation(private=True)
    assert "for a reason on our side that we cannot share and that has nothing to do with you." in news(one)
    assert "for a private reason that is outside our control and has nothing to do with you." in news(
        replace(one, fault="nobody")
    )
    assert "because of the matter you know about." in news(replace(one, fault="customer", family="operational"))


def test_a_kept_time_says_until_when_and_an_open_one_that_others_may_take_it() -> None:
    kept, anybodys = "Kept for you until Mon 23 Nov, 17:00 WIB", "Not reserved: others can choose it too"
    assert write("offer", "email", Situation(kept="all")).text.count(kept) == 5
    assert anybodys not in write("offer", "email", Situation(kept="all")).text
    assert write("offer", "email", Situation(kept="none")).text.count(anybodys) == 5
    mixed = write("offer", "email", Situation(kept="some")).text
    assert (mixed.count(kept), mixed.count(anybodys)) == (2, 2)
    assert "Kept for you only until Mon 23 Nov, 12:45 WIB" in mixed


@pytest.mark.parametrize("kind", ["offer", "nudge"])
def test_a_letter_says_that_one_time_is_kept_for_less(kind: str) -> None:
    said = {
        "en": (
            "A time that we can keep only for a shorter while says so.",
            "only until Mon 23 Nov, 12:45",
        ),
        "id": (
            "Waktu yang hanya dapat kami tahan lebih singkat kami beri keterangan.",
            "hanya sampai Sen 23 Nov, 12.45",
        ),
    }
    for language, sentences in said.items():
        for kept, count in (("some", 1), ("all", 0)):
            text = " ".join(write(kind, "email", Situation(language=language, kept=kept)).text.split())
            assert [text.count(one) for one in sentences] == [count, count]


def test_each_offer_says_with_whom_and_why() -> None:
    text = write("offer", "email", Situation()).text
    said = [block.split("\n")[1].strip() for block in text.split("\n\n") if block[:2] in {"1.", "2.", "3.", "4.", "5."}]
    assert said == [
        "With dr. Rizal Hamdani – the soonest time we have",
        "The same day and hour, with dr. Rizal Hamdani",
        "With dr. Maya Kusumawardhani, as planned – the same hour on another day",
        "With dr. Maya Kusumawardhani, as planned",
        "With dr. Rizal Hamdani – our suggestion for you",
    ]


def test_a_free_time_that_is_nothing_special_is_not_praised() -> None:
    said = {}
    for language in LANGUAGES:
        one = Situation(language=language)
        plain = [{**offer, "why": why} for offer, why in zip(offers(one), ("same_day", "another"), strict=False)]
        text = write("offer", "email", one, offers=plain).text
        said[language] = re.findall(r"(?:With|Dengan) dr\. .* – (.*)", text)
    assert said == {
        "en": ["the same day at another time", "another free time"],
        "id": ["hari yang sama pada waktu lain", "waktu lain yang masih kosong"],
    }


CHOOSING = re.compile(
    "choose a|choose one|choose by|these times|these suits?|the times|all your choices|other times"
    "|pilih waktu baru|pilih pengganti|salah satu|semua pilihan|satu per satu|Mana yang|mohon dipilih",
    re.IGNORECASE,
)


@pytest.mark.parametrize("kind", ["offer", "nudge", "times_gone"])
def test_of_a_single_time_it_is_asked_whether_it_suits(kind: str) -> None:
    rounds = product(LANGUAGES, ("email", "sms", "call"), SERVICES, ("ours", "customer"), (1, 2), (False, True))
    for language, channel, service, fault, number, can_keep in rounds:
        one = Situation(
            language=language, service=service, fault=fault, round=number, can_keep=can_keep, kept="all",
            flags=("still_offered",), note=False,
        )  # fmt: skip
        rendered = write(kind, channel, one, offers=offers(one)[2:3])
        words = f"{rendered.subject}\n{rendered.text}"
        for said in (
            "ask for other times", "The times we offered", "the times we offered", "You asked for other times",
            "meminta waktu lain",
        ):  # fmt: skip
            words = words.replace(said, "")
        assert CHOOSING.findall(words) == [], f"{one}\n{words}"
        assert len(rendered.subject) <= 90
        if channel == "sms":
            assert len(rendered.text.strip()) <= 306
            if kind != "times_gone" and not (kind == "nudge" and can_keep):
                assert re.search("Does Thu 26 Nov|Cocokkah Kam 26 Nov", words), words


def test_the_offer_says_what_happens_without_an_answer() -> None:
    text = write("offer", "email", Situation()).text
    assert "Please choose one of these times by Monday, 23 November 2026 at 17:00 WIB." in text
    assert f"{CONTACT} will phone you by Tuesday, 24 November 2026 at 09:00 WIB" in text
    text = write("offer", "email", Situation(language="id")).text
    assert "paling lambat hari Senin, 23 November 2026 pukul 17.00 WIB." in text
    assert f"{CONTACT} akan menelepon Bapak paling lambat hari Selasa, 24 November 2026 pukul 09.00 WIB" in text


def test_the_second_apology_is_not_a_copy_of_the_first() -> None:
    for language in LANGUAGES:
        first, second = (Situation(language=language, round=number) for number in (1, 2))
        told_before, told_now = (set(news(one).split(". ")) for one in (first, second))
        assert told_before & told_now == set()
        assert CONTACT in news(second)
        assert write("offer", "email", first).subject != write("offer", "email", second).subject
    assert "We know that this is not the first time, and that we are the cause." in news(Situation(round=2))
    assert "ini bukan yang pertama kali, dan penyebabnya ada pada kami." in news(Situation(language="id", round=2))


def test_after_a_wish_of_theirs_we_do_not_call_ourselves_the_cause_of_it() -> None:
    one = Situation(round=2, flags=("wish_before", "same_contact"))
    assert "we are the cause" not in news(one)
    assert "now looking after this" not in news(one)
    assert "penyebabnya" not in news(replace(one, language="id"))


NO_TIME = {
    "en": (
        "There is no time yet that we can offer you. Sari Wulandari is looking for one and will phone you by "
        "Tuesday, 24 November 2026 at 09:00 WIB. If there are times to choose from before that, you get them at once."
    ),
    "id": (
        "Saat ini belum ada waktu pengganti yang dapat kami tawarkan. Sari Wulandari sedang mencarikannya dan akan "
        "menelepon Bapak paling lambat hari Selasa, 24 November 2026 pukul 09.00 WIB. "
        "Bila sebelum itu sudah ada pilihan waktu, langsung kami kirimkan."
    ),
}


def test_without_a_time_it_says_the_same_of_the_cause_and_who_gets_in_touch_by_when() -> None:
    for language, fault, private in product(LANGUAGES, ("ours", "nobody"), (False, True)):
        one = Situation(language=language, fault=fault, private=private, note=False)
        told = letter("no_time", one)
        assert told[1:3] == [news(one), NO_TIME[language]]
        assert "ask us to call you, ask a question, or cancel." in told[3] or "membatalkan." in told[3]
        assert not re.search("choose one|pilih salah satu|1\\.", write("no_time", "email", one).text)
    assert write("no_time", "email", Situation()).subject == (
        "Your appointment on Tue 24 Nov cannot take place: we will phone you"
    )
    assert write("no_time", "email", Situation(language="id", can_keep=True)).subject == (
        "Bolehkah janji temu Sel 24 Nov kami pindahkan? Kami akan menelepon"
    )
    assert write("no_time", "sms", Situation()).text.startswith(
        "Klinik Sentosa: your appointment on Tue 24 Nov, 14:30 WIB cannot take place because our ultrasound machine "
        "has to be repaired. We are sorry. No other time yet: Sari Wulandari will phone you by Tue 24 Nov, 09:00 WIB."
    )


def test_times_that_were_awaited_are_no_second_move_and_bring_no_second_apology() -> None:
    sorry = ("sorry", "maaf", "menyesal", "first time", "pertama kali", "come back to you", "sekali lagi", "once more")
    for language, fault, service in product(LANGUAGES, ("ours", "nobody", "customer"), SERVICES):
        one = Situation(language=language, fault=fault, service=service, flags=("awaited",))
        for channel in ("email", "sms", "call"):
            rendered = write("offer", channel, one)
            said = f"{rendered.subject}\n{rendered.text}".split("YOUR VOICE")[0].split("CARA BICARA")[0].lower()
            assert [word for word in sorry if word in said] == [], said
    assert news(Situation(flags=("awaited",))) == (
        f"We have found times for your appointment on {WHEN['en']}, which cannot take place, "
        "because our ultrasound machine has to be repaired. Thank you for waiting."
    )
    assert write("offer", "email", Situation(flags=("awaited",))).subject == (
        "We have found times for your appointment on Tue 24 Nov: please choose one"
    )
    assert "as you asked. Thank you" in news(Situation(fault="customer", flags=("awaited",)))
    assert "yang ingin kami pindahkan" in news(Situation(language="id", can_keep=True, flags=("awaited",)))


def test_who_was_told_without_a_time_is_not_told_of_times_that_went() -> None:
    for promise, said in (("find_times", "when there was no other time yet. I have looked"), ("call", "no time yet")):
        text = write("call", "call", Situation(promise=promise, flags=("no_time", "unasked"))).text
        assert said in text
        assert "no longer free" not in text
    without = {"withdrawn": Situation(flags=("withdrawn", "same_time")), "kept": Situation(flags=("same_time",))}
    for one, channel in product(without.values(), ("email", "sms", "call")):
        assert "we offered" not in write("kept", channel, one).text
        assert "asked you to choose" not in write("kept", channel, one).text


def test_a_second_move_adds_no_second_apology() -> None:
    """A bare apology once more is worse than none: what is new is that we know, and who looks after it."""
    for language, fault, wished in product(LANGUAGES, ("ours", "nobody"), (False, True)):
        for service, channel in product(SERVICES, ("email", "sms")):
            one = Situation(language=language, fault=fault, service=service, round=2, wished=wished)
            text = write("offer", channel, one).text.lower()
            assert [word for word in ("sorry", "maaf", "menyesal") if word in text] == [], text
    assert "we know this is not the first time" in write("offer", "sms", Situation(round=2)).text.lower()
    assert "Sentosa: sekali lagi, janji temu" in write("offer", "sms", Situation(language="id", round=2)).text


def test_who_asked_for_other_times_is_answered_first() -> None:
    rendered = write("offer", "email", Situation(wished=True, round=2))
    assert rendered.subject == "As you asked: other times for your appointment on Tue 24 Nov"
    assert news(Situation(wished=True, round=2)).startswith(
        f"You asked for other times for your appointment on {WHEN['en']}."
    )
    assert "as you asked" in rendered.text


IMPOSSIBLE = (
    "cannot", "not possible", "needs a new time", "still has no new time", "left without a time",
    "tidak dapat", "perlu dijadwalkan ulang", "belum ada jadwal pengganti",
)  # fmt: skip


def test_a_time_that_could_stay_is_never_called_impossible() -> None:
    kinds = product(LANGUAGES, ("ours", "nobody"), ("offer", "nudge", "expiry", "no_time"), ("email", "sms", "call"))
    for language, fault, kind, channel in kinds:
        rendered = write(kind, channel, Situation(language=language, fault=fault, can_keep=True))
        words = f"{rendered.subject}\n{rendered.text}".replace("cannot decide", "").split("YOUR VOICE")[0]
        assert [word for word in IMPOSSIBLE if word in words.lower()] == [], words
        if channel == "email":
            assert "that time stays yours" in words or "waktu semula tetap berlaku" in words
    assert "you can also keep the original time" in write("offer", "email", Situation(can_keep=True)).text
    assert (
        "waktu semula pun boleh tetap dipakai" in write("offer", "email", Situation(language="id", can_keep=True)).text
    )


def test_the_reminder_to_answer_does_not_repeat_the_apology() -> None:
    assert news(Situation(), "nudge").startswith(
        f"We have not had your answer yet. Your appointment on {WHEN['en']} still needs a new time, because"
    )
    assert "sorry" not in write("nudge", "email", Situation()).text


def test_when_every_offered_time_is_gone_the_reminder_says_so() -> None:
    text = write("nudge", "email", Situation(), offers=[]).text
    assert "The times we offered are no longer available, but you can ask for others until Monday, 23 November" in text
    assert "1." not in text


def test_a_confirmation_names_the_new_time_and_buries_the_old_one() -> None:
    rendered = write("confirmation", "email", Situation(flags=("by_us",)))
    assert rendered.subject == "Confirmed: your appointment is now on Thu 26 Nov, 14:30 WIB"
    assert rendered.text.split("\n\n")[1] == (
        "Thank you for choosing a new time. "
        "Your appointment is on Thursday, 26 November 2026 at 14:30 WIB, with dr. Rizal Hamdani. "
        f"The earlier time, {WHEN['en']}, no longer applies. "
        "This change came from us; thank you for going along with it."
    )
    by_phone = write("confirmation", "email", Situation(flags=("by_phone",))).text
    assert "Here is what we agreed." in by_phone
    assert "sorry" not in by_phone


@pytest.mark.parametrize(
    ("language", "said", "never"),
    [
        (
            "en",
            "The day and the hour stay as they were; only the person has changed: "
            "dr. Rizal Hamdani instead of dr. Maya Kusumawardhani.",
            ["no longer applies", "new time", "is now on"],
        ),
        (
            "id",
            "Hari dan jamnya tetap. Yang berubah hanya siapa yang melayani: "
            "dr. Rizal Hamdani menggantikan dr. Maya Kusumawardhani.",
            ["tidak berlaku lagi", "waktu baru", "jadwal baru", "waktu yang baru", "menjadi"],
        ),
    ],
)
def test_at_the_same_hour_only_the_person_is_new(language: str, said: str, never: list[str]) -> None:
    for kind, channel in product(("confirmation", "reminder"), ("email", "sms", "call")):
        one = Situation(language=language, flags=("moved", "same_time"))
        rendered = write(kind, channel, one)
        whole = f"{rendered.subject}\n{rendered.text}"
        assert [words for words in never if words in whole.lower()] == [], (kind, channel)
        if channel != "sms":
            assert said in " ".join(whole.split()), (kind, channel)
    subject = write("confirmation", "email", Situation(language=language, flags=("same_time",))).subject
    assert subject == {
        "en": "Confirmed, same time: your appointment on Tue 24 Nov, 14:30 WIB",
        "id": "Terkonfirmasi, waktu tetap: janji temu Bapak Sel 24 Nov, 14.30 WIB",
    }.get(language)


def test_questions_afterwards_are_announced_only_to_those_who_get_them() -> None:
    assert "two short questions" in write("confirmation", "email", Situation(flags=("follow",))).text
    assert "two short questions" not in write("confirmation", "email", Situation()).text


def test_own_words_come_back_as_they_were_written() -> None:
    text = write("acknowledgement", "email", Situation()).text
    assert "  I work until four, so only late afternoons are possible.\n  Thank you.\n" in text
    assert "R-1042" in text
    hostile = write("acknowledgement", "email", Situation(), words="<script>alert(1)</script> {{ customer }} [[link]]")
    assert "  <script>alert(1)</script> {{ customer }}" in hostile.text
    assert "<script" not in hostile.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ customer }}" in hostile.html


def test_the_follow_up_asks_both_questions_and_can_be_stopped() -> None:
    text = write("follow_up", "email", Situation()).text
    assert [line for line in text.split("\n") if line.endswith("?")] == [
        "How did we handle the change?",
        "Did the new time work for you?",
    ]
    assert "Would you rather not be asked? https://" in text


def test_where_only_the_person_changed_nobody_asks_about_a_new_time() -> None:
    said = {"en": "Was the change all right for you?", "id": "Apakah perubahan itu cocok?"}
    for language, channel in product(LANGUAGES, ("email", "call")):
        text = write("follow_up", channel, Situation(language=language, flags=("same_time",))).text
        assert not re.search("new time|Its time had|jadwal pengganti|jadwal itu sempat", text), text
        if channel == "email":
            assert said[language] in text


def test_the_script_tells_a_colleague_what_was_promised_and_how_to_sound() -> None:
    text = write("call", "call", Situation(promise="find_times")).text
    assert "That we look for other times by Monday, 23 November 2026 at 11:45 WIB. Responsible: Sari Wulandari." in text
    assert "Look for times on the board before you dial." in text
    assert "READ THE TIMES OUT" not in text
    assert "After an apology, stop and listen" in text
    assert "READ THE TIMES OUT" in write("call", "call", Situation(promise="answer_or_call")).text


def test_the_script_speaks_of_a_reason_only_where_one_stands() -> None:
    told = "tell no more about the reason than stands here"
    for kind in (
        "confirmation",
        "kept",
        "reminder",
        "follow_up",
        "reply",
        "acknowledgement",
        "not_reached",
        "times_gone",
    ):
        assert told not in write(kind, "call", Situation(answer="call_me")).text, kind
    for kind in ("offer", "nudge", "expiry", "no_time", "call", "cancellation"):
        assert told in write(kind, "call", Situation()).text, kind
    assert told not in write("offer", "call", Situation(fault="customer")).text


def test_who_has_not_asked_for_the_call_is_told_the_news() -> None:
    """A call in place of a message that could not be delivered, or that its reader prefers to be spoken."""
    asked, unasked = (
        write("call", "call", Situation(promise="call", flags=flags)).text for flags in ((), ("unasked",))
    )
    assert "“You asked us to call you, and here I am. How can I help?” Listen first." in asked
    assert "You asked us" not in unasked
    assert f"“We cannot keep your appointment on {WHEN['en']}, because our ultrasound" in unasked
    assert "READ THE TIMES OUT" in unasked
    gone = write("call", "call", Situation(promise="find_times", flags=("unasked",))).text
    assert "“The times we offered you are no longer available, and I am sorry. I have looked for others.”" in gone


def test_after_the_end_of_a_round_the_script_says_what_holds_now() -> None:
    for language in LANGUAGES:
        text = write("call", "call", Situation(language=language, flags=("ended", "unasked"))).text
        said = {
            "en": "“A message of ours may not have reached you. Your appointment is on Thursday, 26 November 2026",
            "id": "“Barangkali pesan kami tidak sampai. Janji temu Bapak dijadwalkan pada hari Kamis, 26 November 2026",
        }
        assert said[language] in text
        assert not re.search("READ THE TIMES OUT|BACAKAN|Which days|Hari apa", text)


def test_nothing_is_read_out_where_nothing_is_offered() -> None:
    text = write("call", "call", Situation(), offers=[]).text
    assert "ASK\n“Which days and which part of the day suit you?”" in text
    assert "If none does" not in text
    rendered = write("nudge", "email", Situation(), offers=[])
    assert rendered.subject.startswith("Please tell us by Mon 23 Nov, 17:00 WIB what suits you:")
    assert "Please tell us which times suit you by" in write("nudge", "sms", Situation(), offers=[]).text


def test_whom_we_cancel_finds_the_way_to_the_page() -> None:
    for language, said in (("en", "See where things stand:\nhttps://"), ("id", "Lihat perkembangannya:\nhttps://")):
        assert said in write("cancellation", "email", Situation(language=language)).text
        theirs = Situation(language=language, flags=("by_customer",))
        assert said not in write("cancellation", "email", theirs).text


def test_nobody_is_thanked_for_a_complaint() -> None:
    for language, channel in product(LANGUAGES, ("email", "sms")):
        text = write("acknowledgement", channel, Situation(language=language, answer="tell", note=False)).text
        assert not re.search("thank|terima kasih", text, re.IGNORECASE)


def test_the_script_also_works_for_a_promise_outside_any_round() -> None:
    nothing = dict.fromkeys(("was", "reason", "offers", "respond_by", "call_by", "personal_note"))
    text = write("call", "call", Situation(promise="reply"), **nothing).text
    assert "It is about your appointment.”" in text
    assert "Does that answer it for you?" in text


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_promise_stands_in_the_future(kind: str) -> None:
    """ "Phones you by Monday" is heard as a habit; what we undertake is said as what we will do."""
    present = re.compile(r"\b(?:phones|writes to|calls again|comes back|tries again|we phone|we write|gets in touch)\b")
    for channel in ("email", "sms", "call") if kind != "call" else ("call",):
        for one, rendered in everything(kind, channel):
            if one.language == "en":
                assert present.findall(f"{rendered.subject}\n{rendered.text}") == [], rendered.text


def test_indonesian_sends_messages_and_does_not_repeat_whose_it_is() -> None:
    for kind, channel in product(ALL_KINDS, ("email", "sms", "call")):
        if kind == "call" and channel != "call":
            continue
        for one, rendered in everything(kind, channel):
            if one.language == "id":
                words = f"{rendered.subject}\n{rendered.text}"
                twice = r"(Bapak|Ibu) (?:meminta|menyampaikan|lagi)[^.]*\b(?:janji temu|konsultasi|pengantaran) \1"
                assert not re.search(rf"\bmenulis\b|\bkami tulis\b|\borangnya\b|{twice}", words), words


@pytest.mark.parametrize("service", SERVICES)
def test_who_may_keep_the_time_is_not_told_that_plans_are_upset(service: str) -> None:
    for language, asked in (("en", "we are sorry to ask."), ("id", "kami mohon maaf merepotkan Bapak.")):
        one = Situation(language=language, service=service, can_keep=True)
        assert news(one).endswith(asked)
        assert not re.search("upsets your plans|terganggu", news(one))


def test_a_letter_names_no_telephone_where_the_business_has_none() -> None:
    for kind, language in product(("confirmation", "reminder", "kept"), LANGUAGES):
        text = write(kind, "email", Situation(language=language), business__phone="").text
        assert not re.search("by phone|lewat telepon", text), text
        assert re.search("by phone|lewat telepon", write(kind, "email", Situation(language=language)).text)


def test_a_call_is_promised_by_its_hour_and_no_more_than_possible_before_it() -> None:
    """When somebody is reached best is a hope where it comes before the hour, and else is said not to."""
    hopes = {
        "en": "Sari Wulandari will phone you by Monday, 23 November 2026 at 11:45 WIB, "
        "if possible in the morning (8–11) or in the evening (18–21).",
        "id": "Sari Wulandari akan menelepon paling lambat hari Senin, 23 November 2026 pukul 11.45 WIB, "
        "bila memungkinkan pada pagi hari (8–11) atau malam hari (18–21).",
    }
    honest = {
        "en": "Before this hour that is not possible, so the call may come at another time of the day.",
        "id": "Sebelum jam tersebut hal itu tidak memungkinkan, jadi kami bisa menelepon pada waktu lain.",
    }
    for language in LANGUAGES:
        hoped, beyond, any_time = (
            " ".join(write("acknowledgement", "email", Situation(language, answer="call_me", flags=flags)).text.split())
            for flags in (("in_reach",), ("out_of_reach",), ())
        )
        assert hopes[language] in hoped
        assert honest[language] not in hoped
        assert honest[language] in beyond
        assert hopes[language] not in beyond
        assert BEST[language] not in any_time
        assert honest[language] not in any_time


def test_the_script_says_when_the_customer_is_reached_best() -> None:
    for language, said in (("en", "Reached best: "), ("id", "Paling mudah dihubungi: ")):
        assert f"\n{said}{BEST[language]}.\n" in write("call", "call", Situation(language, flags=("in_reach",))).text
        assert said not in write("call", "call", Situation(language)).text
