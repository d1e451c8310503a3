"""A colleague keeps a queue as they like to see it, under a name of their own."""

import pytest
from django.db import IntegrityError, transaction

from appointments.domain import saved_views
from appointments.errors import DomainError
from appointments.models import SavedView
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


def test_the_same_name_again_takes_its_place() -> None:
    sari, budi = StaffFactory(), StaffFactory()
    for owner, filters in ((sari, "kind=call"), (budi, "kind=reply"), (sari, "place=melati")):
        saved_views.save(owner, name="Mornings", queue="calls", filters=filters)
    kept = SavedView.objects.order_by("pk").values_list("owner", "filters")
    assert list(kept) == [(sari.pk, "place=melati"), (budi.pk, "kind=reply")]


def test_there_is_room_for_so_many() -> None:
    sari = StaffFactory()
    for number in range(saved_views.MOST):
        saved_views.save(sari, name=f"View {number}", queue="calls", filters="kind=call")
    with pytest.raises(DomainError, match="room for 12 views"):
        saved_views.save(sari, name="One more", queue="calls", filters="kind=call")
    saved_views.save(sari, name="View 3", queue="calls", filters="kind=reply")
    saved_views.save(StaffFactory(), name="One more", queue="calls", filters="kind=call")
    saved_views.forget(SavedView.objects.get(name="View 3"))
    saved_views.save(sari, name="One more", queue="calls", filters="kind=call")
    assert SavedView.objects.filter(owner=sari).count() == saved_views.MOST


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "Mornings"}])
def test_the_database_refuses_a_view_without_a_name_of_its_own(change: dict[str, str]) -> None:
    sari = StaffFactory()
    SavedView.objects.create(owner=sari, queue="calls", name="Mornings")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=sari, queue="calls", **change)
