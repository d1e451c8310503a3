"""Words are let go kind by kind, and what of them is no word stays."""

import pytest

from appointments.domain.privacy.words import let_go
from appointments.enums import DataKind
from appointments.models import Appointment, Promise, RecoveryCase, Statement, WordsGone
from tests.clock import NOW, days
from tests.factories import Clinic
from tests.factories.privacy import NUMBER, SAID, WORD, told_everything

pytestmark = pytest.mark.django_db


def test_only_the_kind_that_is_named_goes(melati: Clinic) -> None:
    told_everything(melati)
    appointments = Appointment.objects.all()
    let_go(appointments, DataKind.WORDS, now=NOW)
    case = RecoveryCase.objects.get()
    assert (case.wants, case.cost, case.learned) == ("–", "–", SAID)
    assert Promise.objects.filter(details=SAID).exists()
    let_go(appointments, DataKind.NOTES, now=NOW)
    assert RecoveryCase.objects.get().learned == "–"
    assert not Promise.objects.filter(details=SAID).exists()


def test_where_nothing_was_said_no_sign_is_put(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    let_go(Appointment.objects.all(), DataKind.NOTES, now=NOW)
    appointment.refresh_from_db()
    assert appointment.note == ""


def test_a_file_keeps_hours_and_places_of_what_it_said(melati: Clinic) -> None:
    told_everything(melati)
    Statement.objects.update(said={"name": WORD, "phone": NUMBER, "starts_at": "2026-11-24T10:00", "service": 1})
    let_go(Appointment.objects.all(), DataKind.WORDS, now=NOW)
    assert Statement.objects.get().said == {"starts_at": "2026-11-24T10:00", "service": 1}


def test_let_go_again_it_is_one_row_with_the_later_hour(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    for now in (NOW, NOW + days(1)):
        let_go(Appointment.objects.all(), DataKind.WORDS, now=now)
    assert list(WordsGone.objects.values_list("kind", "at")) == [("words", NOW + days(1))]
