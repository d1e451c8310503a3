"""Keeps what must be read again, but not by who reads the database: sealed with a key that comes from SECRET_KEY.

What was sealed with a key of SECRET_KEY_FALLBACKS still opens, so that the key of an installation can be changed.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import User

PURPOSE = "appointments.second_step"
BETWEEN = ":"


class NotOurs(ValueError):
    """Sealed by somebody else, for somebody else, with another key, or too long ago."""


def secret_keys() -> Iterator[str]:
    """Those of the installation, the one in force first."""
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def seal(text: str, *, of: User) -> str:
    return _box().encrypt(f"{of.pk}{BETWEEN}{text}".encode()).decode()


def unseal(sealed: str, *, of: User) -> str:
    """What was sealed for the same person. Raises `NotOurs`."""
    try:
        return _opened(_box().decrypt(sealed.encode(errors="replace")), of=of)
    except InvalidToken:
        raise NotOurs from None


def unseal_recent(sealed: str, *, of: User, within: timedelta, now: datetime) -> str:
    """The same, of what was sealed at most so long ago."""
    token, ttl, at = sealed.encode(errors="replace"), int(within.total_seconds()), int(now.timestamp())
    try:
        return _opened(_box().decrypt_at_time(token, ttl, at), of=of)
    except InvalidToken:
        raise NotOurs from None


def _opened(opened: bytes, *, of: User) -> str:
    owner, __, text = opened.decode().partition(BETWEEN)
    if owner != str(of.pk):
        raise NotOurs
    return text


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key_from(one)) for one in secret_keys()])


def _key_from(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(secret.encode(), PURPOSE.encode(), hashlib.sha256))
