"""The search box: whom it finds, in what order, and what it does with nonsense."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.clock import NOW
from tests.factories import AppointmentFactory, Clinic, CustomerFactory, RescheduleRequestFactory
from tests.factories.compensation import compensation

NEXT_PAGE = re.compile(r'after=(\d+)" rel="next"')


def found(desk: Client, words: str, **query: str | int) -> list[str]:
    """The customers on the page, in order."""
    page = desk.get(reverse("search"), {"q": words, **query}).content.decode()
    listed = page[page.index('id="by-customers"') :] if 'id="by-customers"' in page else ""
    return re.findall(r"<strong>(.*?)</strong>", listed)


@pytest.fixture(autouse=True)
def people(melati: Clinic) -> None:
    CustomerFactory(name="Ni Luh Putu Ayu", email="putu@example.com", phone="+6281234567890")
    CustomerFactory(name="Agus Putra", email="agus@example.com", phone="+6281234000000")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("putu", ["Ni Luh Putu Ayu"]),
        ("PUT", ["Agus Putra", "Ni Luh Putu Ayu"]),
        ("  ayu  ", ["Ni Luh Putu Ayu"]),
        ("putu@exam", ["Ni Luh Putu Ayu"]),
        ("0812 3456 7890", ["Ni Luh Putu Ayu"]),
        ("7890", ["Ni Luh Putu Ayu"]),
        ("+62 812-3400", ["Agus Putra"]),
        ("nobody of this name", []),
        ("%", []),
    ],
)
def test_a_part_of_the_name_the_address_or_the_number_is_enough(desk: Client, words: str, expected: list[str]) -> None:
    assert found(desk, words) == expected


@pytest.mark.parametrize(
    "words",
    ["ayu putu", "Putu  Luh", "putu 7890", "ÀYU", "ayu putu@example", "ni luh 08123456", "ayu example.com luh ni putu"],
)
def test_words_may_come_in_any_order_and_all_of_them_count(desk: Client, words: str) -> None:
    assert found(desk, words) == ["Ni Luh Putu Ayu"]
    assert found(desk, f"{words} agus") == []


@pytest.mark.parametrize("words", ["nuraini", "Nur'aini", "nur’aini jose", "José", "JOSE NUR‘AINI", "weiß", "weiss"])
def test_accents_and_apostrophes_do_not_count(desk: Client, words: str) -> None:
    customer = CustomerFactory(name="Ana")
    customer.name = "Nur’aini José Weiß"
    customer.save(update_fields=["name"])
    assert found(desk, words) == ["Nur’aini José Weiß"]


@pytest.mark.parametrize(
    "words",
    ["Wijaya, Dewi", "wijaya,dewi", "dewi.wijaya", "Nur Aini", "Nur-Aini", "nur'aini", "Hj Dewi", "Hj. Dewi", "Dewi -"],
)
def test_signs_between_words_do_not_count(desk: Client, words: str) -> None:
    CustomerFactory(name="Hj. Dewi Nur-Aini Wijaya", email="")
    assert found(desk, words) == ["Hj. Dewi Nur-Aini Wijaya"]


def test_an_address_is_looked_for_as_a_whole(desk: Client) -> None:
    CustomerFactory(name="Other", email="example.com@putu.id")
    assert found(desk, "putu@example.com") == ["Ni Luh Putu Ayu"]


def test_an_appointment_and_a_case_are_found_by_their_numbers(desk: Client, melati: Clinic) -> None:
    round_ = RescheduleRequestFactory(appointment=melati.booked())
    address = reverse("appointment", args=[round_.appointment_id])

    for words in (str(round_.appointment_id), f"#{round_.appointment_id}", f"R-{1000 + round_.pk}"):
        page = desk.get(reverse("search"), {"q": words}).content.decode()
        assert re.findall(r'<a href="(/appointments/\d+/)"><strong>', page) == [address]


def test_a_customer_comes_with_the_next_and_the_last_appointment(desk: Client, melati: Clinic) -> None:
    for start in ("2026-11-20 10:00", "2026-11-21 10:00", "2026-11-24 10:00", "2026-11-25 10:00"):
        melati.booked(start)

    page = desk.get(reverse("search"), {"q": melati.customer.name}).content.decode()

    assert re.findall(r'<a href="/appointments/\d+/">(.*?)</a>', page) == [
        "Tue 24 Nov, 10:00 WIB",
        "Sat 21 Nov, 10:00 WIB",
    ]


def test_many_are_shown_page_by_page_each_once(desk: Client) -> None:
    names = sorted(f"Wayan {number % 7} {number:02}" for number in range(60))
    for name in reversed(names):
        CustomerFactory(name=name)
    seen: list[list[str]] = []
    query: dict[str, str] = {}
    while True:
        page = desk.get(reverse("search"), {"q": "wayan", **query}).content.decode()
        seen.append(re.findall(r"<strong>(Wayan.*?)</strong>", page))
        following = NEXT_PAGE.search(page)
        if following is None:
            break
        query = {"after": following[1]}

    assert [len(one) for one in seen] == [25, 25, 10]
    assert [name for one in seen for name in one] == names


def test_two_of_the_same_name_do_not_hide_each_other_between_pages(desk: Client) -> None:
    CustomerFactory.create_batch(26, name="Made")

    first = desk.get(reverse("search"), {"q": "made"}).content.decode()
    after = NEXT_PAGE.search(first)

    assert after is not None
    assert found(desk, "made", after=after[1]) == ["Made"]


def test_a_long_list_takes_no_more_queries_than_a_short_one(desk: Client) -> None:
    def asked(words: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            found(desk, words)
        return len(queries)

    CustomerFactory(name="Solo")
    for number in range(30):
        customer = CustomerFactory(name=f"Ketut {number:02}")
        AppointmentFactory(customer=customer, starts_at=NOW, occupies=False)
    AppointmentFactory(customer__name="Solo", occupies=False)

    assert (asked("solo"), asked("ketut")) == (8, 8)


def test_an_empty_search_and_an_empty_result_teach_the_next_step(desk: Client) -> None:
    assert "Whom are you looking for?" in desk.get(reverse("search")).content.decode()
    assert "Nobody found" in desk.get(reverse("search"), {"q": "xyzzy"}).content.decode()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("putu\x00", 422),
        ("a" * 1_000_000, 422),
        ("\u202eutup", 200),
        ("'; DROP TABLE customers; --", 200),
        ("<script>alert(1)</script>", 200),
        ("9" * 100, 200),
        ("R-999999999999", 200),
        ("#999999999", 200),
    ],
)
def test_nonsense_is_answered_and_never_breaks(desk: Client, words: str, status: int) -> None:
    answer = desk.get(reverse("search"), {"q": words})

    assert answer.status_code == status
    assert "<script>alert" not in answer.content.decode()
    assert found(desk, "putu") == ["Ni Luh Putu Ayu"]


def test_a_broken_encoding_is_read_as_far_as_it_goes(desk: Client) -> None:
    assert desk.get(reverse("search") + "?q=%ed%a0%80putu&after=abc").status_code in (200, 422)


LIST = {"HX-Request": "true", "HX-Target": "search-results"}


def as_typed(desk: Client, words: str) -> list[tuple[str, str]]:
    """The options under the box: what each is called, and where it opens."""
    page = desk.get(reverse("search"), {"q": words}, headers=LIST).content.decode()
    return re.findall(r'role="option"[^>]*href="([^"]+)"[^>]*>\s*<strong>(.*?)</strong>', page)


def test_as_one_types_everything_that_fits_can_be_opened(desk: Client, melati: Clinic) -> None:
    first, second = CustomerFactory(name="Ratna Sari"), CustomerFactory(name="Sari Ratna")
    assert as_typed(desk, "ratna") == [
        (f"/customers/{first.pk}/", "Ratna Sari"),
        (f"/customers/{second.pk}/", "Sari Ratna"),
        (f"/board/{melati.location.code}/2026-11-23/#column-{melati.provider.pk}", "Dr. Ratna"),
    ]
    assert as_typed(desk, "check") == [(f"/appointments/new/?service={melati.service.pk}", "Check-up")]


def test_as_one_types_a_dozen_customers_are_enough(desk: Client) -> None:
    CustomerFactory.create_batch(13, name="Wayan")
    page = desk.get(reverse("search"), {"q": "wayan"}, headers=LIST).content.decode()
    assert page.count('role="option"') == 12
    assert "Enter shows them all" in page
    assert "<html" not in page


def test_without_words_stands_what_was_opened_lately(desk: Client, melati: Clinic) -> None:
    booked = melati.booked()
    assert as_typed(desk, "") == []
    desk.get(reverse("customer", args=[booked.customer_id]))
    desk.get(reverse("appointment", args=[booked.pk]))
    name = booked.customer.name
    both = [(f"/appointments/{booked.pk}/", name), (f"/customers/{booked.customer_id}/", name)]
    assert as_typed(desk, "") == both
    assert "Opened lately" in desk.get(reverse("search")).content.decode()
    assert as_typed(desk, "nobody of this name") == []


def test_the_page_without_scripts_shows_the_same_groups(desk: Client, melati: Clinic) -> None:
    CustomerFactory(name="Ratna Sari")
    page = desk.get(reverse("search"), {"q": "ratna"}).content.decode()
    assert re.findall(r'<h2 id="by-(\w+)">', page) == ["customers", "resources"]


def test_a_code_is_opened_at_once_and_as_one_types_can_be_chosen(desk: Client, melati: Clinic) -> None:
    round_ = RescheduleRequestFactory(appointment=melati.booked())
    given = compensation(round_.appointment, request=round_)
    assert as_typed(desk, given.code.lower()) == [(f"/codes/{given.pk}/", given.code)]
    assert desk.get(reverse("search"), {"q": given.code}).headers["Location"] == f"/codes/{given.pk}/"
