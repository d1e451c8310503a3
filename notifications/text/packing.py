"""Values that survive the outbox: cleaned for people and databases, and the same after a JSON round trip as before.

A text is written once when the message is queued and perhaps again hours later for another channel. Both times the
template must see the same values, so dates stay dates and decimals stay decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import Promise

from notifications.text.cleaning import clean

TAG = "$"
"""A packed value is {"$": type name, "v": text}; no template could use a key of that name."""

STRINGS, NUMBERS = (str, Promise), (bool, int, float)


def pack(value: Any) -> Any:
    """JSON-ready and cleaned. Raises TypeError for what would not come back as the same thing."""
    if isinstance(value, STRINGS):
        return clean(str(value))
    if value is None or isinstance(value, NUMBERS):
        return value
    if isinstance(value, Mapping):
        return {clean(str(name)): pack(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [pack(item) for item in value]
    return _tagged(value)


def _tagged(value: Any) -> dict[str, str]:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise TypeError("a time without a zone cannot go into a message")
    for name, kind in (("datetime", datetime), ("date", date), ("time", time)):
        if isinstance(value, kind):
            return {TAG: name, "v": value.isoformat()}
    if isinstance(value, timedelta):
        return {TAG: "timedelta", "v": str(value.total_seconds())}
    if isinstance(value, Decimal):
        return {TAG: "Decimal", "v": str(value)}
    raise TypeError(f"a {type(value).__name__} cannot go into a message; give plain values")


READERS: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda text: timedelta(seconds=float(text)),
    "Decimal": Decimal,
}


def unpack(value: Any) -> Any:
    """The opposite of pack(). Tuples come back as lists, times in their original offset."""
    if isinstance(value, list):
        return [unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    if TAG in value:
        return READERS[value[TAG]](value["v"])
    return {name: unpack(item) for name, item in value.items()}


class PackedJSONField(models.JSONField):
    """A JSON column whose Python side has real dates and decimals."""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(pack(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return unpack(super().from_db_value(value, expression, connection))
