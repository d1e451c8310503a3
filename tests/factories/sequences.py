"""The numbers that factories count up: in the names and addresses of what they make."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from factory.base import FactoryMetaClass
from factory.django import DjangoModelFactory


def _below(factory: FactoryMetaClass) -> Iterator[FactoryMetaClass]:
    for one in factory.__subclasses__():
        yield one
        yield from _below(one)


@cache
def _counting() -> list[Any]:
    """Factories that count for themselves and for those that are made of them."""
    found = [factory._meta for factory in _below(DjangoModelFactory)]
    return [meta for meta in found if meta.counter_reference is meta]


def state() -> tuple[int, ...]:
    """Where each of them is."""
    return tuple(meta._counter.seq if meta._counter else 0 for meta in _counting())


def set_to(state: tuple[int, ...]) -> None:
    for meta, at in zip(_counting(), state, strict=True):
        if at or meta._counter:
            meta.reset_sequence(at)


def begin() -> None:
    """Every test counts from nought, so that it makes the same names whatever ran before it."""
    set_to((0,) * len(_counting()))
