"""What stands in a column of a board, whether it is a resource or a day."""

import pytest

from appointments.domain.pages.diary.columns import blocks_of, column, drawn_now
from appointments.domain.pages.diary.scale import Scale, days_side_by_side, scales
from appointments.domain.schedule.spans import Span
from appointments.enums import Manner
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def drawn(world: Clinic, *, first: str = "08:00", last: str = "17:00") -> Scale:
    days = days_side_by_side([at("2026-11-24 00:00").date()], world.location.tzinfo)
    [scale] = scales(days, [[Span(at(f"2026-11-24 {first}"), at(f"2026-11-24 {last}"))]])
    return scale


def test_where_we_come_to_the_customer_the_block_says_whereabouts(melati: Clinic) -> None:
    ana = CustomerFactory(address="Jl. Teratai No. 12, RT 05/RW 02, Cempaka Putih, Jakarta Pusat 10510")
    melati.booked("2026-11-24 09:00", customer=ana, manner=Manner.HOME)
    melati.booked("2026-11-24 10:00", customer=ana)

    blocks = blocks_of([melati.provider], drawn(melati).day.span, now=NOW)[melati.provider.pk]

    assert [block.district for block in blocks] == ["Cempaka Putih", ""]


@pytest.mark.parametrize(
    ("address", "district"),
    [
        ("Jl. Kemuning No. 3, Kemang", "Kemang"),
        ("Hauptstraße 5, 10115 Berlin", "Berlin"),
        ("12 High Street, Flat 3, Hampstead, London NW3", "Hampstead"),
        ("Jl. Melati 4, Blok C2, Bintaro", "Bintaro"),
        ("Jl. Kemuning No. 3, 12345", "Jl. Kemuning No. 3, 12345"),
        ("Desa Sukamaju", "Desa Sukamaju"),
        ("", ""),
    ],
)
def test_the_district_is_the_first_part_behind_the_street(address: str, district: str) -> None:
    assert CustomerFactory.build(address=address).district == district


def test_a_column_is_shut_when_nobody_is_there_in_any_hour_that_is_drawn(melati: Clinic) -> None:
    scale = drawn(melati)

    shut, paused = (
        column("x", melati.provider, scale, [], opened)
        for opened in (
            [],
            [Span(scale.window.start, at("2026-11-24 12:00")), Span(at("2026-11-24 13:00"), scale.window.end)],
        )
    )

    assert (shut.is_shut, paused.is_shut) == (True, False)
    assert [(shade.span, shade.is_pause) for shade in paused.shades] == [
        (Span(at("2026-11-24 12:00"), at("2026-11-24 13:00")), True)
    ]


@pytest.mark.parametrize(("hour", "is_seen"), [("08:00", False), ("08:01", True), ("16:59", True), ("17:00", False)])
def test_the_line_of_the_hour_is_drawn_inside_the_hours_only(melati: Clinic, hour: str, is_seen: bool) -> None:
    columns = [column("x", melati.provider, drawn(melati), [], [])]

    assert (drawn_now(columns, now=at(f"2026-11-24 {hour}")) is not None) is is_seen


def test_what_stands_anywhere_in_the_span_is_read_in_two_queries(
    melati: Clinic, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for hour in range(8, 16):
        melati.booked(f"2026-11-24 {hour:02}:00")
    with django_assert_num_queries(2):  # type: ignore[operator]
        found = blocks_of([melati.provider, melati.room], drawn(melati).day.span, now=NOW)
    assert [len(found[one.pk]) for one in (melati.provider, melati.room, melati.colleague)] == [8, 8, 0]
