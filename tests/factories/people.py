"""Records of customers that are one person's."""

from datetime import datetime

from django.contrib.auth.models import User

from appointments.domain.customers.merging import Side, both_states, merge
from appointments.models import Customer, CustomerMerge
from tests.clock import NOW


def together(kept: Customer, gone: Customer, *, by: User, now: datetime = NOW, **chosen: Side) -> CustomerMerge:
    """`gone` is the same person as `kept`; `chosen` says whose value of a field stays."""
    seen = both_states(*(Customer.objects.get(pk=one.pk) for one in (kept, gone)))
    return merge(kept, gone, chosen, seen=seen, by=by, now=now)
