"""How many appointments a day somebody takes at most, as managers say it."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client

from appointments import roles
from appointments.enums import AbsenceKind
from appointments.models import Resource
from tests.appointments.admin.pages import form_values, page
from tests.clock import NOW, hours
from tests.factories import AbsenceFactory, UserFactory, clinic


@pytest.mark.parametrize(("typed", "kept"), [("", None), ("1", 1), ("8", 8)])
def test_a_manager_says_how_many_a_day_are_the_most(browser_of_manager: Client, typed: str, kept: int | None) -> None:
    place = clinic()
    address = page("resource", "change", place.provider.pk)
    values = form_values(browser_of_manager.get(address), "resource_form") | {"most_a_day": typed}
    assert browser_of_manager.post(address, values).status_code == 302
    place.provider.refresh_from_db()
    assert place.provider.most_a_day == kept


def test_none_a_day_is_no_limit_but_a_resource_that_is_not_in_use(browser_of_manager: Client) -> None:
    place = clinic()
    address = page("resource", "change", place.provider.pk)
    values = form_values(browser_of_manager.get(address), "resource_form") | {"most_a_day": "0"}
    answer = browser_of_manager.post(address, values)
    assert "Ensure this value is greater than or equal to 1." in answer.content.decode()
    with pytest.raises(IntegrityError, match="resource_takes_some_a_day"), transaction.atomic():
        Resource.objects.filter(pk=place.provider.pk).update(most_a_day=0)


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "reads"), [(roles.MANAGERS, True), (roles.AUDITORS, False)])
def test_the_title_of_what_is_blocked_is_for_managers_alone(client: Client, role: str, reads: bool) -> None:
    world = clinic()
    span = {"starts_at": NOW, "ends_at": NOW + hours(1), "rrule": "FREQ=WEEKLY"}
    AbsenceFactory(resource=world.provider, kind=AbsenceKind.BLOCKED, title="Talk with the bank", **span)
    reader = UserFactory(is_staff=True)
    reader.groups.add(Group.objects.get(name=role))
    client.force_login(reader)
    page = client.get(f"/admin/appointments/resource/{world.provider.pk}/change/").content.decode()
    assert ("blocked" in page, "Talk with the bank" in page) == (True, reads)
