"""How a message reads with words that nobody has stored: by the code that sends it."""

from typing import Any

from django.contrib.auth.models import User

from appointments.domain import actors
from appointments.domain.messages.wording import saving, shown
from appointments.models import Business
from notifications.models import Message, Wording
from tests.clock import NOW
from tests.factories import Clinic
from tests.languages import add_dutch


def test_each_language_is_shown_by_mail_and_by_text_message(melati: Clinic) -> None:
    english, indonesian = shown.in_each("confirmation", {"en": {"by_us": "Thanks, {name}."}, "id": {}}, now=NOW)
    mail, sms = english.previews
    assert (english.language, mail.channel, sms.channel) == ("en", "email", "sms")
    assert "Thanks, Ratna Dewi." in mail.rendered.text
    assert "Thanks, Ratna Dewi." in mail.rendered.html
    assert "Perubahan ini datang dari kami" in indonesian.previews[0].rendered.text
    assert not Message.objects.exists()
    assert not Wording.objects.exists()


def test_what_is_typed_takes_the_place_of_what_is_in_force(melati: Clinic, budi: User) -> None:
    saving.save("reminder", {"en": {"reminds": "Soon."}}, seen={"en": 0}, by=actors.staff(budi), now=NOW)
    one = shown.in_each("reminder", {"en": {}}, now=NOW)[0]
    assert "This is just a reminder." in one.previews[0].rendered.text


def test_the_link_counts_as_long_as_it_is_when_it_leaves(melati: Clinic) -> None:
    one = shown.in_each("reminder", {"en": {}}, now=NOW)[0]
    sms = one.previews[1].rendered.text.strip()
    assert one.letters == len(sms) - len("•••") + 43
    assert (one.parts, one.is_too_long) == (2, False)


def test_how_many_text_messages_it_takes() -> None:
    def parts(letters: int) -> tuple[int, bool]:
        one = shown.Shown("en", [], "", None, letters)
        return one.parts, one.is_too_long

    assert [parts(n) for n in (160, 161, 306, 307)] == [(1, False), (2, False), (2, False), (3, True)]


def test_a_tone_can_be_tried(melati: Clinic) -> None:
    said = {
        tone: shown.in_each("confirmation", {"id": {}}, tone=tone, now=NOW)[0] for tone in ("polite", "warm", "brief")
    }
    first = {tone: one.previews[0].rendered.text.split("\n")[0] for tone, one in said.items()}
    assert first == {"polite": "Yth. Ibu Ratna Dewi,", "warm": "Halo Kak Ratna Dewi,", "brief": "Ibu Ratna Dewi,"}
    assert "terima kasih atas pengertian Kak." in said["warm"].previews[0].rendered.text
    assert "Salam hangat selalu," in said["warm"].previews[0].rendered.text


def test_words_are_explained_with_todays_example(melati: Clinic) -> None:
    words = {one.typed: (one.what, one.example) for one in shown.words_for("confirmation", "id", now=NOW)}
    assert words["{nama}"] == ("the customer’s name, with the title that we know", "Ibu Ratna Dewi")
    assert words["{usaha}"][1] == Business.current().name
    assert words["{janji_temu}"][1] == "janji temu Ibu"
    assert words["{waktu}"][1].endswith("WIB")
    assert "{sapaan}" in words
    assert "{you}" not in {one.typed for one in shown.words_for("confirmation", "en", now=NOW)}


def test_a_language_without_the_message_is_not_shown_in_another(melati: Clinic, settings: Any) -> None:
    add_dutch(settings)
    one = shown.in_each("confirmation", {"nl": {"thanks": "Bedankt, {name}."}}, now=NOW)[0]
    assert "Bedankt, Ratna Dewi." in one.previews[0].rendered.text


def test_a_tone_is_heard_at_the_beginning_and_at_the_end(melati: Clinic) -> None:
    melati.offered()
    said = dict(shown.beginning_and_end("warm", now=NOW))
    assert said["en"][0] == "Hello Ratna Dewi,"
    assert said["en"][-1].startswith("Warm regards,")
    assert said["id"][0] == "Halo Kak Ratna Dewi,"
    assert said["id"][1].startswith("Terima kasih sudah memilih waktu baru.")
    assert said["id"][-2:][0] == "…"
