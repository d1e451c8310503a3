"""Who may give which role to whom."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from appointments import roles
from appointments.domain.colleagues import places_of
from appointments.domain.people import ranks
from appointments.errors import DomainError
from appointments.models import AuditEntry, Location
from tests.clock import NOW
from tests.factories import Clinic, LocationFactory, UserFactory
from tests.factories.people import colleague

pytestmark = pytest.mark.django_db


def give(user: User, role: str, *places: Location, by: User) -> User:
    ranks.give(user, role=role, places=places, by=by, now=NOW)
    return User.objects.get(pk=user.pk)


def test_a_manager_gives_each_role_and_what_it_was_is_written_down(budi: User, sari: User) -> None:
    reading = dict.fromkeys((roles.LEADS, roles.AUDITORS, roles.MANAGERS), True)
    for role, is_staff in {**reading, roles.FRONT_DESK: False}.items():
        sari = give(sari, role, by=budi)
        assert (ranks.role_of(sari), sari.groups.count(), sari.is_staff) == (role, 1, is_staff)
    last = AuditEntry.objects.all()[0]
    assert (last.actor, last.action, last.noun, last.name) == (budi, "changed", "colleague", "Sari Wulandari")
    assert (last.before, last.after) == ({"role": "Managers"}, {"role": "Front desk"})


def test_a_lead_who_looks_after_people_gives_no_role_above_their_own(melati: Clinic, sari: User) -> None:
    lead = colleague(roles.LEADS)
    lead.user_permissions.add(Permission.objects.get(codename=roles.MANAGE_PEOPLE))
    lead = User.objects.get(pk=lead.pk)
    assert [role for role in roles.LABELS if ranks.may_give(lead, role)] == [roles.FRONT_DESK, roles.LEADS]
    with pytest.raises(DomainError, match="may do more than yours"):
        give(sari, roles.MANAGERS, by=lead)
    assert ranks.role_of(sari) == roles.FRONT_DESK


def test_a_role_that_the_business_has_widened_counts_as_it_is(budi: User) -> None:
    Group.objects.get(name=roles.LEADS).permissions.add(Permission.objects.get(codename="delete_user"))
    assert not ranks.may_give(budi, roles.LEADS)


def test_nobody_changes_who_may_do_more(budi: User, melati: Clinic) -> None:
    with pytest.raises(DomainError, match="may do more than you"):
        give(melati.manager, roles.FRONT_DESK, by=budi)  # runs the installation


def test_the_last_manager_stays_one(budi: User, ratna: User) -> None:
    give(ratna, roles.LEADS, by=budi)
    for role, places in ((roles.LEADS, ()), (roles.MANAGERS, (LocationFactory(),))):
        with pytest.raises(DomainError, match="Budi Santoso is the last manager"):
            give(budi, role, *places, by=budi)
    assert ranks.role_of(budi) == roles.MANAGERS


def test_a_manager_who_is_retired_or_has_one_place_does_not_replace_the_last_one(budi: User, ratna: User) -> None:
    ranks.put_in(ratna, role=roles.MANAGERS, places=[LocationFactory()])
    with pytest.raises(DomainError, match="last manager"):
        give(budi, roles.LEADS, by=budi)
    ranks.put_in(ratna, role=roles.MANAGERS, places=[])
    User.objects.filter(pk=ratna.pk).update(is_active=False)
    with pytest.raises(DomainError, match="last manager"):
        give(budi, roles.LEADS, by=budi)


def test_who_has_some_places_gives_only_those_and_changes_only_whom_they_reach(melati: Clinic, budi: User) -> None:
    other = LocationFactory()
    here = colleague(roles.MANAGERS, melati.location)
    somebody = colleague(roles.FRONT_DESK, melati.location)
    for places in ((), (other,), (melati.location, other)):
        with pytest.raises(DomainError, match="places that you work for"):
            give(somebody, roles.FRONT_DESK, *places, by=here)
    assert places_of(give(somebody, roles.LEADS, melati.location, by=here)) == frozenset({melati.location.pk})
    for elsewhere in (colleague(roles.FRONT_DESK, other), colleague(roles.FRONT_DESK)):
        with pytest.raises(DomainError, match="may do more than you"):
            give(elsewhere, roles.FRONT_DESK, melati.location, by=here)


def test_groups_and_rights_beside_the_role_stay(budi: User) -> None:
    user = User.objects.get(pk=UserFactory().pk)
    user.groups.add(Group.objects.create(name="Choir"))
    user = give(user, roles.FRONT_DESK, by=budi)
    assert set(user.groups.values_list("name", flat=True)) == {"Choir", roles.FRONT_DESK}


def test_a_role_that_is_none_is_refused(budi: User, sari: User) -> None:
    with pytest.raises(DomainError):
        give(sari, "Choir", by=budi)


def test_who_has_no_role_has_none(melati: Clinic) -> None:
    assert ranks.role_of(melati.staff) == ""


def test_the_same_again_is_no_change(budi: User, sari: User) -> None:
    give(sari, roles.FRONT_DESK, by=budi)
    assert not AuditEntry.objects.exists()
