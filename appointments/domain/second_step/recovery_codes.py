"""Ten codes on paper for the day the phone is gone; each opens once, and only its fingerprint is kept."""

import secrets
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.crypto import salted_hmac

from appointments.domain.second_step import sealing
from appointments.models import RecoveryCode

COUNT = 10
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that are taken for one another on paper."""
GROUPS, EACH = 3, 4
"""Twelve letters of 32 are 60 bits."""


def make(user: User, *, now: datetime) -> list[str]:
    """New ones in the place of all before, in the caller's transaction. They cannot be read again."""
    codes: dict[str, None] = {}
    while len(codes) < COUNT:
        codes["-".join("".join(secrets.choice(LETTERS) for _one in range(EACH)) for _group in range(GROUPS))] = None
    RecoveryCode.objects.filter(user=user).delete()
    in_force = next(sealing.secret_keys())
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, code_hash=_fingerprint(user, code, key=in_force), made_at=now) for code in codes
    )
    return list(codes)


def accept(user: User, code: str, *, now: datetime) -> bool:
    """Whether `code` is one of theirs that has not been used: of several who send the same one, one gets in."""
    hashes = [_fingerprint(user, code, key=key) for key in sealing.secret_keys()]
    return RecoveryCode.objects.filter(user=user, code_hash__in=hashes, used_at=None).update(used_at=now) == 1


def left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _fingerprint(user: User, code: str, *, key: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac(sealing.PURPOSE, f"{user.pk}:{plain}", secret=key, algorithm="sha256").hexdigest()
