"""Whom and what a row of a file means here."""

from typing import Any

import pytest

from appointments.domain.imports.matching import ANYBODY, Choices, Directory, Unclear, Unknown, Unwanted, agree
from appointments.domain.imports.reading import ImportedRow, Person
from tests.clock import at, minutes
from tests.factories import Clinic, CustomerFactory, LocationFactory, ServiceFactory, StaffFactory, service_at
from tests.factories.people import together

pytestmark = pytest.mark.django_db


def row(**said: Any) -> ImportedRow:
    values: dict[str, Any] = {"line": 1, "uid": "a", "starts_at": at("2026-11-24 10:00"), "customer_name": "Ana Putri"}
    return ImportedRow(**values | said)


@pytest.fixture
def known(melati: Clinic) -> Directory:
    return Directory(Choices(melati.location))


def again(melati: Clinic, **chosen: Any) -> Directory:
    return Directory(Choices(melati.location, **chosen))


def test_a_place_is_known_by_its_code_or_name_else_it_is_the_chosen_one(melati: Clinic) -> None:
    other = LocationFactory(code="kemang", name="Melati Kemang")
    closed = LocationFactory(code="old", name="Melati Lama", is_active=False)
    directory = again(melati)
    for said, place in (
        ("KEMANG", other), ("melati  kemang", other), ("Klinik Melati Kemang, lt. 2", other), ("", melati.location),
        ("elsewhere", melati.location), (closed.name, melati.location),
    ):  # fmt: skip
        assert (said, directory.location(row(location=said))) == (said, place)


def test_a_service_is_known_by_any_of_its_names(melati: Clinic, known: Directory) -> None:
    for said in (melati.service.code.upper(), "check-up", "pemeriksaan"):
        assert known.service(row(service=said), melati.location) == (melati.service, False)
    assert known.service(row(summary="Check-up with Ana"), melati.location) == (melati.service, False)


def test_a_name_of_three_letters_inside_a_title_is_no_service_and_two_are_none(melati: Clinic) -> None:
    ServiceFactory(code="x-1", name={"en": "CTG"})
    scaling = ServiceFactory(code="x-2", name={"en": "Scaling"})
    directory = again(melati)
    assert directory.service(row(summary="A CTG for Ana"), melati.location) == (melati.service, True)
    assert directory.service(row(summary="CTG"), melati.location)[0].name_in("en") == "CTG"
    assert directory.service(row(summary="Scaling for Ana"), melati.location) == (scaling, False)
    assert directory.service(row(summary="Scaling and Check-up"), melati.location) == (melati.service, True)


def test_without_a_name_the_chosen_service_comes_before_a_guess_by_length(melati: Clinic) -> None:
    long = service_at(melati.location, providers=[melati.provider], minutes=60)
    short = service_at(melati.location, providers=[melati.provider], minutes=15)
    directory = again(melati)
    for minutes_, guess in ((60, long), (16, short), (46, long), (30, melati.service)):
        found = directory.service(row(ends_at=at("2026-11-24 10:00") + minutes(minutes_)), melati.location)
        assert (minutes_, found) == (minutes_, (guess, True))
    assert again(melati, service=long).service(row(), melati.location) == (long, False)


def test_of_two_as_long_the_one_that_needs_less_is_guessed(melati: Clinic) -> None:
    simple = service_at(melati.location, providers=[melati.provider])
    assert again(melati).service(row(ends_at=at("2026-11-24 10:30")), melati.location) == (simple, True)


def test_where_nothing_is_given_nothing_is_guessed(melati: Clinic, known: Directory) -> None:
    with pytest.raises(Unclear, match="No service is given"):
        known.service(row(), LocationFactory())


def test_a_person_is_known_among_those_who_do_this_here(melati: Clinic) -> None:
    melati.colleague.user = StaffFactory(username="budi", email="budi@melati.example")
    melati.colleague.save()
    directory = again(melati)
    for said in ("dr. ratna", str(melati.provider.pk)):
        assert directory.provider(row(provider=said), melati.service, melati.location) == melati.provider
    for said in ("BUDI", "budi@melati.example"):
        assert directory.provider(row(provider=said), melati.service, melati.location) == melati.colleague
    host = Person(email="Budi@Melati.example")
    assert directory.provider(row(organizer=host), melati.service, melati.location) == melati.colleague


def test_a_person_who_does_not_do_it_is_told_and_a_strange_host_is_not(melati: Clinic, known: Directory) -> None:
    with pytest.raises(Unclear, match=r"There is nobody called “Dr\. Who”\. Known: Dr\. Ratna, Dr\. Budi"):
        known.provider(row(provider="Dr. Who"), melati.service, melati.location)
    with pytest.raises(Unclear, match=r"“Dr\. Ratna” does not do “Yoga” at Melati Jakarta"):
        known.provider(row(provider="Dr. Ratna"), ServiceFactory(name={"en": "Yoga"}), melati.location)
    host = Person(email="who@example.com")
    assert known.provider(row(provider="Dr. Who", organizer=host), melati.service, melati.location) is None
    assert known.provider(row(), melati.service, melati.location) is None


def test_the_chosen_person_counts_only_where_they_do_it(melati: Clinic) -> None:
    directory = again(melati, provider=melati.colleague)
    assert directory.provider(row(), melati.service, melati.location) == melati.colleague
    elsewhere = LocationFactory()
    other = service_at(elsewhere)
    assert directory.provider(row(), other, elsewhere) is None


def test_a_customer_is_known_by_address_then_number_then_a_name_that_only_one_has(melati: Clinic) -> None:
    ana = CustomerFactory(name="Ana Putri", email="ana@example.com", phone="+6281200000001")
    joko = CustomerFactory(name="Joko", email="", phone="+6281200000002")
    directory = again(melati)
    for said, customer in (
        ({"customer_email": "ANA@example.com", "customer_phone": "+6281200000002"}, ana),
        ({"customer_name": "Bapak Joko", "customer_phone": "0812-0000-0002"}, joko),
        ({"customer_name": "", "customer_email": "ana@example.com"}, ana),
        ({"customer_name": "ANA@example.com", "customer_email": "ANA@example.com"}, ana),
        ({"customer_name": "0812-0000-0002", "customer_phone": "0812-0000-0002"}, joko),
        ({"customer_name": " ana  putri "}, ana),
        ({"customer_name": "", "summary": "Joko"}, joko),
    ):
        assert directory.customer(row(**said)) == customer
    assert directory.created == []


def test_namesakes_and_strangers_with_an_address_are_new(melati: Clinic) -> None:
    CustomerFactory.create_batch(2, name="Ana Putri")
    joko = CustomerFactory(name="Joko")
    directory = again(melati)
    made = [directory.customer(row()), directory.customer(row(customer_name="Joko", customer_email="j@example.com"))]
    assert directory.created == made
    assert joko not in made
    assert directory.customer(row(customer_name="Mr Joko", customer_email="j@example.com")) == made[1]


def test_an_address_of_several_people_tells_nobody_without_a_name(melati: Clinic) -> None:
    for name in ("Ibu Rina", "Anak Dito"):
        CustomerFactory(name=name, email="rina@trial.example")
    with pytest.raises(Unclear, match="Several people have this address"):
        again(melati).customer(row(customer_name="", customer_email="rina@trial.example"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ana Putri", "Putri, Ana", True),
        ("Ana P.", "Ana Putri", True),
        ("Ibu Rina", "Rina", True),
        ("Ibu Rina", "Bapak Eko", False),
        ("Ibu Rina", "Ibu Dewi", False),
        ("Niamh O'Connor", "Niamh O’Connor", True),
        ("Ana Putri", "Ana Wijaya", False),
        ("Dr.", "Dr.", True),
        ("", "Ana", False),
        ("🌸", "🌸", True),
        ("🌸", "🎉", False),
        ("🌸", "Ana", False),
    ],
)
def test_two_names_agree_when_one_says_no_more_than_the_other(one: str, other: str, same: bool) -> None:
    assert (agree(one, other), agree(other, one)) == (same, same)


def test_a_new_customer_gets_the_language_of_the_row_else_the_chosen_else_ours(melati: Clinic) -> None:
    for said, chosen, language in (("id-ID", "en", "id"), ("", "id", "id"), ("", "", "en"), ("fr", "", "en")):
        new = again(melati, language=chosen).customer(
            row(customer_language=said, customer_email=f"{said}{chosen}@x.id")
        )
        assert (said, chosen, new.language) == (said, chosen, language)


def test_what_is_no_number_is_left_out_and_nobody_is_nobody(melati: Clinic, known: Directory) -> None:
    assert known.customer(row(customer_name="Tini", customer_phone="12")).phone == ""
    with pytest.raises(Unclear, match="whose appointment"):
        known.customer(row(customer_name=" ", summary=" "))


@pytest.mark.parametrize(
    "said",
    [
        {"customer_email": "old@mail.example"},
        {"customer_phone": "0812 3456 7001"},
        {"customer_name": "Ana Putri"},
        {"customer_name": "", "customer_email": "old@mail.example"},
    ],
)
def test_a_record_that_went_into_another_one_means_who_stays(melati: Clinic, said: dict[str, str]) -> None:
    kept = CustomerFactory(name="Ana Putri")
    gone = CustomerFactory(name="Ana Putri", email="old@mail.example", phone="+6281234567001")
    together(kept, gone, by=melati.staff)
    directory = again(melati)
    assert directory.customer(row(**said)) == kept
    assert directory.created == []


def test_whoever_imports_says_what_the_words_of_a_file_mean(melati: Clinic) -> None:
    """Ours, nobody in particular, or that such rows are not wanted."""
    said = {"service": "Akupunktur", "says_service": True, "provider": "Dr. Tan"}
    choices = Choices(
        melati.location,
        services={"akupunktur": melati.service.pk, "yoga": None},
        people={"dr. tan": melati.colleague.pk, "whoever": ANYBODY, "gone": None},
    )
    directory = Directory(choices)
    assert directory.service(row(**said), melati.location) == (melati.service, False)
    assert directory.provider(row(**said), melati.service, melati.location) == melati.colleague
    assert directory.provider(row(provider="Whoever"), melati.service, melati.location) is None
    with pytest.raises(Unwanted):
        directory.service(row(service="YOGA", says_service=True), melati.location)
    with pytest.raises(Unwanted):
        directory.provider(row(provider="Gone"), melati.service, melati.location)
    with pytest.raises(Unknown):
        directory.service(row(service="Reiki", says_service=True), melati.location)
