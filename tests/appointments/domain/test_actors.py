"""Who does something."""

from dataclasses import FrozenInstanceError

import pytest
from django.contrib.auth.models import User

from appointments.domain import actors
from appointments.enums import ActorKind


def test_only_a_colleague_has_a_name() -> None:
    sari = User(username="sari")
    assert actors.staff(sari) == actors.Actor(ActorKind.STAFF, sari)
    assert [(one.kind, one.user) for one in (actors.CUSTOMER, actors.SYSTEM, actors.IMPORT)] == [
        (ActorKind.CUSTOMER, None), (ActorKind.SYSTEM, None), (ActorKind.IMPORT, None),
    ]  # fmt: skip


def test_nobody_becomes_somebody_else() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(actors.SYSTEM, "kind", ActorKind.STAFF)  # noqa: B010  written plainly, the type checker refuses it
