"""Who may give how much by their own decision."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from djmoney.money import Money

from appointments.models import Business, CompensationAuthority


@dataclass(frozen=True)
class Limits:
    """In which currency somebody gives, and up to which worth alone; None: a second colleague has to agree."""

    currency: str
    most: Money | None


def limits_of(user: User) -> Limits:
    """Two queries."""
    return Limits(Business.current().currency, most_of(user))


def most_of(user: User) -> Money | None:
    """Up to which worth `user` gives something alone: the highest of their roles; None for nothing at all.

    A superuser decides everything, as everywhere in Django: see `may_give`.
    """
    limits = CompensationAuthority.objects.filter(group__in=user.groups.all())
    return max((one.most for one in limits), key=lambda most: most.amount, default=None)


def may_give(user: User, worth: Money) -> bool:
    """Whether `user` may decide alone on something of this worth."""
    return is_within(user, most_of(user), worth)


def is_within(user: User, most: Money | None, worth: Money) -> bool:
    """The same for whoever has read the limit."""
    if user.is_superuser:
        return True
    return most is not None and most.currency == worth.currency and worth.amount <= most.amount
