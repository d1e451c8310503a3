"""A test goes to oneself alone, says that it is one, and holds no customer and no live link."""

import pytest
from django.contrib.auth.models import User

from appointments.domain.messages.wording import trying
from appointments.errors import DomainError
from notifications.models import Message, Wording
from tests.clock import NOW
from tests.factories import Clinic


def test_it_goes_to_the_colleague_with_the_words_as_typed(budi: User) -> None:
    message = trying.send("confirmation", "id", {"by_us": "Terima kasih, {nama}."}, to=budi, now=NOW)
    assert (message.email, message.language, message.channels) == ("budi@melati.example", "id", ["email"])
    assert message.subject.startswith("Percobaan: Terkonfirmasi: janji temu Ibu menjadi")
    assert "Terima kasih, Ibu Ratna Dewi." in message.text
    assert not Wording.objects.exists()
    assert message.true_if == {}


def test_its_links_open_nothing(budi: User) -> None:
    message = trying.send("confirmation", "en", {}, to=budi, now=NOW)
    assert message.secrets == {"link": "test"}
    assert b"/r/test/" in bytes(message.mime or b"")
    assert message.text.startswith("This is a test. The links in it lead nowhere.")


def test_what_all_letters_share_is_tried_in_a_confirmation(budi: User) -> None:
    message = trying.send("every", "en", {"regards": "Yours,"}, to=budi, now=NOW)
    assert (message.kind, "Yours,\n" in message.text) == ("confirmation", True)


def test_two_tests_are_two_messages(budi: User) -> None:
    trying.send("reminder", "en", {}, to=budi, now=NOW)
    trying.send("reminder", "id", {}, to=budi, now=NOW)
    assert Message.objects.count() == 2


def test_without_an_address_nothing_is_sent(melati: Clinic, budi: User) -> None:
    budi.email = ""
    with pytest.raises(DomainError, match="Your own account has no e-mail address"):
        trying.send("reminder", "en", {}, to=budi, now=NOW)
    assert not Message.objects.exists()
