"""What the rule layer says and what the letters ask for fit together: every message of a real story can be read."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from appointments.domain import actors, booking, watchdog
from appointments.domain.messages import previews
from appointments.domain.moving import answers, chasing, offers, reminders, rounds
from appointments.domain.schedule.slots import Wishes
from appointments.enums import PromiseKind
from appointments.models import Appointment, Promise, RescheduleRequest
from notifications.enums import MessageState
from notifications.models import Message
from tests.clock import NOW, days, hours, minutes
from tests.factories import Clinic, CustomerFactory, StaffFactory, clinic, letters_have_left

pytestmark = pytest.mark.django_db


@pytest.fixture
def sari() -> User:
    return StaffFactory(first_name="Sari", last_name="Wulandari", email="sari@clinic.example")


def booked(world: Clinic, language: str, starts_at: str = "2026-11-24 10:00") -> Appointment:
    customer = CustomerFactory(name="Budi Santoso", honorific="mr", language=language)
    return world.booked(starts_at, customer=customer)


def offer(
    world: Clinic, appointment: Appointment, sari: User, *, now: datetime = NOW, **fields: Any
) -> RescheduleRequest:
    draft = world.draft(appointment, now=now, contact=sari, **fields)
    return rounds.open_round(appointment, draft, by=actors.staff(sari), now=now)


def written(appointment: Appointment) -> dict[str, str]:
    """The plain texts about an appointment by kind. Fails when one could not be written."""
    messages = Message.objects.for_about(appointment.about)
    unwritten = [one.kind for one in messages if not one.text or one.state == MessageState.PARKED]
    assert unwritten == []
    return {one.kind: f"{one.subject}\n{one.text}" for one in messages}


@pytest.mark.parametrize(("language", "greeting"), [("en", "Dear Budi Santoso,"), ("id", "Yth. Bapak Budi Santoso,")])
def test_silence_and_a_late_pick_can_be_read_from_beginning_to_end(sari: User, language: str, greeting: str) -> None:
    world = clinic()
    appointment = booked(world, language)
    round_ = offer(world, appointment, sari)
    for passed in (61, 100, 121):
        chasing.chase_answers(now=NOW + minutes(passed))
    round_.refresh_from_db()
    answers.accept(offers.takeable(round_, now=NOW + minutes(125))[0], nonce="late", now=NOW + minutes(126))
    appointment.refresh_from_db()
    reminders.remind(appointment, now=appointment.starts_at - hours(5))
    booking.complete(appointment, by=actors.SYSTEM, now=appointment.ends_at + minutes(1))
    reminders.ask(appointment, now=appointment.ends_at + hours(3))

    texts = written(appointment)
    assert set(texts) == {"offer", "nudge", "expiry", "confirmation", "reminder", "follow_up"}
    assert [kind for kind, text in texts.items() if greeting not in text] == []
    assert [kind for kind, text in texts.items() if "WIB" not in text or "[[" in text] == []
    assert [kind for kind in ("offer", "nudge", "expiry", "confirmation") if "Sari Wulandari" not in texts[kind]] == []


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_word_without_times_and_the_times_that_follow_can_be_read(sari: User, language: str) -> None:
    world = clinic()
    appointment = booked(world, language)
    told = world.told(appointment, contact=sari)
    offer(world, appointment, sari, now=NOW + hours(1))
    texts = written(appointment)
    assert set(texts) == {"no_time", "offer"}
    assert "Sari Wulandari" in texts["no_time"]
    assert {"en": "Thank you for waiting.", "id": "Terima kasih sudah menunggu."}[language] in texts["offer"]
    scripts = [previews.call_script(one, now=NOW) for one in told.promises.all()]
    assert [script for script in scripts if "WIB" not in script] == []


@pytest.mark.parametrize("language", ["en", "id"])
def test_whatever_a_customer_answers_is_answered(sari: User, language: str) -> None:
    world = clinic()
    later: dict[str, Any] = {"can_keep": True, "respond_by": NOW + hours(3)}
    kept, gone, called, wished, told, withdrawn = (
        booked(world, language, f"2026-11-{day} 10:00") for day in (24, 25, 26, 27, 28, 30)
    )
    answers.keep(offer(world, kept, sari, **later), nonce="k", now=NOW)
    answers.cancel(offer(world, gone, sari), nonce="c", now=NOW)
    answers.call_me(offer(world, called, sari), nonce="m", words="After lunch, please.", now=NOW)
    answers.ask_other_times(
        offer(world, wished, sari), wishes=Wishes(parts=frozenset({"afternoon"})), nonce="o", now=NOW
    )
    answers.tell(offer(world, told, sari), words="I took the day off for this.", nonce="t", now=NOW)
    taken_back = offer(world, withdrawn, sari)
    letters_have_left()
    rounds.withdraw(taken_back, by=actors.staff(sari), now=NOW + hours(1))

    assert set(written(kept)) == {"offer", "kept"}
    assert set(written(gone)) == {"offer", "cancellation"}
    assert "After lunch, please." in written(called)["acknowledgement"]
    assert "I took the day off for this." in written(told)["acknowledgement"]
    subjects = Message.objects.for_about(wished.about).filter(kind="offer").values_list("subject", flat=True)
    asked = {"en": "As you asked: other times", "id": "Sesuai permintaan: waktu lain"}[language]
    assert [subject for subject in subjects if subject.startswith(asked)] != []
    assert written(wished).keys() == {"offer"}
    assert set(written(withdrawn)) == {"offer", "kept"}


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_promise_has_a_script_and_its_owner_is_warned(sari: User, language: str) -> None:
    world = clinic()
    appointment = booked(world, language)
    round_ = offer(world, appointment, sari)
    answers.call_me(round_, nonce="m", words="After lunch, please.", now=NOW)
    answers.tell(round_, nonce="t", words="I took the day off for this.", now=NOW)
    impossible = Wishes(until_day=NOW.date(), parts=frozenset({"evening"}))
    answers.ask_other_times(round_, wishes=impossible, nonce="o", words="Only today.", now=NOW)

    scripts = {one.kind: previews.call_script(one, now=NOW) for one in Promise.objects.to_work_on()}
    assert set(scripts) == {PromiseKind.CALL, PromiseKind.FIND_TIMES, PromiseKind.REPLY}
    assert "After lunch, please." in scripts[PromiseKind.CALL]
    assert [kind for kind, text in scripts.items() if "Budi Santoso" not in text or "WIB" not in text] == []

    watchdog.watch(now=NOW + days(1))
    warning = Message.objects.get(kind="escalation", to_ref=f"user:{sari.pk}")
    owed = {f"/promises/{pk}/" for pk in Promise.objects.to_work_on().values_list("pk", flat=True)}
    assert set(re.findall(r"/promises/\d+/", warning.text)) == owed
    assert len(owed) == 3
