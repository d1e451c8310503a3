"""The honesty check for whoever has rows: what is known of a situation, and what is wrong with a text in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from appointments.domain.compensation.words import said
from appointments.domain.recovery import honesty
from appointments.domain.recovery.honesty import Facts, Finding, TextKind
from appointments.domain.recovery.lexicons import lexicons
from appointments.enums import GIVEN, AnswerKind, ResourceKind
from appointments.models import Answer, Appointment, Business, Compensation, Location, Reason, Resource, Service
from appointments.models.reason import WORDING_PLACEHOLDERS
from notifications.text import languages

ASKS = (AnswerKind.OTHER_TIMES, AnswerKind.CALL_ME, AnswerKind.TELL)
"""Answers by which a customer may have asked for another time."""


def check(text: str, *, facts: Facts) -> list[Finding]:
    """What is wrong with `text` in that situation, in the order of the text; what is missing first."""
    return honesty.check(text, facts=facts, lexicons=lexicons())


def about(appointment: Appointment, *, reason: Reason | None = None) -> Facts:
    """What is known when a line is written to the customer of one appointment. Four queries."""
    customer = appointment.customer
    known = about_many(appointment.location, [appointment.service], reason=reason, reads=[customer.reads])
    asked = Answer.objects.filter(request__appointment=appointment, kind__in=ASKS).exists()
    return replace(known, customer=customer.name, asked=asked, given=_granted(appointment))


def _granted(appointment: Appointment) -> tuple[str, ...]:
    """What somebody with the authority has given the customer, as it is written."""
    granted = Compensation.objects.filter(appointment=appointment, state__in=GIVEN)
    return tuple(said(one, appointment.customer.reads) for one in granted)


def about_many(
    place: Location, services: Iterable[Service], *, reason: Reason | None = None, reads: Iterable[str] = ()
) -> Facts:
    """The same when the line goes to several; `reads` are the languages that they read. Two queries."""
    several = {languages.nearest(code) for code in reads}
    people = Resource.objects.filter(location=place, kind=ResourceKind.PROVIDER).values_list("name", flat=True)
    business = Business.current().name
    called = [service.name_in(code) for service in services for code in languages.codes()]
    facts = Facts(
        language=several.pop() if len(several) == 1 else "",
        names=tuple(name for name in (business, place.name, *called) if name),
        colleagues=tuple(people),
    )
    return because(facts, reason)


def because(facts: Facts, reason: Reason | None) -> Facts:
    """The same with what is recorded as the cause."""
    if reason is None:
        return facts
    return replace(facts, family=reason.family, fault=reason.fault, private=reason.is_private)


def wording_of(reason: Reason, language: str) -> Facts:
    """What is known when the public wording of a cause is written, which many customers of one language will read."""
    facts = Facts(language=language, text=TextKind.REASON, gaps=WORDING_PLACEHOLDERS)
    return replace(because(facts, reason), private=False)


NOTE = Facts(language="", text=TextKind.NOTE)
"""A note that only colleagues read."""
