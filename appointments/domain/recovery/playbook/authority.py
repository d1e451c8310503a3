"""Whose yes a solution needs, and whether a colleague can give it."""

from django.contrib.auth.models import User

from appointments.enums import UsedBy
from appointments.roles import MAY_CHANGE_THE_BUSINESS, MAY_WORK_AT_THE_DESK, MAY_WRITE_THE_PLAYBOOK

RIGHTS = {
    UsedBy.DESK: MAY_WORK_AT_THE_DESK,
    UsedBy.LEADS: MAY_WRITE_THE_PLAYBOOK,
    UsedBy.MANAGERS: MAY_CHANGE_THE_BUSINESS,
}
"""The right by which each of them is known."""


def may_use(used_by: str, user: User) -> bool:
    return user.has_perm(RIGHTS[UsedBy(used_by)])


def may_write(user: User) -> bool:
    return user.has_perm(MAY_WRITE_THE_PLAYBOOK)
