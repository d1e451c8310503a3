"""Who the invented customers are."""

from collections import Counter

import phonenumbers

from appointments.demo.chance import dice
from appointments.demo.names import AT_HOME_IN, Person, people

RESERVED = ("example.com", ".example")


def eight_hundred() -> list[Person]:
    return list(people(dice(1, "customers"), 800))


def test_no_two_customers_share_a_name_an_address_or_a_number() -> None:
    crowd = eight_hundred()

    assert len({person.name for person in crowd}) == 800
    emails = [person.email for person in crowd if person.email]
    assert len(set(emails)) == len(emails)
    phones = [person.phone for person in crowd if person.phone]
    assert len(set(phones)) == len(phones)


def test_no_message_could_ever_reach_a_real_mailbox() -> None:
    domains = {person.email.partition("@")[2] for person in eight_hundred() if person.email}

    assert [domain for domain in domains if not domain.endswith(RESERVED)] == []


def test_every_number_is_a_valid_indonesian_mobile_number() -> None:
    numbers = [phonenumbers.parse(person.phone) for person in eight_hundred() if person.phone]

    assert [number for number in numbers if not phonenumbers.is_valid_number(number)] == []
    assert {phonenumbers.region_code_for_number(number) for number in numbers} == {"ID"}


def test_everybody_can_be_reached_in_the_preferred_way() -> None:
    having = {"email": lambda one: one.email, "sms": lambda one: one.phone, "call": lambda one: one.phone}

    assert [person for person in eight_hundred() if not having[person.prefers](person)] == []


def test_the_honorific_fits_the_given_name() -> None:
    regions = {region for weighted in AT_HOME_IN.values() for region, __ in weighted}
    men = {name.replace("_", " ") for region in regions for name in region.men.split()}
    women = {name.replace("_", " ") for region in regions for name in region.women.split()}

    def is_called_like(person: Person, given: set[str]) -> bool:
        return any(person.name == name or person.name.startswith(f"{name} ") for name in given)

    misaddressed = [
        person.name
        for person in eight_hundred()
        if (person.honorific == "mr" and not is_called_like(person, men))
        or (person.honorific == "ms" and not is_called_like(person, women))
    ]
    assert misaddressed == []


def test_about_a_fifth_read_english_and_both_cities_are_there() -> None:
    crowd = eight_hundred()
    languages, homes = Counter(one.language for one in crowd), Counter(one.home for one in crowd)

    assert 0.15 < languages["en"] / 800 < 0.25
    assert set(homes) == {"jakarta", "makassar"}


def test_the_same_seed_invents_the_same_people_and_another_one_others() -> None:
    first, again, other = (list(people(dice(seed, "customers"), 50)) for seed in (7, 7, 8))

    assert first == again
    assert first != other
