"""What we give, in words."""

from decimal import Decimal

from django.template import Library
from djmoney.money import Money

from appointments.domain.compensation import words
from appointments.domain.compensation.promised import told_with
from appointments.domain.compensation.words import money, said
from appointments.models import CompensationRule, Offer
from appointments.models.recovery import Gives

register = Library()


@register.filter
def comes_with(offer: Offer) -> str:
    """What comes with a time that is offered, as far as its customer is told: it completes "You receive …"."""
    rule = told_with(offer)
    return said(rule) if rule else ""


@register.filter
def in_money(amount: Money) -> str:
    return money(amount)


@register.filter
def in_currency(amount: Decimal, currency: str) -> str:
    """An amount without a currency, in this one; "–" for nothing."""
    return money(Money(amount, currency)) if amount else "–"


@register.filter
def as_gift(given: Gives) -> str:
    return said(given)


@register.filter
def for_whom(rule: CompensationRule) -> str:
    return words.for_whom(rule)
