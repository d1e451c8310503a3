"""Codes of an app on a phone (TOTP, RFC 6238): six digits, another one every half minute, each good once."""

import io
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import pyotp
import qrcode
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from appointments.domain.second_step import changes, sealing, standing
from appointments.domain.transactions import one_transaction
from appointments.errors import DomainError
from appointments.models import AuthenticatorApp, Business

PERIOD = timedelta(seconds=30)
APART = 1
"""So many periods the clock of a phone may be ahead or behind."""
OFFERED_FOR = timedelta(minutes=20)
"""From the page with the key to the first code of the app."""


@dataclass(frozen=True)
class Picture:
    """An SVG without any style of its own, which a page may not have: what it shows, and one path."""

    box: str
    path: str


@dataclass(frozen=True)
class Offered:
    """A key for an app, before it is anybody's: to be scanned (`address`), to be typed (`key`), to be sent back."""

    sealed: str
    key: str
    address: str

    @property
    def typed(self) -> str:
        """In groups of four, which are easier to type."""
        return " ".join(re.findall(".{1,4}", self.key))

    @cached_property
    def picture(self) -> Picture:
        """The address as a QR code, which a phone scans."""
        file = io.BytesIO()
        qrcode.make(self.address, image_factory=SvgPathImage).save(file)
        drawn = file.getvalue().decode()
        box, path = re.search(r' viewBox="([^"]+)"', drawn), re.search(r'<path[^>]* d="([^"]+)"', drawn)
        return Picture(box[1] if box else "", path[1] if path else "")


def offer(user: User) -> Offered:
    """A new key for `user`; nothing is kept of it until a code of it comes back."""
    return _offered(user, pyotp.random_base32())


def offered(user: User, sealed: str, *, now: datetime) -> Offered | None:
    """The key that a page has shown them a while ago; None where it is none of ours or too old."""
    try:
        return _offered(user, sealing.unseal_recent(sealed, of=user, within=OFFERED_FOR, now=now), sealed=sealed)
    except sealing.NotOurs:
        return None


@one_transaction
def add(user: User, found: Offered, code: str, *, here: str, now: datetime) -> list[str]:
    """The app that shows `code` is theirs from now on. Returns recovery codes where there were none before.

    Raises `DomainError` for a code that is not of this key, and where there is an app already.
    """
    locked = standing.lock(user)
    if AuthenticatorApp.objects.filter(user=locked).exists():
        raise DomainError(_("There is an app already. Remove it first to take another one."))
    period = _period_of(found.key, code, now=now)
    if period is None:
        raise DomainError(_("This code is not right. Wait for the next one, and check the clock of your phone."))
    is_first = not standing.of(locked).is_set_up
    made = AuthenticatorApp.objects.create(
        user=locked, sealed=sealing.seal(found.key, of=locked), last_period=period, added_at=now
    )
    return changes.added(made, first=is_first, here=here, now=now)


def accept(user: User, code: str, *, now: datetime) -> bool:
    """Whether `code` is one of their app that has not been used: of several who send the same one, one gets in."""
    own = AuthenticatorApp.objects.filter(user=user).first()
    if own is None:
        return False
    try:
        period = _period_of(sealing.unseal(own.sealed, of=user), code, now=now)
    except sealing.NotOurs:
        changes.log.warning("The app of %s cannot be read: SECRET_KEY is not the one it was added under", user.pk)
        return False
    if period is None:
        return False
    unused = AuthenticatorApp.objects.filter(pk=own.pk, last_period__lt=period)
    return unused.update(last_period=period, used_at=now) == 1


def _offered(user: User, key: str, *, sealed: str = "") -> Offered:
    issuer = re.sub(r"[:%]", " ", Business.current().name) or "Reschedule"
    address = pyotp.TOTP(key).provisioning_uri(name=user.get_username(), issuer_name=issuer)
    return Offered(sealed=sealed or sealing.seal(key, of=user), key=key, address=address)


def _period_of(key: str, code: str, *, now: datetime) -> int | None:
    """The half minute of which this is the code, counted from 1970; None where it is none of those around `now`."""
    digits = re.sub(r"[\s-]", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    this, codes = int(now.timestamp() // PERIOD.total_seconds()), pyotp.TOTP(key)
    around = range(this - APART, this + APART + 1)
    return next((one for one in around if pyotp.utils.strings_equal(codes.generate_otp(one), digits)), None)
