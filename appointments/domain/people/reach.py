"""What of each table is at which places: the one answer that the administration asks for, whatever it shows.

A table has its row here, or nobody who works for some places only is shown any of it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from appointments.domain.colleagues import Places, at, name_of, of_all_places, places_of
from appointments.domain.messages import of_person, sent
from appointments.models import (
    Appointment,
    AppointmentEvent,
    Business,
    Colleague,
    Compensation,
    CompensationAuthority,
    CompensationBudget,
    CompensationTable,
    CorrectiveAction,
    Customer,
    Disruption,
    Feedback,
    Invitation,
    Location,
    Promise,
    Reason,
    RecoveryCase,
    RescheduleRequest,
    Resource,
    Service,
    Solution,
    SpecialDay,
)
from appointments.roles import MANAGE_PEOPLE

Rows = TypeVar("Rows", bound=QuerySet[Any])

OF_A_PLACE: dict[type[Model], str] = {
    Appointment: "location",
    AppointmentEvent: "appointment__location",
    Compensation: "appointment__location",
    Disruption: "location",
    Feedback: "appointment__location",
    Location: "pk",
    Promise: "appointment__location",
    RecoveryCase: "appointment__location",
    RescheduleRequest: "appointment__location",
    Resource: "location",
}
"""The way from a row to its place."""

PERHAPS_EVERYWHERE: dict[type[Model], str] = {
    CompensationBudget: "location",
    CorrectiveAction: "location",
    SpecialDay: "location",
}
"""The same for what may be for all places; then everybody sees it, and whoever works for all places changes it."""

OF_THE_BUSINESS: dict[type[Model], str] = {
    AccessAttempt: "whoever tries to sign in is at no place",
    Business: "there is one",
    CompensationAuthority: "goes with a role, wherever somebody has it",
    CompensationTable: "customers are promised the same everywhere, on a public page",
    Reason: "one list of causes, so that reports can be compared",
    Service: "may be given at several places, and is the same at each",
    Solution: "what helped at one place is written down for the others",
}
"""What is for the whole business, and why: everybody sees it, and whoever works for all places changes it."""


def _people(places: frozenset[int]) -> Q:
    """The colleagues of these places, and those of all places."""
    chosen = Colleague.places.through.objects.filter(colleague__user=OuterRef("pk"))
    return Q(Exists(chosen.filter(location__in=places))) | ~Q(Exists(chosen))


def _invitations(places: frozenset[int]) -> Q:
    chosen = Invitation.places.through.objects.filter(invitation=OuterRef("pk"))
    return Q(Exists(chosen.filter(location__in=places))) | ~Q(Exists(chosen))


def _customers(places: frozenset[int]) -> Q:
    """Those who come to one of these places, and those who have not come to any yet: as at the desk."""
    booked = Appointment.objects.filter(customer=OuterRef("pk"))
    return Q(Exists(booked.filter(location__in=places))) | ~Q(Exists(booked))


def _messages(places: frozenset[int]) -> Q:
    return sent.about_any(
        appointments=Appointment.objects.filter(location__in=places),
        colleagues=User.objects.filter(_people(places)),
        invitations=Invitation.objects.filter(_invitations(places)),
    )


BY_QUESTION: dict[type[Model], Callable[[frozenset[int]], Q]] = {
    Customer: _customers,
    Invitation: _invitations,
    User: _people,
    of_person.MODEL: _messages,
}
"""What is at a place because of something else that is."""


def at_places(rows: Rows, places: Places) -> Rows:
    """Those of `rows` that somebody who works for `places` may see. Raises `LookupError` for a table without a row."""
    model = rows.model
    if places is None or model in OF_THE_BUSINESS:
        return rows
    if model in OF_A_PLACE:
        return at(rows, places, place=OF_A_PLACE[model])
    if model in PERHAPS_EVERYWHERE:
        path = PERHAPS_EVERYWHERE[model]
        return rows.filter(Q(**{f"{path}__in": places}) | Q(**{path: None}))
    if model in BY_QUESTION:
        return rows.filter(BY_QUESTION[model](places))
    raise LookupError(f"{model._meta.label}: nobody has said at which place it is")


def of(rows: Rows, user: User) -> Rows:
    return at_places(rows, places_of(user))


def is_known(model: type[Model]) -> bool:
    return any(model in table for table in (OF_A_PLACE, PERHAPS_EVERYWHERE, OF_THE_BUSINESS, BY_QUESTION))


def may_add(model: type[Model], user: User) -> bool:
    """A new place is nobody's yet but of those who work for all of them."""
    return places_of(user) is None or (model not in OF_THE_BUSINESS and model is not Location)


def may_change(row: Model, user: User) -> bool:
    """Whether a row that somebody sees is theirs to change: not what is for places that are not theirs, too."""
    if places_of(user) is None:
        return True
    model = type(row)
    if model in PERHAPS_EVERYWHERE:
        return getattr(row, f"{PERHAPS_EVERYWHERE[model]}_id") is not None
    return model not in OF_THE_BUSINESS


def may_ever_change(model: type[Model], user: User) -> bool:
    """Whether there can be a row of it that is theirs to change."""
    return places_of(user) is None or model not in OF_THE_BUSINESS


def named(user: User) -> str:
    """The places somebody works for, as they are called; "" for all of them."""
    places = places_of(user)
    if places is None:
        return ""
    return get_text_list(list(Location.objects.filter(pk__in=places).values_list("name", flat=True)), _("and"))


def not_yours(user: User) -> str:
    """Why somebody cannot change what is for the whole business, and who can; "" for those who work for all places."""
    if places_of(user) is None:
        return ""
    own = named(user)
    who = get_text_list([name_of(one) for one in of_all_places(MANAGE_PEOPLE)], _("or"))
    said = {"places": own, "who": who}
    if not who:
        return (
            _("This is for the whole business, and you work for %(places)s. It is for managers of all places.") % said
        )
    return (
        _("This is for the whole business, and you work for %(places)s. Ask a manager of all places: %(who)s.") % said
    )
