"""Passkeys (WebAuthn): a device signs a challenge of ours for this address only, after it has looked at its owner."""

import hashlib
import ipaddress
import logging
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import idna
from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from appointments.domain.colleagues import name_of
from appointments.domain.second_step import changes, standing
from appointments.domain.transactions import one_transaction
from appointments.errors import DomainError
from appointments.models import Business, Passkey

log = logging.getLogger("appointments.access")

LONGEST_ID = 1023
"""Bytes, as WebAuthn has it."""
MOST = 20
"""Of one person: more are nobody's devices."""
HIDDEN_FAULTS = (
    ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, NotImplementedError,
    RecursionError, struct.error,
)  # fmt: skip
"""What the library raises at what no browser has written; to the reader it is one and the same."""
USUAL_PORTS = {"http": 80, "https": 443}
"""A browser leaves these out of the address of a page, and no others."""
ASKED_AT = "asked_at"
State = Mapping[str, Any]
"""What a session remembers of a challenge."""


@dataclass(frozen=True)
class Address:
    """For which host a passkey is made, and on which pages a browser may ask for it."""

    host: str
    origin: str


def address() -> Address | None:
    """Taken from PUBLIC_URL and never from what a request claims. None where browsers know no passkeys: without https,
    and under a number instead of a name. A machine is `localhost` to itself, without https too.
    """
    public = urlsplit(settings.PUBLIC_URL)
    host = _as_browsers_have_it(public.hostname or "")
    try:
        port = "" if public.port in (None, USUAL_PORTS.get(public.scheme)) else f":{public.port}"
    except ValueError:
        return None  # no port has such a number
    if not host or (public.scheme != "https" and host != "localhost" and not host.endswith(".localhost")):
        return None
    return Address(host, f"{public.scheme}://{host}{port}")


def _as_browsers_have_it(host: str) -> str:
    """A name in letters that every host table knows (`bücher.example` is `xn--bcher-kva.example`); empty for what is
    none."""
    try:
        return "localhost" if ipaddress.ip_address(host).is_loopback else ""
    except ValueError:
        pass
    try:
        return host if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return ""


def begin_adding(user: User) -> tuple[dict[str, Any], State]:
    """What the browser is asked, and what has to be remembered of it."""
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=_handle(user), name=user.get_username(), display_name=name_of(user)),
        credentials=_credentials(user),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(dict(options)["publicKey"]), state


@one_transaction
def add(user: User, said: Mapping[str, Any], *, state: State, name: str, here: str, now: datetime) -> list[str]:
    """The device that has answered is theirs from now on. Returns recovery codes where there were none before.

    Raises `DomainError` for an answer to another challenge, of another address, and of a device that is known already.
    """
    try:
        found = _server().register_complete(state, said).credential_data
    except HIDDEN_FAULTS as error:
        log.warning("A passkey of %s was not added: %r", user.pk, error)
        raise DomainError(_("The passkey could not be added. Please try it once more.")) from None
    locked = standing.lock(user)
    stands = standing.of(locked)
    if found is None or len(stands.passkeys) >= MOST:
        raise DomainError(_("There are many passkeys already. Remove one that is not used any more."))
    if len(found.credential_id) > LONGEST_ID:
        raise DomainError(_("This device cannot be used as a passkey here."))
    try:
        with transaction.atomic():
            made = Passkey.objects.create(
                user=locked,
                name=name,
                credential_id=websafe_encode(found.credential_id),
                credential=bytes(found),
                added_at=now,
            )
    except IntegrityError:
        raise DomainError(_("This passkey is in the list already.")) from None
    return changes.added(made, first=not stands.is_set_up, here=here, now=now)


def begin_signing_in(user: User | None, *, now: datetime) -> tuple[dict[str, Any], State]:
    """For one of the passkeys of `user`; of nobody in particular, for any that the device keeps for this address."""
    options, state = _server().authenticate_begin(
        _credentials(user) if user is not None else None, user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(dict(options)["publicKey"]), {**state, ASKED_AT: now.isoformat()}


@one_transaction
def accept(said: Mapping[str, Any], *, state: State, user: User | None, now: datetime) -> User | None:
    """Whose passkey has signed the challenge; None unless it is one we know, of `user` where one is named.

    A signature opens once: of several who send the same one, one gets in, and what was asked before the passkey was
    last used opens nothing. Whoever counts has to count on.
    """
    try:
        answer = AuthenticationResponse.from_dict(said)
        found = Passkey.objects.select_related("user").get(credential_id=websafe_encode(answer.raw_id))
        _server().authenticate_complete(state, [AttestedCredentialData(bytes(found.credential))], answer)
        handle, counted = answer.response.user_handle, answer.response.authenticator_data.counter
        asked_at = datetime.fromisoformat(state[ASKED_AT])
    except Passkey.DoesNotExist:
        return None
    except HIDDEN_FAULTS as error:
        log.warning("A passkey was not accepted: %r", error)
        return None
    owner = found.user
    if not owner.is_active or (user is not None and owner.pk != user.pk) or handle not in (None, b"", _handle(owner)):
        return None
    if (counted or found.signatures) and counted <= found.signatures:
        log.warning("Passkey %s counts %s after %s: it may have been copied", found.pk, counted, found.signatures)
        return None
    challenge = hashlib.sha256(str(state["challenge"]).encode()).hexdigest()
    unused = Passkey.objects.filter(pk=found.pk, signatures=found.signatures).exclude(last_challenge=challenge)
    unused = unused.exclude(used_at__gt=asked_at)
    return owner if unused.update(signatures=counted, last_challenge=challenge, used_at=now) == 1 else None


def _server() -> Fido2Server:
    """Raises `DomainError` where there can be no passkeys."""
    here = address()
    if here is None:
        raise DomainError(_("Passkeys need an https address. Use an authenticator app here."))
    party = PublicKeyCredentialRpEntity(id=here.host, name=Business.current().name or here.host)
    return Fido2Server(party, verify_origin=lambda origin: origin == here.origin)


def _credentials(user: User) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(one.credential)) for one in Passkey.objects.filter(user=user)]


def _handle(user: User) -> bytes:
    """By which a device knows whose passkey it keeps; it says nothing of the person."""
    return f"colleague-{user.pk}".encode()
