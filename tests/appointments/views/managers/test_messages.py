"""What our messages say, on the pages of the settings: shown, tried, saved, and never half."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from appointments import roles
from appointments.domain.messages.wording import labels
from appointments.models import AuditEntry
from notifications.models import Message, Wording
from tests.clock import NOW
from tests.factories import Clinic
from tests.factories.people import colleague

LIST, REMINDER = "/settings/messages/", "/settings/messages/reminder/"
OURS = {
    "en-subject": "Reminder: {appointment} on {when}",
    "en-reminds": "This is just a reminder.",
    "en-new_time": "Please note that this is the new time.",
    "en-sms_begins": "{business}:",
    "en-sms_asks": "Something came up?",
    "id-subject": "Pengingat: {janji_temu} {waktu}",
    "id-reminds": "Sekadar mengingatkan.",
    "id-new_time": "Mohon diingat, ini waktu yang baru.",
    "id-sms_begins": "{usaha}:",
    "id-sms_asks": "Ada halangan?",
}


def typed(step: str = "save", **words: str) -> dict[str, str]:
    said = {name.replace("__", "-"): text for name, text in words.items()}
    return {**OURS, "en-seen": "0", "id-seen": "0", "step": step, **said}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_list_names_every_message_and_whose_words_it_has(office: Client) -> None:
    office.post(REMINDER, typed(en__opening="We look forward to seeing you."))
    shown = text_of(office.get(LIST))
    assert "English: yours, version 1, by Budi Santoso, 23 Nov · Indonesian: the standard text" in shown
    assert shown.count("English: the standard text · Indonesian: the standard text") == len(labels.KINDS) - 1


def test_a_message_is_shown_with_our_words_in_each_language(office: Client) -> None:
    answer = office.get(REMINDER)
    assert answer.status_code == 200
    shown = text_of(answer)
    assert all(f">\n{text}</textarea>" in shown for text in OURS.values())
    assert "With an invented customer" in shown
    assert not Wording.objects.exists()


def test_saving_makes_a_version_of_what_differs_and_says_so(office: Client, budi: User) -> None:
    answer = office.post(REMINDER, typed(id__reminds="Kami hanya mengingatkan, {nama}."), follow=True)
    assert answer.redirect_chain == [(REMINDER, 302)]
    assert "Saved. Messages that are written from now on say it so." in text_of(answer)
    row = Wording.objects.get()
    assert (row.kind, row.language, row.version, row.by, row.at) == ("reminder", "id", 1, budi, NOW)
    assert row.parts == {"reminds": "Kami hanya mengingatkan, {nama}."}
    assert AuditEntry.objects.get().noun == "wording"


def test_showing_stores_nothing_and_shows_what_is_typed(office: Client) -> None:
    answer = office.post(REMINDER, typed("show", en__opening="We look forward to it, {name}."))
    assert answer.status_code == 200
    assert "We look forward to it, Ratna Dewi." in text_of(answer)
    assert (Wording.objects.count(), Message.objects.count()) == (0, 0)


def test_a_message_is_shown_in_the_situation_that_was_chosen(office: Client) -> None:
    page = "/settings/messages/offer/"
    usual = text_of(office.get(page))
    assert '<option value="again">moved for the second time</option>' in usual
    chosen = text_of(office.post(page, {"step": "show", "situation": "again"}))
    assert '<option value="again" selected>' in chosen
    assert (Wording.objects.count(), Message.objects.count()) == (0, 0)
    for nonsense in ("burn", "\x00", "<script>", "phone"):
        shown = office.post(page, {"step": "show", "situation": nonsense})
        assert shown.status_code == 200
        assert "selected>" not in text_of(shown)


def test_where_nothing_differs_nothing_is_to_be_chosen(office: Client) -> None:
    assert "In which situation" not in text_of(office.get("/settings/messages/reply/"))


def test_a_test_is_sent_in_the_situation_that_was_chosen(office: Client) -> None:
    said = {"situation": "as-booked"}
    office.post(REMINDER, {**typed("test-en"), **said})
    assert OURS["en-new_time"] not in Message.objects.get().text


@pytest.mark.parametrize(("step", "status"), [("save", 422), ("show", 200), ("test-en", 422)])
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(office: Client, step: str, status: int) -> None:
    words = {"en__opening": "Hello {foo} <b>", "id__ending": "😀" * 601, "en__sms_begins": "Melati 😀"}
    answer = office.post(REMINDER, typed(step, **words))
    assert answer.status_code == status
    shown = text_of(answer)
    assert "“&lt;b&gt;” would be read as it stands." in shown
    assert "These are 601 letters; there is room for 600." in shown
    assert "“😀” makes every text message two or three times as dear." in shown
    assert "Hello {foo} &lt;b&gt;</textarea>" in shown
    assert "😀" * 601 in shown
    assert (Wording.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize("text", ["a\x00b", "a\x01b", "\u202eabc", "x" * 100_000, "{" * 500, "{{" * 200])
def test_nothing_that_is_typed_breaks_the_page(office: Client, text: str) -> None:
    answer = office.post(REMINDER, typed(en__opening=text))
    assert answer.status_code == 422
    assert not Wording.objects.exists()


def test_a_text_message_that_needs_three_is_refused(office: Client) -> None:
    answer = office.post(REMINDER, typed(en__sms_begins="{business}, " + "which is glad to see you again, " * 4 + ":"))
    assert answer.status_code == 422
    assert "and two messages hold 306." in text_of(answer)


def test_a_test_goes_to_the_reader_alone_and_stores_nothing(office: Client, budi: User) -> None:
    User.objects.filter(pk=budi.pk).update(email="budi@melati.example")
    answer = office.post(REMINDER, typed("test-id", id__opening="Sampai jumpa, {nama}."))
    assert "A test is on its way to budi@melati.example. Nothing is saved by it." in text_of(answer)
    message = Message.objects.get()
    assert (message.email, message.language, message.kind) == ("budi@melati.example", "id", "reminder")
    assert "Sampai jumpa, Ibu Ratna Dewi." in message.text
    assert not Wording.objects.exists()
    assert "Sampai jumpa, {nama}.</textarea>" in text_of(answer)


@pytest.mark.parametrize("step", ["test-xx", "test-"])
def test_a_test_in_no_language_is_refused(office: Client, step: str) -> None:
    answer = office.post(REMINDER, typed(step))
    assert (answer.status_code, Message.objects.count()) == (422, 0)


def test_a_colleague_who_saved_in_between_is_shown_and_not_overwritten(office: Client) -> None:
    office.post(REMINDER, typed(en__opening="We look forward to seeing you."))
    answer = office.post(REMINDER, typed(en__opening="See you soon."))
    shown = text_of(answer)
    assert answer.status_code == 422
    assert "Budi Santoso has saved version 1 in English meanwhile." in shown
    assert "See you soon.</textarea>" in shown
    assert 'name="en-seen" value="1"' in shown
    assert Wording.objects.get().parts == {"opening": "We look forward to seeing you."}
    office.post(REMINDER, typed(en__opening="See you soon.", en__seen="1"))
    assert Wording.objects.order_by("-version")[0].parts == {"opening": "See you soon."}


def test_back_to_ours_and_an_earlier_version_again(office: Client) -> None:
    office.post(REMINDER, typed(en__opening="We look forward to seeing you."))
    back = f"{REMINDER}en/back/"
    assert office.post(back, {"version": 0, "seen": 1}).status_code == 302
    assert office.post(back, {"version": 1, "seen": 2}).status_code == 302
    stale = office.post(back, {"version": 0, "seen": 1}, follow=True)
    assert "meanwhile" in text_of(stale)
    assert [row.parts for row in Wording.objects.order_by("version")] == [
        {"opening": "We look forward to seeing you."},
        {},
        {"opening": "We look forward to seeing you."},
    ]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"{REMINDER}xx/back/", {"version": 0, "seen": 0}),
        (f"{REMINDER}en/back/", {"version": "x", "seen": 0}),
        (f"{REMINDER}en/back/", {}),
        (f"{LIST}nothing/en/back/", {"version": 0, "seen": 0}),
    ],
)
def test_what_there_is_not_cannot_be_brought_back(office: Client, path: str, said: dict[str, Any]) -> None:
    assert (office.post(path, said).status_code, Wording.objects.count()) == (404, 0)


def test_of_a_message_that_nobody_sends_there_is_no_page(office: Client) -> None:
    assert [office.get(f"{LIST}{kind}/").status_code for kind in ("call", "nothing", "every")] == [404, 404, 200]


def test_whoever_may_not_change_the_business_finds_nothing(client: Client, melati: Clinic) -> None:
    client.force_login(colleague(roles.FRONT_DESK, username="sari"))
    assert [client.get(path).status_code for path in (LIST, REMINDER)] == [404, 404]
    assert client.post(REMINDER, typed()).status_code == 404
    assert client.post(f"{REMINDER}en/back/", {"version": 0, "seen": 0}).status_code == 404


def test_the_tone_of_the_business_is_chosen_with_its_names(office: Client, melati: Clinic) -> None:
    shown = text_of(office.get("/settings/business/"))
    assert "warm, as among people who know each other" in shown
    assert "Dear Ratna Dewi," in shown
    assert "Hello Ratna Dewi," in text_of(office.get("/settings/tone/?tone=warm"))
    assert "Dear Ratna Dewi," in text_of(office.get("/settings/tone/?tone=rude"))
    assert "Yth. Ibu Ratna Dewi," in text_of(office.get("/setup/business/"))
