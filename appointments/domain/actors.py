"""Who does something: a colleague, the customer, a sweep, an import."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from appointments.enums import ActorKind


@dataclass(frozen=True)
class Actor:
    kind: ActorKind
    user: User | None = None


CUSTOMER = Actor(ActorKind.CUSTOMER)
SYSTEM = Actor(ActorKind.SYSTEM)
IMPORT = Actor(ActorKind.IMPORT)


def staff(user: User) -> Actor:
    return Actor(ActorKind.STAFF, user)
