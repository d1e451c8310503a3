"""Whom and what a row of a file means here: its customer, service, place and person. Reads everything once."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from appointments.domain.imports.reading import ImportedRow
from appointments.enums import ResourceKind
from appointments.models import Business, Customer, Location, Requirement, Resource, Service
from notifications.text import languages


class Unclear(Exception):
    """A row that cannot be understood; the text says what is missing and what would help."""


@dataclass(frozen=True)
class Choices:
    """What whoever imports has said, for rows that do not say it themselves."""

    location: Location
    service: Service | None = None
    provider: Resource | None = None
    language: str = ""


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
        self._by_email: dict[str, Customer] = {}
        self._by_phone: dict[str, Customer] = {}
        self._by_name: dict[str, list[Customer]] = defaultdict(list)
        for customer in Customer.objects.order_by("-pk").iterator():
            self._know(customer)

    def location(self, row: ImportedRow) -> Location:
        """By code or name; else the one that was chosen."""
        said = _plain(row.location)
        for location in self.locations:
            if said and (said in (_plain(location.code), _plain(location.name)) or _plain(location.name) in said):
                return location
        return self.choices.location

    def service(self, row: ImportedRow, location: Location) -> tuple[Service, bool]:
        """By code or name in any language, else the chosen one, else the nearest in length that needs least.

        The second value tells whether it is only a guess by length.
        """
        for said in (_plain(row.service), _plain(row.summary)):
            if said and (named := self._named_service(said)):
                return named, False
        if self.choices.service:
            return self.choices.service, False
        given = [one for one in self.services if self._given_at(one, location)]
        if not given:
            raise Unclear(_("No service is given at %(location)s. Name one with --service.") % {"location": location})
        minutes = (row.ends_at - row.starts_at).total_seconds() / 60 if row.ends_at else 0
        return min(given, key=lambda one: (abs(one.minutes - minutes), self._needs[one.pk], one.pk)), True

    def provider(self, row: ImportedRow, service: Service, location: Location) -> Resource | None:
        """By name or address, among those who do this service here; None means whoever is free."""
        able = [one for one in self.providers if one.location_id == location.pk and service.pk in self._does[one.pk]]
        said = {_plain(row.provider), _plain(row.organizer.email) if row.organizer else ""} - {""}
        for provider in able:
            known = {_plain(provider.name), str(provider.pk)}
            known |= {_plain(provider.user.email), _plain(provider.user.username)} - {""} if provider.user else set()
            if said & known:
                return provider
        if row.provider and not row.organizer:
            raise Unclear(
                _("“%(name)s” does not do “%(service)s” at %(location)s.")
                % {"name": row.provider, "service": service, "location": location}
            )
        chosen = self.choices.provider
        return chosen if chosen in able else None

    def customer(self, row: ImportedRow) -> Customer:
        """By e-mail, else by phone, else by a name that only one has; else a new one. Nobody is told anything."""
        email = row.customer_email.lower()
        phone = _number(row.customer_phone)
        name = row.customer_name.strip() or row.summary.strip() or email
        if not name:
            raise Unclear(_("It does not say whose appointment this is."))
        namesakes = self._by_name[_plain(name)]
        known = (self._by_email.get(email) if email else None) or (self._by_phone.get(phone) if phone else None)
        if known is None and len(namesakes) == 1 and not (email or phone):
            known = namesakes[0]
        return known or self._new_customer(name, email, phone, row)

    def _new_customer(self, name: str, email: str, phone: str, row: ImportedRow) -> Customer:
        said = languages.known(row.customer_language) or languages.known(self.choices.language)
        language = said or languages.nearest(self.business.language)
        customer = Customer.objects.create(name=name[:150], email=email[:254], phone=phone, language=language)
        self.created.append(customer)
        self._know(customer)
        return customer

    def _know(self, customer: Customer) -> None:
        if customer.email:
            self._by_email[customer.email.lower()] = customer
        if customer.phone:
            self._by_phone[str(customer.phone)] = customer
        self._by_name[_plain(customer.name)].append(customer)

    def _named_service(self, said: str) -> Service | None:
        exact = [one for one in self.services if said in _names(one)]
        if exact:
            return exact[0]
        inside = [one for one in self.services if any(len(name) > 3 and name in said for name in _names(one))]
        return inside[0] if len(inside) == 1 else None

    def _given_at(self, service: Service, location: Location) -> bool:
        return any(service.pk in self._does[one.pk] for one in self.providers if one.location_id == location.pk)


def _names(service: Service) -> Iterable[str]:
    return {_plain(service.code), *map(_plain, service.name.data.values())} - {""}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _number(text: str) -> str:
    """E.164, or nothing for what is no phone number."""
    if not text.strip():
        return ""
    try:
        number = PhoneNumber.from_string(text)
    except NumberParseException:
        return ""
    return str(number) if number.is_valid() else ""
