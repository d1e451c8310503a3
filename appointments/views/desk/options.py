"""What a search found, as a list to choose from: for each thing what it is called, what tells it from others, and where
it opens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.domain.compensation.words import said
from appointments.domain.pages.search.everything import Everything
from appointments.domain.pages.search.recent import Recent
from appointments.models import Appointment, Compensation, Customer, RecoveryCase, Resource, Service
from notifications.text import languages
from notifications.text import when as writing


@dataclass(frozen=True)
class Option:
    name: str
    line: str
    url: str


@dataclass(frozen=True)
class Group:
    """`key` names it in the page."""

    key: str
    title: str
    options: Sequence[Option]


def groups_of(shown: Everything, recent: Iterable[Recent] = ()) -> list[Group]:
    """Those that hold something, in the order in which they are read."""
    numbered = [*map(_appointment, shown.appointments), *map(_code, shown.codes), *map(_complaint, shown.complaints)]
    groups = (
        Group("recent", _("Opened lately"), [_recent(one) for one in recent]),
        Group("number", _("With this number"), numbered),
        Group("customers", _("Customers"), [_customer(one, theirs) for one, theirs in shown.customers.rows]),
        Group("resources", _("Today on the board"), [_resource(one, day) for one, day in shown.resources]),
        Group("services", _("New appointment"), [_service(one) for one in shown.services]),
    )
    return [group for group in groups if group.options]


def _recent(one: Recent) -> Option:
    return _appointment(one.appointment) if one.appointment else _customer(one.customer or Customer())


def _customer(customer: Customer, appointments: Sequence[Appointment] = ()) -> Option:
    """Told from a namesake by how they are reached, and by the next appointment or the last one."""
    reached = str(customer.phone.as_international) if customer.phone else customer.email
    line = _line(reached, _when(appointments[0]) if appointments else "")
    return Option(customer.name, line, reverse("customer", args=[customer.pk]))


def _appointment(appointment: Appointment) -> Option:
    line = _line(_when(appointment), appointment.service.name_in(), appointment.location.name)
    return Option(appointment.customer.name, line, reverse("appointment", args=[appointment.pk]))


def _code(code: Compensation) -> Option:
    line = _line(said(code), code.appointment.customer.name, code.get_state_display())
    return Option(code.code, line, reverse("code", args=[code.pk]))


def _complaint(case: RecoveryCase) -> Option:
    line = _line(_("Complaint %(number)s") % {"number": case.number}, case.get_stage_display())
    return Option(case.appointment.customer.name, line, reverse("complaint", args=[case.pk]))


def _resource(resource: Resource, day: date) -> Option:
    line = _line(capfirst(resource.get_kind_display()), resource.location.name)
    url = reverse("board", args=[resource.location.code, day])
    return Option(resource.name, line, f"{url}#column-{resource.pk}")


def _service(service: Service) -> Option:
    minutes = ngettext("%(count)s minute", "%(count)s minutes", service.minutes) % {"count": service.minutes}
    return Option(service.name_in(), minutes, f"{reverse('new-appointment')}?service={service.pk}")


def _when(appointment: Appointment) -> str:
    return writing.when(appointment.starts_at, appointment.location.zone, languages.active(), "short")


def _line(*parts: str) -> str:
    return " · ".join(filter(None, parts))
