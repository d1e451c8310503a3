"""Devices that colleagues sign in with: an app that counts codes, and a key that signs what a browser is asked."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import User
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from appointments.domain.second_step import app, passkeys
from tests.clock import NOW

ORIGIN = "http://localhost:8000"
"""Of the tests' PUBLIC_URL."""
FLAG = AuthenticatorData.FLAG


@dataclass
class Device:
    """A passkey in software. It signs for every page it is shown, which is what a browser would refuse."""

    counts: bool = False
    looks_at_owner: bool = True
    id: bytes = b"device-1"
    handle: bytes = b""
    used: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def join(self, options: Mapping[str, Any], *, origin: str = ORIGIN, host: str = "localhost") -> dict[str, Any]:
        """What the browser answers when it is asked for a new passkey."""
        self.handle = websafe_decode(options["user"]["id"])
        credential = AttestedCredentialData.create(
            Aaguid.NONE, self.id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(_hash(host), self._flags() | FLAG.AT, self.used, credential)
        attestation = bytes(AttestationObject.create("none", data, {}))
        said = {"clientDataJSON": self._client("webauthn.create", options, origin), "attestationObject": attestation}
        return self._answer(said)

    def sign(self, options: Mapping[str, Any], *, origin: str = ORIGIN, host: str = "localhost") -> dict[str, Any]:
        """What the browser answers when it is asked who is there."""
        self.used += self.counts
        data = AuthenticatorData.create(_hash(host), self._flags(), self.used)
        client = self._client("webauthn.get", options, origin)
        signature = self.key.sign(bytes(data) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": bytes(data), "signature": signature}
        return self._answer({**said, "userHandle": self.handle})

    def _flags(self) -> AuthenticatorData.FLAG:
        return FLAG.UP | FLAG.UV if self.looks_at_owner else FLAG.UP

    def _client(self, kind: str, options: Mapping[str, Any], origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": origin}).encode()

    def _answer(self, said: dict[str, bytes]) -> dict[str, Any]:
        name, response = websafe_encode(self.id), {key: websafe_encode(value) for key, value in said.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}


def _hash(host: str) -> bytes:
    return hashlib.sha256(host.encode()).digest()


@dataclass
class Phone:
    """An app with the key of one account."""

    key: str

    def code(self, now: datetime = NOW) -> str:
        return pyotp.TOTP(self.key).at(now)


def with_app(user: User, *, now: datetime = NOW) -> tuple[Phone, list[str]]:
    """Their app from now on, and their recovery codes. The code that added it is used."""
    offered = app.offer(user)
    phone = Phone(offered.key)
    return phone, app.add(user, offered, phone.code(now), here="", now=now)


def with_passkey(
    user: User, *, name: str = "Budi's phone", now: datetime = NOW, **device: Any
) -> tuple[Device, list[str]]:
    made = Device(**device)
    options, state = passkeys.begin_adding(user)
    return made, passkeys.add(user, made.join(options), state=state, name=name, here="", now=now)
