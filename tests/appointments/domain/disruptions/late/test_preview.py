"""What a colleague sees before anybody is told: who begins when, who hears of it, and who cannot."""

import pytest

from appointments.domain.disruptions import late
from appointments.domain.disruptions.late.preview import FEWEST, MOST
from appointments.errors import DomainError
from appointments.models import Appointment
from tests.appointments.domain.disruptions.late.world import coming, room_is_taken, so_late
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory


def shift(melati: Clinic, minutes: int = 40) -> late.Shift:
    return late.preview(so_late(melati, minutes), now=NOW)


def test_each_line_says_from_when_to_when_and_whether_it_is_told(melati: Clinic) -> None:
    first, second, third, _fourth = coming(melati, "10:00", "10:30", "11:35", "14:00")
    melati.booked("2026-11-23 15:00", provider=melati.colleague, customer=CustomerFactory())

    found = shift(melati)

    assert [(one.appointment, one.starts_at, one.minutes, one.is_told) for one in found.lines] == [
        (first, at("2026-11-23 10:40"), 40, True),
        (second, at("2026-11-23 11:10"), 40, True),
        (third, at("2026-11-23 11:40"), 5, False),
    ]
    assert (found.stays, found.people, len(found.impossible)) == (1, 2, 0)
    assert [one.ends_at for one in found.lines][:1] == [at("2026-11-23 11:10")]


def test_looking_changes_nothing(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    shift(melati)
    assert Appointment.objects.get(pk=appointment.pk).starts_at == at("2026-11-23 10:00")


@pytest.mark.parametrize(("minutes", "is_told"), [(10, True), (11, True)])
def test_people_are_told_from_ten_minutes_on(melati: Clinic, minutes: int, is_told: bool) -> None:
    coming(melati, "10:00")
    assert [one.is_told for one in shift(melati, minutes).lines] == [is_told]


def test_nine_minutes_are_not_worth_a_message(melati: Clinic) -> None:
    coming(melati, "10:00", "11:01")
    assert [one.is_told for one in shift(melati).lines] == [True, False]


def test_whoever_cannot_begin_later_stands_apart(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    room_is_taken(melati)
    found = shift(melati)
    assert [one.appointment for one in found.impossible] == [appointment]
    assert (found.shifted, found.people) == ([], 0)
    assert (found.lines[0].is_told, found.lines[0].ends_at) == (False, None)


def test_what_ends_after_closing_time_takes_place_and_is_marked(melati: Clinic) -> None:
    coming(melati, "15:50", "16:20")
    assert [one.outside_hours for one in shift(melati).lines] == [False, True]


@pytest.mark.parametrize("minutes", [FEWEST, MOST])
def test_so_few_and_so_many_minutes_can_be_said(melati: Clinic, minutes: int) -> None:
    coming(melati, "10:00")
    assert len(shift(melati, minutes).lines) == 1


@pytest.mark.parametrize("minutes", [9, 181])
def test_others_cannot(melati: Clinic, minutes: int) -> None:
    with pytest.raises(DomainError, match="10 to 180 minutes"):
        shift(melati, minutes)


def test_somebody_has_to_be_late(melati: Clinic) -> None:
    nobody = late.Late(melati.location, (), 40, melati.reason, melati.staff)
    with pytest.raises(DomainError, match="Choose who runs late"):
        late.preview(nobody, now=NOW)
