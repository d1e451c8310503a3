"""What somebody has set up, and whether they have to have something."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from appointments import roles
from appointments.models import AuthenticatorApp, Passkey, RecoveryCode

WHO_MUST = (roles.MANAGERS, roles.AUDITORS)
"""Those who read everything; and whoever runs the installation."""


@dataclass(frozen=True)
class Standing:
    """Recovery codes are no way of their own: they stand in for one that is lost."""

    app: AuthenticatorApp | None
    passkeys: tuple[Passkey, ...]
    codes_left: int
    codes_made: int

    @property
    def ways(self) -> int:
        return len(self.passkeys) + (self.app is not None)

    @property
    def is_set_up(self) -> bool:
        return self.ways > 0


def of(user: User) -> Standing:
    codes = list(RecoveryCode.objects.filter(user=user).values_list("used_at", flat=True))
    return Standing(
        app=AuthenticatorApp.objects.filter(user=user).first(),
        passkeys=tuple(Passkey.objects.filter(user=user)),
        codes_left=codes.count(None),
        codes_made=len(codes),
    )


def known(users: QuerySet[User]) -> QuerySet[User]:
    """Each with what the two questions below ask, so that who is signed in costs no query more."""
    must = User.groups.through.objects.filter(user=OuterRef("pk"), group__name__in=WHO_MUST)
    return users.annotate(has_second_step=_is_set_up(), is_among_who_must=Q(is_superuser=True) | Exists(must))


def is_set_up(user: User) -> bool:
    """Whether they are asked for something beside the password."""
    return bool(_known_of(user).has_second_step)  # type: ignore[attr-defined]


def is_required_of(user: User) -> bool:
    """Whether nothing opens for them before they have set something up."""
    return settings.SECOND_STEP_REQUIRED and bool(_known_of(user).is_among_who_must)  # type: ignore[attr-defined]


def lock(user: User) -> User:
    """Whoever changes what somebody has waits for the one before."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _known_of(user: User) -> User:
    return user if hasattr(user, "is_among_who_must") else known(User.objects.all()).get(pk=user.pk)


def _is_set_up() -> Q:
    own = {"user": OuterRef("pk")}
    return Q(Exists(AuthenticatorApp.objects.filter(**own))) | Q(Exists(Passkey.objects.filter(**own)))
