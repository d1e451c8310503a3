"""Saved views: how a colleague likes to see the queues, under names of their own."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain.transactions import one_transaction
from appointments.errors import DomainError
from appointments.models import SavedView

MOST = 12
"""So many find room as tabs."""


@one_transaction
def save(owner: User, *, name: str, queue: str, filters: str) -> SavedView:
    """Under a name that is there already it takes the place of what stood there. Raises `DomainError` for too many."""
    own = SavedView.objects.filter(owner=owner)
    if own.exclude(name=name).count() >= MOST:
        raise DomainError(_("There is room for %(most)s views. Remove one of them first.") % {"most": MOST})
    saved, _is_new = own.update_or_create(owner=owner, name=name, defaults={"queue": queue, "filters": filters})
    found: SavedView = saved
    return found


def forget(view: SavedView) -> None:
    SavedView.objects.filter(pk=view.pk).delete()
