"""A world that test after test begins with is built once in a process; after that its rows are written as they were.

What a builder writes follows from what it is given, from what the test has written before, and from the clock, the
settings, the language and the zone. All of that together is the key: whoever differs in any of it gets a world of his
own. `TEST_REMEMBERS=no` builds each of them anew.
"""

import functools
import io
import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from typing import Any, ParamSpec, TypeVar

from django.db import connection
from django.db.models import Model
from djmoney.money import Money
from i18nfield.strings import LazyI18nString
from phonenumber_field.phonenumber import PhoneNumber

from tests.factories import sequences
from tests.factories.journal import Statement, current

P = ParamSpec("P")
R = TypeVar("R")

PLAIN = (str, bytes, int, float, bool, Decimal, date, time, timedelta, tzinfo, Enum, type(None), type)
"""Their `repr` tells all of them."""


class NotPlain(Exception):
    """Something was given of which nobody can say whether it is the same another time."""


@dataclass(frozen=True)
class Kept:
    """What a builder wrote, returned and did to the rows it was given."""

    statements: tuple[Statement, ...]
    counted: tuple[int, ...]
    calls_at_the_end: tuple[tuple[Any, bool], ...]
    pickled: bytes


_kept: dict[Any, Kept] = {}


def remembered(build: Callable[P, R]) -> Callable[P, R]:
    """Lets `build` be remembered. It takes and returns rows, data classes of them and plain values, asks no chance and
    tells nobody but the database; what it is given it may change.
    """
    name = f"{build.__module__}.{build.__qualname__}"

    @functools.wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> R:
        journal = current()
        if journal is None or os.environ.get("TEST_REMEMBERS") == "no":
            return build(*args, **kwargs)
        given: list[Any] = []
        try:
            key = (name, _told((args, sorted(kwargs.items())), given), journal.so_far(), sequences.state())
        except NotPlain:
            return build(*args, **kwargs)
        if key in _kept:
            return _again(_kept[key], given)
        waiting: list[Any] = connection.run_on_commit
        before = len(waiting)
        with journal.noting() as statements:
            result = build(*args, **kwargs)
        calls = tuple((call, robust) for _, call, robust in waiting[before:])
        if (pickled := _pickled(result, given)) is not None and journal.is_open:
            _kept[key] = Kept(tuple(statements), sequences.state(), calls, pickled)
        return result

    return built


def _again(kept: Kept, given: list[Any]) -> Any:
    with connection.cursor() as cursor:
        for sql, params, many in kept.statements:
            (cursor.executemany if many else cursor.execute)(sql, params)
    sequences.set_to(kept.counted)
    waiting: list[Any] = connection.run_on_commit
    waiting += [(set(connection.savepoint_ids), call, robust) for call, robust in kept.calls_at_the_end]
    unpickler = pickle.Unpickler(io.BytesIO(kept.pickled))  # noqa: S301  of this process
    unpickler.persistent_load = given.__getitem__  # type: ignore[method-assign]
    result, states = unpickler.load()
    for row, state in zip((one for one in given if isinstance(one, Model)), states, strict=True):
        row.__dict__.clear()
        row.__dict__.update(state)
    return result


class _Pickler(pickle.Pickler):
    """Names what was given by its place, so that what comes back speaks of the caller's own rows."""

    def __init__(self, file: io.BytesIO, given: list[Any]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._places = {id(one): place for place, one in enumerate(given)}

    def persistent_id(self, one: Any) -> int | None:
        return self._places.get(id(one))

    def reducer_override(self, one: Any) -> Any:
        """A row as it is; Django's own way would leave a note of its version in it."""
        if isinstance(one, Model):
            return _bare, (type(one),), one.__getstate__(), None, None, _fill
        return NotImplemented


def _bare(model: type[Model]) -> Model:
    return model.__new__(model)


def _fill(row: Model, state: dict[str, Any]) -> None:
    row.__dict__.update(state)


def _pickled(result: Any, given: list[Any]) -> bytes | None:
    file = io.BytesIO()
    try:
        _Pickler(file, given).dump((result, [one.__getstate__() for one in given if isinstance(one, Model)]))
    except (TypeError, AttributeError, pickle.PicklingError):
        return None
    return file.getvalue()


def _told(value: Any, given: list[Any]) -> Any:
    """All that can be known of `value`; the rows and data classes in it are added to `given`. Raises NotPlain."""
    if any(value is one for one in given):
        return next(place for place, one in enumerate(given) if one is value)
    if isinstance(value, PLAIN):
        return repr(value)
    if isinstance(value, list | tuple):
        return type(value), tuple(_told(one, given) for one in value)
    if isinstance(value, LazyI18nString | PhoneNumber | Money):
        return type(value), _told(vars(value), given)
    if isinstance(value, dict):
        return tuple((_told(name, given), _told(one, given)) for name, one in value.items())
    if isinstance(value, Model):
        given.append(value)
        known = {name: one for name, one in value.__dict__.items() if name != "_state"}
        return type(value), _told(known, given), _told(value._state.fields_cache, given), value._state.adding
    if is_dataclass(value) and not isinstance(value, type):
        given.append(value)
        return type(value), tuple(_told(getattr(value, field.name), given) for field in fields(value))
    raise NotPlain(type(value))
