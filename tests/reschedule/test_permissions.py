"""What somebody may do: by role, by right, or all of it."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission, User

from reschedule.sign_in import Colleagues
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def may(user: User) -> set[str]:
    return Colleagues().get_all_permissions(User.objects.get(pk=user.pk))


def permission(codename: str) -> Permission:
    return Permission.objects.get(codename=codename, content_type__app_label="appointments")


def test_what_is_given_by_role_and_what_by_right_go_together_and_are_one_question(
    django_assert_num_queries: Any,
) -> None:
    user, group, other = UserFactory(), Group.objects.create(name="Some"), Group.objects.create(name="Others")
    group.permissions.add(permission("view_customer"), permission("view_reason"))
    other.permissions.add(permission("delete_customer"))
    user.groups.add(group)
    user.user_permissions.add(permission("view_reason"), permission("change_reason"))
    read = User.objects.get(pk=user.pk)
    with django_assert_num_queries(1):
        allowed = {name: read.has_perm(f"appointments.{name}") for name in ("view_customer", "change_reason")}

    assert allowed == {"view_customer": True, "change_reason": True}
    assert may(user) == {f"appointments.{name}" for name in ("view_customer", "view_reason", "change_reason")}


def test_who_has_gone_and_who_is_nobody_may_nothing_and_a_superuser_everything() -> None:
    gone, every = UserFactory(is_active=False), UserFactory(is_superuser=True)
    gone.user_permissions.add(permission("view_reason"))
    assert may(gone) == set()
    assert Colleagues().get_all_permissions(AnonymousUser()) == set()
    assert len(may(every)) == Permission.objects.count()
    assert Colleagues().get_all_permissions(every, obj=gone) == set()
