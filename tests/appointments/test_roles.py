"""The four roles: what each may do, and that giving them again changes nothing."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from appointments import roles
from appointments.roles import AUDITORS, FRONT_DESK, LEADS, MANAGERS

pytestmark = pytest.mark.django_db


def rights() -> dict[str, set[str]]:
    return {group.name: set(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()}


def test_the_roles_are_there_from_the_start() -> None:
    given = rights()

    assert set(given) == {FRONT_DESK, LEADS, MANAGERS, AUDITORS}
    assert given == {name: {one for each in wanted.values() for one in each} for name, wanted in roles.ROLES.items()}


def test_who_works_at_the_desk_and_who_only_reads() -> None:
    at_the_desk = {name for name, given in rights().items() if "work_desk" in given}

    assert at_the_desk == {FRONT_DESK, LEADS, MANAGERS}
    assert {one.split("_")[0] for one in rights()[AUDITORS]} == {"view"}
    assert {"view_appointmentevent", "view_promise", "view_customer", "view_message"} <= rights()[AUDITORS]


def test_only_managers_change_what_the_business_is() -> None:
    changing = {name: {one for one in given if one.split("_")[0] != "view"} for name, given in rights().items()}

    assert changing[FRONT_DESK] == {"work_desk"}
    assert changing[LEADS] == {"work_desk", "send_again", "write_playbook"}
    assert {"change_reason", "change_business", "add_resource", "delete_absence"} <= changing[MANAGERS]


def test_nobody_deletes_what_others_refer_to_or_what_happened() -> None:
    deleting = {one for given in rights().values() for one in given if one.startswith("delete_")}

    # A note on misuse is of no use to history, and its manager may think better of it.
    assert deleting == {*(f"delete_{part}" for part in roles.PARTS), "delete_misusenote"}


def test_migrating_again_gives_back_what_is_missing_and_leaves_what_was_added() -> None:
    desk = Group.objects.get(name=FRONT_DESK)
    more = Permission.objects.get(codename="view_reason")
    desk.permissions.add(more)
    desk.permissions.remove(Permission.objects.get(codename="work_desk"))
    Group.objects.get(name=LEADS).delete()
    before = rights()

    call_command("migrate", verbosity=0)

    after = rights()
    assert after[FRONT_DESK] == before[FRONT_DESK] | {"work_desk"}
    assert "view_reason" in after[FRONT_DESK]
    assert LEADS in after
    call_command("migrate", verbosity=0)
    assert rights() == after


def test_a_right_that_does_not_exist_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(roles.ROLES, "Gardeners", {"appointments": ("water_plants",)})

    with pytest.raises(LookupError, match="Gardeners: no such permissions in appointments: water_plants"):
        roles.apply()
