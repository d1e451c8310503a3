"""What the product brings along, in every language."""

import pytest

from appointments.domain import actors
from appointments.domain.recovery.honesty import Gravity
from appointments.domain.recovery.playbook import starting
from appointments.domain.recovery.wording import check, wording_of
from appointments.domain.setup import shipped
from appointments.domain.setup.shipped import CAUSES, TRADES, Shape, Wanted
from appointments.enums import ResourceKind
from appointments.forms.setup.reasons import OwnReasonForm
from appointments.models import Reason, Requirement, Service
from notifications.text import languages
from tests.clock import NOW
from tests.factories import LocationFactory, ProviderFactory, RoomFactory

ALL_SHAPES = [shape for shapes in TRADES.values() for shape in shapes]


@pytest.mark.parametrize("shape", ALL_SHAPES, ids=lambda shape: shape.code)
def test_every_service_has_a_name_in_every_language_and_keeps_the_limits(shape: Shape) -> None:
    assert set(shape.name) == set(languages.codes())
    made = Service(
        code=shape.code,
        name=shape.name,
        kind=shape.kind,
        minutes=shape.minutes,
        buffer_before=shape.before,
        buffer_after=shape.after,
        grid=shape.grid,
        notice_minutes=shape.notice,
    )
    made.clean_fields()


def test_there_are_five_trades_and_a_dozen_reasons() -> None:
    assert list(TRADES) == ["clinic", "salon", "workshop", "adviser", "delivery"]
    assert len(CAUSES) >= 12
    assert len({one.code for one in CAUSES}) == len(CAUSES)
    assert len({one.code for one in ALL_SHAPES}) == len(ALL_SHAPES)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.code)
def test_every_reason_is_one_that_the_form_would_take(cause: shipped.Cause) -> None:
    data: dict[str, str] = {"family": cause.family, "fault": cause.fault, "about": cause.about, "lasts": cause.lasts}
    data |= {f"label_{code}": text for code, text in cause.label.items()}
    data |= {f"wording_{code}": text for code, text in cause.wording.items()}
    form = OwnReasonForm(data)

    assert form.is_valid(), form.errors
    assert form.doubts == []
    assert set(cause.label) == set(cause.wording) == set(languages.codes())


def test_reasons_say_nothing_that_honesty_refuses() -> None:
    for cause in CAUSES:
        row = Reason(family=cause.family, fault=cause.fault, is_private=cause.is_private, wording=cause.wording)
        for code, text in cause.wording.items():
            found = [one for one in check(text, facts=wording_of(row, code)) if one.gravity == Gravity.REFUSED]
            assert (cause.code, code, found) == (cause.code, code, [])


@pytest.mark.django_db
def test_solutions_of_the_playbook_find_the_reasons_they_are_for() -> None:
    shipped.add_reasons([one.code for one in CAUSES], by=actors.SYSTEM, now=NOW)

    assert [one.code for one in starting.ONES if not one.causes().exists()] == []


@pytest.mark.django_db
def test_those_that_are_ticked_are_there_once_and_in_order() -> None:
    assert shipped.add_reasons(["power-cut", "room-closed", "no-such"], by=actors.SYSTEM, now=NOW) == 2
    assert shipped.add_reasons(["power-cut", "weather"], by=actors.SYSTEM, now=NOW) == 1

    found = [(one.code, one.position) for one in Reason.objects.order_by("position")]
    assert found == [("room-closed", 1), ("power-cut", 2), ("weather", 3)]
    assert {"power-cut", "weather"}.isdisjoint(one.code for one in shipped.causes_left())


@pytest.mark.django_db
def test_a_reason_that_was_changed_stays_as_it_is() -> None:
    shipped.add_reasons(["weather"], by=actors.SYSTEM, now=NOW)
    Reason.objects.update(wording={"en": "it snows", "id": "turun salju"})
    shipped.add_reasons(["weather"], by=actors.SYSTEM, now=NOW)

    assert str(Reason.objects.get().wording.localize("en")) == "it snows"


@pytest.mark.django_db
def test_a_service_is_made_of_its_shape_and_of_what_was_said() -> None:
    ratna, room = ProviderFactory(), RoomFactory()
    needs = {ResourceKind.PROVIDER: [ratna], ResourceKind.ROOM: [room], ResourceKind.EQUIPMENT: []}
    check_up = TRADES["clinic"][1]
    wanted = [Wanted(check_up, 25, 5, needs), Wanted(check_up, 60, 15, needs, {"en": "Gum treatment"})]
    made, named, again = shipped.add_services([*wanted, wanted[0]], by=actors.SYSTEM, now=NOW)

    assert (made.code, named.code, again.code) == ("check-up", "gum-treatment", "check-up-2")
    assert (made.minutes, made.buffer_after, made.grid, made.notice_minutes) == (25, 5, 30, 720)
    assert (made.name.data, named.name.data) == (check_up.name, {"en": "Gum treatment"})
    needed = {one.kind: list(one.candidates.all()) for one in Requirement.objects.filter(service=made)}
    assert needed == {ResourceKind.PROVIDER: [ratna], ResourceKind.ROOM: [room]}
    assert shipped.called(made) == {"health check-up", "pemeriksaan kesehatan"}


@pytest.mark.django_db
def test_rooms_are_proposed_where_all_its_places_have_one() -> None:
    place, other = LocationFactory(), LocationFactory()
    ratna, andi = ProviderFactory(location=place), ProviderFactory(location=other)
    room = RoomFactory(location=place)
    RoomFactory(location=place, is_active=False)

    assert shipped.rooms_for([ratna]) == [room]
    assert shipped.rooms_for([ratna, andi]) == []
