"""What a language's second reader has learned: a weight for each bucket and kind, and from where on it speaks."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appointments.domain.recovery.honesty.kinds import Kind

BUCKETS = 1 << 17
"""Features are told apart by so many numbers."""
KINDS = (Kind.HEALTH, Kind.MONEY, Kind.BLAME, Kind.CERTAINTY)
"""What it listens for."""
LARGEST = 127


@dataclass(frozen=True)
class Of:
    """What it has learned of one kind: by bucket a signed byte, times `scale`. From `heard` on it speaks; below
    `overruled` it takes back what the rules found.
    """

    table: memoryview
    scale: float
    bias: float
    heard: float
    overruled: float


@dataclass(frozen=True)
class Weights:
    """`learned_from` tells from which texts, so that a file that is behind them is known."""

    of: Mapping[Kind, Of]
    learned_from: str = ""

    @classmethod
    def read(cls, data: bytes) -> Weights:
        """Raises ValueError for what is no such file."""
        head, _line, tables = data.partition(b"\n")
        try:
            said: dict[str, Any] = json.loads(head)
            whole = memoryview(zlib.decompress(tables)).cast("b")
            of = {
                kind: Of(whole[at * BUCKETS : (at + 1) * BUCKETS], **said["kinds"][kind])
                for at, kind in enumerate(KINDS)
            }
        except (KeyError, TypeError, zlib.error, UnicodeDecodeError) as error:
            raise ValueError(f"no weights: {error}") from error
        if len(whole) != BUCKETS * len(KINDS):
            raise ValueError("weights for other features")
        return cls(of, said.get("learned_from", ""))

    def written(self) -> bytes:
        kinds = {
            kind: {"scale": of.scale, "bias": of.bias, "heard": of.heard, "overruled": of.overruled}
            for kind, of in self.of.items()
        }
        head = json.dumps({"kinds": kinds, "learned_from": self.learned_from})
        return head.encode() + b"\n" + zlib.compress(b"".join(self.of[kind].table for kind in KINDS), 9)
