"""Eight hundred people who go to this clinic, and what they come for."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from appointments.demo.names import STREETS, Person, people
from appointments.demo.services import SERVICES
from appointments.models import Customer

# How many of those who live nearby ever come for it.
COME_FOR = {
    "konsultasi-umum": 1.0,
    "pemeriksaan-lengkap": 0.55,
    "periksa-kehamilan": 0.3,
    "imunisasi-anak": 0.4,
    "fisioterapi": 0.2,
    "rawat-luka-di-rumah": 0.09,
}
FEWEST = 8
NOTES = (
    "Alergi penisilin.",
    "Datang dengan kursi roda; mohon ruang di lantai dasar.",
    "Pendengaran kurang; mohon bicara pelan saat menelepon.",
    "Prefers to be called after 17:00.",
    "Selalu datang bersama putrinya.",
)


@dataclass
class Circle:
    """The customers, and for each location and service those who come for it."""

    customers: list[Customer]
    pools: dict[tuple[str, str], list[Customer]] = field(default_factory=lambda: defaultdict(list))


def write(chance: random.Random, count: int, *, now: datetime) -> Circle:
    """Stores `count` customers. The longest-standing came three years before `now`."""
    invented = list(people(chance, count))
    wants = [_wants(chance, person) for person in invented]
    _enough_for_each_service(chance, invented, wants)
    rows = [
        Customer(
            name=person.name,
            honorific=person.honorific,
            email=person.email,
            phone=person.phone,
            language=person.language,
            preferred_channel=person.prefers,
            address=person.address if "rawat-luka-di-rumah" in wanted or chance.random() < 0.3 else "",
            note=chance.choice(NOTES) if chance.random() < 0.04 else "",
        )
        for person, wanted in zip(invented, wants, strict=True)
    ]
    circle = Circle(Customer.objects.bulk_create(rows, batch_size=500))
    for customer, person, wanted in zip(circle.customers, invented, wants, strict=True):
        customer.created_at = now - timedelta(days=70 + chance.random() * 1000, minutes=chance.randrange(600))
        for code in sorted(wanted):
            circle.pools[person.home, code].append(customer)
    Customer.objects.bulk_update(circle.customers, ["created_at"], batch_size=200)
    return circle


def _wants(chance: random.Random, person: Person) -> set[str]:
    return {code for code, share in COME_FOR.items() if chance.random() < share and _may_want(person, code)}


def _may_want(person: Person, code: str) -> bool:
    return person.woman or not SERVICES[code].women


def _enough_for_each_service(chance: random.Random, invented: Sequence[Person], wants: Sequence[set[str]]) -> None:
    """However few people there are, at each place some come for everything."""
    for home in STREETS:
        for code in COME_FOR:
            candidates = [
                wanted
                for person, wanted in zip(invented, wants, strict=True)
                if person.home == home and _may_want(person, code)
            ]
            missing = FEWEST - sum(code in wanted for wanted in candidates)
            others = [wanted for wanted in candidates if code not in wanted]
            for wanted in chance.sample(others, max(0, missing)):
                wanted.add(code)
