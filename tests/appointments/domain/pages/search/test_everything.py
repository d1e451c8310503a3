"""Words mean whatever fits them: a number, a customer, who and what works here, what can be booked."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain.pages.search.everything import Everything, Within, everything
from appointments.models import Appointment, Compensation, RecoveryCase, RescheduleRequest, Resource
from tests.clock import NOW, at
from tests.factories import (
    Clinic,
    CustomerFactory,
    LocationFactory,
    ProviderFactory,
    RecoveryCaseFactory,
    RescheduleRequestFactory,
    RoomFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db


def asked(words: str, *, appointments: bool = True) -> Everything:
    within = Within(
        appointments=Appointment.objects.for_display() if appointments else Appointment.objects.none(),
        rounds=RescheduleRequest.objects.for_display(),
        codes=Compensation.objects.for_display(),
        cases=RecoveryCase.objects.all(),
        resources=Resource.objects.filter(is_active=True).select_related("location"),
    )
    return everything(words, within, now=NOW)


@pytest.mark.parametrize("words", ["ratna", "dr. RATNA", "ratna dr", "Rátna"])
def test_a_colleague_is_found_by_any_words_of_the_name(melati: Clinic, words: str) -> None:
    ProviderFactory(name="Dr. Budiono", location=melati.location)
    assert [one for one, _day in asked(words).resources] == [melati.provider]


def test_what_works_elsewhere_comes_with_the_day_that_it_is_there(db: None) -> None:
    here = RoomFactory(name="Laser 2", location=LocationFactory(zone="Asia/Jakarta"))
    there = RoomFactory(name="Laser 3", location=LocationFactory(zone="America/New_York"))
    within = Within(
        appointments=Appointment.objects.none(),
        rounds=RescheduleRequest.objects.all(),
        codes=Compensation.objects.all(),
        cases=RecoveryCase.objects.all(),
        resources=Resource.objects.order_by("name"),
    )
    shown = everything("laser", within, now=at("2026-11-24 02:00"))
    assert shown.resources == [(here, date(2026, 11, 24)), (there, date(2026, 11, 23))]


@pytest.mark.parametrize("words", ["gigi", "cleaning", "TOOTH cleaning", "pembersihan gigi"])
def test_a_service_is_found_in_every_language_while_it_is_in_use(db: None, words: str) -> None:
    name = {"en": "Tooth cleaning", "id": "Pembersihan gigi"}
    cleaning = ServiceFactory(name=name)
    ServiceFactory(name=name, is_active=False)
    assert asked(words).services == [cleaning]


def test_a_complaint_is_found_by_its_own_number_or_by_that_of_its_round(melati: Clinic) -> None:
    own = RecoveryCaseFactory(appointment=melati.booked("2026-11-24 10:00"))
    round_ = RescheduleRequestFactory(appointment=melati.booked("2026-11-25 10:00"))
    of_round = RecoveryCaseFactory(appointment=round_.appointment, request=round_)

    assert asked(f"k{1000 + own.pk}").complaints == [own]
    assert asked(f"K-{1000 + of_round.pk}").complaints == []
    shown = asked(round_.case_number)
    assert (shown.complaints, shown.appointments, shown.numbered) == ([of_round], [round_.appointment], 2)


def test_what_the_reader_may_not_see_is_not_found_by_its_number(melati: Clinic) -> None:
    booked = melati.booked()
    assert asked(f"#{booked.pk}").appointments == [booked]
    assert asked(f"#{booked.pk}", appointments=False).appointments == []


def test_of_one_kind_only_some_are_shown_and_all_are_counted(melati: Clinic) -> None:
    for _ in range(13):
        RoomFactory(name="Kamar", location=melati.location)
    CustomerFactory.create_batch(2, name="Kamarudin")
    shown = asked("kamar")
    assert (len(shown.resources), len(shown.customers.rows), shown.count) == (12, 2, 14)


def test_no_words_ask_nothing(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert asked(" - ").count == 0
    assert len(queries) == 0


def test_a_reference_costs_some_queries_more_and_never_more_than_that(melati: Clinic) -> None:
    melati.booked()
    counts = []
    for words in ("ana", "R-1042", "#12", "ABCD-2345"):
        with CaptureQueriesContext(connection) as queries:
            asked(words)
        counts.append(len(queries))
    assert counts == [4, 5, 4, 4]
