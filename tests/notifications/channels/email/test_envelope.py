"""The bytes of a mail, read back by an ordinary mail program's parser."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail as django_mail
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.channels.email import envelope
from notifications.channels.email.backend import as_django_message
from notifications.enums import MessageState
from notifications.models import Message
from notifications.text.values import Attachment, Rendered
from tests.notifications.conftest import NOON, person, post

ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Kontrol gigi é\r\nEND:VCALENDAR\r\n"
INVITE = Attachment("invite.ics", ICS, "text/calendar", "REQUEST")


def parsed(ready: bytes) -> EmailMessage:
    mail = message_from_bytes(ready, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert all(part.defects == [] for part in mail.walk())
    return mail


def built(message: Message | None = None, letter: Rendered | None = None, **changes: Any) -> EmailMessage:
    letter = letter or Rendered("Subject", "Words\n", "<p>Words</p>")
    return parsed(envelope.with_date(envelope.build(message or unsaved(**changes), letter), NOON))


def unsaved(**changes: Any) -> Message:
    known: dict[str, Any] = {
        "to_name": "Siti",
        "email": "siti@mail.example",
        "language": "id",
        "about": "appointment:7",
        "context": {},
    }
    return Message(**known | changes)


def test_the_headers_say_who_writes_to_whom_and_that_nobody_typed_it() -> None:
    message = unsaved()
    mail = built(message)
    assert mail["From"] == "Front desk <desk@clinic.example>"
    assert mail["To"] == "Siti <siti@mail.example>"
    assert mail["Date"] == "Tue, 24 Nov 2026 05:00:00 +0000"
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] is None
    assert mail["List-Unsubscribe"] is None
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_all_letters_about_one_thing_are_one_conversation() -> None:
    first, second, other = (
        built(unsaved(about=about)) for about in ("appointment:7", "appointment:7", "appointment:8")
    )
    assert first["References"] == second["References"] != other["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"].endswith("@clinic.example>")


def test_the_business_has_its_name_on_the_envelope_and_gets_the_answers() -> None:
    mail = built(context={"from_name": "Klinik Sehat"}, reply_to="Meja depan <halo@klinik.example>")
    assert mail["From"] == "Klinik Sehat <desk@clinic.example>"
    assert mail["Reply-To"] == "Meja depan <halo@klinik.example>"


def test_a_follow_up_can_be_declined_with_one_click_by_its_working_link() -> None:
    mail = built(context={"unsubscribe_url": "https://clinic.example/no-more/[[key]]"}, secrets={"key": "abc"})
    assert mail["List-Unsubscribe"] == "<https://clinic.example/no-more/abc>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_an_invitation_goes_as_an_alternative_and_as_a_file() -> None:
    mail = built(attachments=[INVITE.__dict__])
    body, file = mail.iter_parts()
    calendar = list(body.iter_parts())[2]
    assert calendar.get_content_type() == "text/calendar"
    assert (calendar.get_param("method"), calendar.get_content()) == ("REQUEST", ICS)
    assert (file.get_filename(), file.get_content_disposition()) == ("invite.ics", "attachment")
    assert file.get_content() == ICS


def test_a_file_without_a_method_is_only_a_file() -> None:
    mail = built(attachments=[Attachment("list.csv", "a,b\n", "text/csv").__dict__])
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/csv",
    ]


HEADERS = {
    "Date", "From", "To", "Subject", "Message-ID", "References", "Auto-Submitted", "X-Auto-Response-Suppress",
    "Content-Language", "MIME-Version", "Content-Type", "Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post",
}  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(words=st.text(max_size=80), filename=st.text(max_size=30))
@pytest.mark.parametrize("hostile", ["\r\nBcc: all@x.example", "\nX-Evil: 1", "\r\n\r\n<script>", "=?utf-8?q?Bcc=3A?="])
def test_whatever_people_type_begins_no_header_and_ends_no_part(hostile: str, words: str, filename: str) -> None:
    typed = words + hostile
    mail = built(
        unsaved(
            to_name=typed,
            context={"from_name": typed, "unsubscribe_url": typed},
            reply_to="halo@klinik.example",
            language=hostile,
            attachments=[Attachment(filename + hostile, "x", "text/calendar" + hostile, "REQUEST" + hostile).__dict__],
        ),
        Rendered(subject=typed, text="Words\n", html="<p>Words</p>"),
    )
    assert set(mail.keys()) <= HEADERS
    assert len(mail.keys()) == len(set(mail.keys()))
    assert [address.addr_spec for address in mail["To"].addresses] == ["siti@mail.example"]
    assert [address.addr_spec for address in mail["From"].addresses] == ["desk@clinic.example"]
    part = mail.get_body(("plain",))
    assert part is not None
    assert part.get_content() == "Words\r\n"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_every_name_and_subject_arrives_as_it_was_typed(typed: str) -> None:
    wanted = " ".join(envelope.one_line(typed, limit=90).split())
    mail = built(unsaved(to_name=wanted), Rendered(wanted, "x\n", ""))
    assert str(mail["Subject"] or "") == wanted
    assert envelope.read_person(mail, "To") == (wanted, "siti@mail.example")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@clinic.example",
        "a@",
        "a b@x.example",
        "a@x.example, b@y.example",
        "<a@x.example>",
        "sité@x.example",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        envelope.bare(address)


def test_a_domain_in_another_script_is_written_as_the_net_knows_it() -> None:
    assert envelope.bare("siti@bücher.example") == "siti@xn--bcher-kva.example"


def test_a_back_end_of_a_provider_gets_the_same_mail_as_an_object() -> None:
    message = unsaved(attachments=[INVITE.__dict__], reply_to="halo@klinik.example")
    ready = envelope.with_date(envelope.build(message, Rendered("Halo Siti é", "Words\n", "<p>Words</p>")), NOON)
    django_message = as_django_message(ready)
    assert django_message.subject == "Halo Siti é"
    assert django_message.body == "Words\n"
    assert django_message.to == ["Siti <siti@mail.example>"]
    assert django_message.reply_to == ["halo@klinik.example"]
    assert django_message.extra_headers["Message-ID"] == message.message_id
    again = parsed(django_message.message().as_bytes())
    assert again["References"] == message.thread_id
    kinds = [part.get_content_type() for part in again.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "text/calendar"]


@pytest.mark.django_db(transaction=True)
def test_a_providers_back_end_carries_the_message_and_its_reference_is_kept(deliver: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    message = post(to=person(name="Siti é"))
    assert deliver().sent == 1
    (sent,) = django_mail.outbox
    assert sent.to == ["Siti é <person1@mail.example>"]
    message.refresh_from_db()
    assert (message.state, message.provider_ref) == (MessageState.SENT, "0")


@pytest.mark.django_db(transaction=True)
def test_a_reply_address_that_is_none_does_not_keep_the_message_here(
    deliver: Any, settings: Any, smtp_sink: Any
) -> None:
    settings.MESSAGE_REPLY_TO = "halo@klinik.example"
    post(reply_to="at the front desk")
    assert deliver().sent == 1
    (received,) = smtp_sink.wait_for(1)
    assert received.message["Reply-To"] == "halo@klinik.example"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["nobody", "sité@mail.example", "a b@mail.example"])
def test_an_address_that_is_none_takes_the_next_channel(deliver: Any, address: str) -> None:
    message = post(to=person(email=address, phone="+62811", channels=("email", "console")))
    assert message.mime is None
    report = deliver()
    assert (report.redirected, report.sent) == (1, 1)
    message.refresh_from_db()
    assert (message.state, message.channel) == (MessageState.SENT, "console")
