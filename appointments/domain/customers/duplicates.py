"""Who may be the same person as somebody, until a colleague has said that they are two."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q

from appointments.models import Customer, TwoPeople
from appointments.models.people import CustomerQuerySet

MOST_ALIKE = 6


def alike(customer: Customer) -> list[Customer]:
    """Who may be the same person: the same phone or e-mail, or all words of a name that has several; for one who is
    saved, without those who were said to be somebody else. Two queries; several people share a phone, so a colleague
    decides.
    """
    return list(_alike(customer).exclude(pk__in=_others(customer)).order_by("name", "pk")[:MOST_ALIKE])


def two_people(one: Customer, other: Customer, *, by: User, now: datetime) -> None:
    """That they are two is remembered, and neither is taken for the other again. Said twice, it is said once."""
    first, second = sorted((one.pk, other.pk))
    TwoPeople.objects.get_or_create(one_id=first, other_id=second, defaults={"by": by, "at": now})


def _alike(customer: Customer) -> CustomerQuerySet:
    same = Q(pk__in=())
    if customer.phone:
        same |= Q(phone=customer.phone)
    if customer.email:
        same |= Q(email__iexact=customer.email)
    found: CustomerQuerySet = Customer.objects.standing().filter(same)
    if len(customer.name.split()) > 1:
        found |= Customer.objects.matching(customer.name)
    return found.exclude(pk=customer.pk) if customer.pk else found


def _others(customer: Customer) -> list[int]:
    """Who was said to be somebody else."""
    if not customer.pk:
        return []
    said = TwoPeople.objects.filter(Q(one=customer.pk) | Q(other=customer.pk)).values_list("one", "other")
    return [second if first == customer.pk else first for first, second in said]
