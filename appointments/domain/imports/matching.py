"""Whom and what a row of a file means here: its customer, service, place and person. Reads everything once."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain.customers.merging import kept_for_each
from appointments.domain.imports.reading import ImportedRow
from appointments.domain.imports.reading.phones import numbers_in
from appointments.enums import ResourceKind
from appointments.models import Business, Customer, Location, Requirement, Resource, Service
from notifications.text import languages


class Unclear(Exception):
    """A row that cannot be understood; the text says what is missing and what would help, `remedy` which choice."""

    remedy = ""


class NoService(Unclear):
    remedy = "service"


class NoSource(Unclear):
    remedy = "source"


class Unknown(Unclear):
    """It names a service, a person or a room that we do not have, as whoever imports may say which of ours is meant."""

    def __init__(self, sentence: str, *, kind: str, said: str) -> None:
        super().__init__(sentence)
        self.kind, self.said = kind, said


class Unwanted(Unclear):
    """A row that whoever imports does not want: it names what they leave out."""


@dataclass(frozen=True)
class Choices:
    """What whoever imports has said, for rows that do not say it themselves."""

    location: Location
    service: Service | None = None
    provider: Resource | None = None
    language: str = ""
    services: Mapping[str, int | None] = field(default_factory=dict)
    people: Mapping[str, int | None] = field(default_factory=dict)
    rooms: Mapping[str, int | None] = field(default_factory=dict)
    """What a file calls those that we have by another name, as `plain` writes it, with their keys; rows that name what
    has none are not wanted.
    """


@dataclass
class Directory:
    """Everybody and everything known here, by the words a file may use for them."""

    choices: Choices
    business: Business = field(default_factory=Business.current)
    created: list[Customer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.locations = list(Location.objects.filter(is_active=True))
        self.services = list(Service.objects.filter(is_active=True))
        self.providers = list(
            Resource.objects.filter(kind=ResourceKind.PROVIDER, is_active=True).select_related("user", "location")
        )
        self._does: dict[int, set[int]] = defaultdict(set)  # provider → services
        pairs = Requirement.objects.filter(kind=ResourceKind.PROVIDER).values_list("candidates", "service")
        for provider_id, service_id in pairs:
            self._does[provider_id].add(service_id)
        self._needs = Counter(Requirement.objects.values_list("service", flat=True))
        self._by_email: dict[str, list[Customer]] = defaultdict(list)
        self._by_phone: dict[str, list[Customer]] = defaultdict(list)
        self._by_name: dict[str, list[Customer]] = defaultdict(list)
        self._stays = kept_for_each()
        for customer in Customer.objects.order_by("-pk").iterator():
            self._know(customer)

    def location(self, row: ImportedRow) -> Location:
        """By code or name; else the one that was chosen."""
        return self.said_location(row) or self.choices.location

    def said_location(self, row: ImportedRow) -> Location | None:
        said = plain(row.location)
        for location in self.locations:
            if said and (said in (plain(location.code), plain(location.name)) or plain(location.name) in said):
                return location
        return None

    def service(self, row: ImportedRow, location: Location) -> tuple[Service, bool]:
        """By code or name in any language, else the chosen one, else the nearest in length that needs least.

        The second value tells whether it is only a guess by length.
        """
        if named := self.said_service(row):
            return named, False
        if self.choices.service:
            return self.choices.service, False
        given = [one for one in self.services if self._given_at(one, location)]
        if not given:
            raise NoService(_("No service is given at %(location)s. Say which it is.") % {"location": location})
        minutes = (row.ends_at - row.starts_at).total_seconds() / 60 if row.ends_at else 0
        return min(given, key=lambda one: (abs(one.minutes - minutes), self._needs[one.pk], one.pk)), True

    def said_service(self, row: ImportedRow) -> Service | None:
        """The one that the row names. Raises `Unclear` for one that we do not have, `Unwanted` for one left out."""
        if row.says_service and plain(row.service) in self.choices.services:
            return meant(self.choices.services[plain(row.service)], self.services)
        for said in (plain(row.service), plain(row.summary)):
            if said and (named := self._named_service(said)):
                return named
        if row.says_service:
            sentence = _(
                "There is no service “%(name)s”. Known: %(known)s. Rename it in the file, or add it in the settings."
            )
            known = ", ".join(str(one) for one in self.services)
            raise Unknown(sentence % {"name": row.service, "known": known}, kind="service", said=row.service)
        return None

    def provider(self, row: ImportedRow, service: Service, location: Location) -> Resource | None:
        """By name or address, among those who do this service here, else the chosen one; None means whoever is free."""
        if named := self.said_provider(row, service, location):
            return named
        chosen = self.choices.provider
        return chosen if chosen and chosen.location_id == location.pk and service.pk in self._does[chosen.pk] else None

    def said_provider(self, row: ImportedRow, service: Service, location: Location) -> Resource | None:
        """The one that the row names. Raises `Unclear` for one who does not do this service here, `Unwanted` for one
        left out.
        """
        if row.provider and not row.organizer and plain(row.provider) in self.choices.people:
            return self._meant_by(row.provider, service, location)
        able = [one for one in self.providers if one.location_id == location.pk and service.pk in self._does[one.pk]]
        said = {plain(row.provider), plain(row.organizer.email) if row.organizer else ""} - {""}
        for provider in able:
            known = {plain(provider.name), str(provider.pk)}
            known |= {plain(provider.user.email), plain(provider.user.username)} - {""} if provider.user else set()
            if said & known:
                return provider
        if row.provider and not row.organizer:
            is_ours = any(plain(one.name) in said for one in self.providers)
            why = _cannot(row.provider, service, location) if is_ours else self._nobody(row.provider)
            raise Unknown(why, kind="person", said=row.provider)
        return None

    def _nobody(self, said: str) -> str:
        known = ", ".join(one.name for one in self.providers) or "–"
        return _("There is nobody called “%(name)s”. Known: %(known)s.") % {"name": said, "known": known}

    def _meant_by(self, said: str, service: Service, location: Location) -> Resource | None:
        """Whom whoever imports has named for `said`; None where whoever is free is meant."""
        if self.choices.people[plain(said)] == ANYBODY:
            return None
        chosen: Resource = meant(self.choices.people[plain(said)], self.providers)
        if chosen.location_id != location.pk or service.pk not in self._does[chosen.pk]:
            raise Unclear(_cannot(chosen.name, service, location))
        return chosen

    def customer(self, row: ImportedRow) -> Customer:
        """By e-mail, else by phone, unless the name says otherwise; else by a name that only one has; else a new one.

        Families share an address and a phone: who has another name is another person. Raises `Unclear` where several
        people have the address and no name tells which. Nobody is told anything.
        """
        email = row.customer_email.lower()
        phone = number_of(row.customer_phone)
        name = row.customer_name.strip() or row.summary.strip() or email
        if not name:
            raise Unclear(_("It does not say whose appointment this is."))
        namesakes = list({self._kept(one).pk: one for one in self._by_name[plain(name)]}.values())
        there = [*(self._by_email.get(email, ()) if email else ()), *(self._by_phone.get(phone, ()) if phone else ())]
        is_named = row.names_customer or plain(name) not in (email, plain(row.customer_phone))
        known = next((one for one in there if not is_named or agree(one.name, name)), None)
        if not is_named and len({self._kept(one).pk for one in there}) > 1:
            raise Unclear(_("Several people have this address. Add a column with the name."))
        if known is None and len(namesakes) == 1 and not (email or phone):
            known = namesakes[0]
        return self._kept(known) if known else self._new_customer(name, email, phone, row)

    def _kept(self, customer: Customer) -> Customer:
        """A file may know somebody by what stood in a record that was put together with another one."""
        return self._stays.get(customer.pk, customer)

    def _new_customer(self, name: str, email: str, phone: str, row: ImportedRow) -> Customer:
        said = languages.known(row.customer_language) or languages.known(self.choices.language)
        language = said or languages.nearest(self.business.language)
        customer = Customer.objects.create(name=name[:150], email=email[:254], phone=phone, language=language)
        self.created.append(customer)
        self._know(customer)
        return customer

    def _know(self, customer: Customer) -> None:
        if customer.email:
            self._by_email[customer.email.lower()].append(customer)
        if customer.phone:
            self._by_phone[str(customer.phone)].append(customer)
        self._by_name[plain(customer.name)].append(customer)

    def _named_service(self, said: str) -> Service | None:
        exact = [one for one in self.services if said in _names(one)]
        if exact:
            return exact[0]
        inside = [one for one in self.services if any(len(name) > 3 and name in said for name in _names(one))]
        return inside[0] if len(inside) == 1 else None

    def _given_at(self, service: Service, location: Location) -> bool:
        return any(service.pk in self._does[one.pk] for one in self.providers if one.location_id == location.pk)


ANYBODY = 0  # in place of a person's or a room's key: whoever, or whichever, is free


def meant(pk: int | None, ours: Iterable[Any]) -> Any:
    """The one of `ours` that was chosen. Raises `Unwanted` for none, `Unclear` for one that is not in use any more."""
    if pk is None:
        raise Unwanted
    for one in ours:
        if one.pk == pk:
            return one
    raise Unclear(_("What was chosen for it is not in use any more. Choose anew."))


def _cannot(name: str, service: Service, location: Location) -> str:
    sentence = _("“%(name)s” does not do “%(service)s” at %(location)s.")
    return sentence % {"name": name, "service": service, "location": location}


def colleagues() -> frozenset[str]:
    """Our own addresses and whole names, in lower case: whoever has one of them is not the customer."""
    addresses = User.objects.filter(is_active=True).exclude(email="").values_list("email", flat=True)
    names = Resource.objects.filter(kind=ResourceKind.PROVIDER).values_list("name", flat=True)
    whole = {plain(name) for name in names if len(name.split()) > 1}
    return frozenset({*map(str.lower, addresses), Business.current().email.lower(), *whole} - {""})


_TITLES = frozenset(
    "mr mrs ms miss dr prof bapak bpk pak ibu bu sdr sdri tn ny nn an hj h drg drs ir nyonya tuan nona anak".split()  # noqa: SIM905  one line
)
"""What stands before a name: two people are not told apart by it."""


def agree(one: str, other: str) -> bool:
    """Whether two names may be one person's: each word of one is a word of the other, or its first letter; titles and
    signs aside.
    """
    ours, theirs = _words(one), _words(other)
    return bool(ours and theirs) and (_stands_in(ours, theirs) or _stands_in(theirs, ours))


def _stands_in(fewer: set[str], more: set[str]) -> bool:
    return all(any(word == one or (len(word) == 1 and one.startswith(word)) for one in more) for word in fewer)


def _words(name: str) -> set[str]:
    words = re.findall(r"\w+", name.casefold().replace("'", "").replace("’", "")) or name.split()
    return {word for word in words if word not in _TITLES} or set(words)


def _names(service: Service) -> Iterable[str]:
    return {plain(service.code), *map(plain, service.name.data.values())} - {""}


def plain(text: str) -> str:
    """How a name is compared: in small letters, with single blanks."""
    return " ".join(text.casefold().split())


def number_of(text: str) -> str:
    """E.164, or nothing for what is no phone number. Of two in one cell ("0812… / 0813…") the first."""
    return next(iter(numbers_in(text).found), "")


def note_of(row: ImportedRow) -> str:
    """For staff, all of it, with what a booking has no place for: other guests, further numbers, words beside them."""
    described = "" if row.description == row.note else row.description
    guests = ", ".join(" ".join(filter(None, (guest.name, guest.email, guest.phone))) for guest in row.guests)
    also = _("Also invited: %(people)s") % {"people": guests} if guests else ""
    further = ", ".join(further_numbers(row))
    numbers = _("Also to be reached at: %(numbers)s") % {"numbers": further} if further else ""
    beside = _("Beside the telephone number: %(words)s") % {"words": words} if (words := beside_number(row)) else ""
    return "\n".join(filter(None, (row.note, described, also, numbers, beside)))


def further_numbers(row: ImportedRow) -> list[str]:
    return list(numbers_in(row.customer_phone).found[1:])


def beside_number(row: ImportedRow) -> str:
    """What a cell says besides a number that can be called: whose it is, an extension."""
    numbers = numbers_in(row.customer_phone)
    return numbers.left if numbers.found else ""
