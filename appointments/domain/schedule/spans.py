"""Half-open spans `[start, end)` of anything that can be ordered: aware datetimes, or whole minutes since 1970 (UTC).

Pure. Lists of spans that these functions return are sorted, do not touch each other, and hold no empty span.
"""

from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, Protocol, TypeVar


class Ordered(Protocol):
    """What can begin or end: moments, minutes."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __le__(self, other: Any, /) -> bool: ...


T = TypeVar("T", bound=Ordered)


class Span(NamedTuple, Generic[T]):
    """From `start` up to, but not including, `end`. One whose end is not after its start is empty."""

    start: T
    end: T

    @property
    def is_empty(self) -> bool:
        return not self.start < self.end

    def overlaps(self, other: "Span[T]") -> bool:
        """Whether they share anything. Neighbours that only touch do not overlap, and an empty span never does."""
        return max(self.start, other.start) < min(self.end, other.end)

    def holds(self, other: "Span[T]") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def intersect(self, other: "Span[T]") -> "Span[T]":
        """What they share; empty when that is nothing."""
        return Span(max(self.start, other.start), min(self.end, other.end))


def merge(spans: Iterable[Span[T]]) -> list[Span[T]]:
    """The same times with overlapping and touching spans made one."""
    merged: list[Span[T]] = []
    for span in sorted(span for span in spans if span.start < span.end):
        if merged and span.start <= merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def subtract(spans: Iterable[Span[T]], taken: Iterable[Span[T]]) -> list[Span[T]]:
    """The times in `spans` that are in none of `taken`."""
    return without(merge(spans), merge(taken))


def without(spans: list[Span[T]], holes: list[Span[T]]) -> list[Span[T]]:
    """The same for two lists that these functions have returned: they need not be put in order again."""
    left: list[Span[T]] = []
    first = 0
    for span in spans:
        while first < len(holes) and holes[first].end <= span.start:
            first += 1
        if first == len(holes) or span.end <= holes[first].start:
            left.append(span)
            continue
        start = span.start
        for hole in holes[first:]:
            if span.end <= hole.start:
                break
            if start < hole.start:
                left.append(Span(start, hole.start))
            start = hole.end
        if start < span.end:
            left.append(Span(start, span.end))
    return left


def intersect(ones: Iterable[Span[T]], others: Iterable[Span[T]]) -> list[Span[T]]:
    """The times that are both in `ones` and in `others`."""
    return common(merge(ones), merge(others))


def common(left: list[Span[T]], right: list[Span[T]]) -> list[Span[T]]:
    """The same for two lists that these functions have returned."""
    shared: list[Span[T]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        both = left[i].intersect(right[j])
        if both.start < both.end:
            shared.append(both)
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1
    return shared


def cut(span: Span[int], *, length: int, grid: int, origin: int = 0) -> range:
    """The starts of pieces of `length` that fit into `span` and begin a multiple of `grid` after `origin`."""
    return range(span.start + (origin - span.start) % grid, span.end - length + 1, grid)
