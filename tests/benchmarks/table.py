"""Rows of the benchmarks' table: measured side by side, printed, and kept as JSON."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypedDict


class Row(TypedDict):
    """One goal. `ratio` is what the goal speaks of; `ours` and `yardstick` are in the unit that the name tells."""

    name: str
    ours: float
    yardstick: float
    ratio: float
    goal: str
    met: bool


def row(
    name: str, ours: float, yardstick: float, *, at_most: float | None = None, at_least: float | None = None
) -> Row:
    """A row whose ratio is `ours / yardstick`, with a limit in one direction."""
    ratio = _ratio(ours, yardstick)
    if at_most is not None:
        return Row(name=name, ours=ours, yardstick=yardstick, ratio=ratio, goal=f"≤ {at_most:g}", met=ratio <= at_most)
    if at_least is not None:
        return Row(
            name=name, ours=ours, yardstick=yardstick, ratio=ratio, goal=f"≥ {at_least:g}", met=ratio >= at_least
        )
    raise ValueError("a row needs a goal")


def count(name: str, ours: float, *, at_most: float) -> Row:
    """A row that is a count against a limit, not against another measurement."""
    return Row(
        name=name,
        ours=ours,
        yardstick=at_most,
        ratio=ours / at_most if at_most else ours,
        goal=f"≤ {at_most:g}",
        met=ours <= at_most,
    )


def beside(name: str, ours: float, yardstick: float) -> Row:
    """A row without a goal: for what cannot be reached, and for what is only counted."""
    return Row(name=name, ours=ours, yardstick=yardstick, ratio=_ratio(ours, yardstick), goal="(none)", met=True)


def _ratio(ours: float, yardstick: float) -> float:
    return ours / yardstick if yardstick else float("inf") if ours else 0.0


def side_by_side(*works: Callable[[], object], rounds: int = 25) -> list[float]:
    """The least milliseconds each of `works` took, measured in turns, so that noise meets all of them."""
    for work in works:
        work()
    least = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, work in enumerate(works):
            began = time.perf_counter()
            work()
            least[place] = min(least[place], (time.perf_counter() - began) * 1000)
    return least


def show(rows: Sequence[Row]) -> str:
    """The table as text."""
    lines = [("", "ours", "yardstick", "ratio", "goal", "met")]
    for one in rows:
        lines.append(
            (
                one["name"],
                _number(one["ours"]),
                _number(one["yardstick"]),
                _number(one["ratio"]),
                str(one["goal"]),
                "yes" if one["met"] else "NO",
            )
        )
    widths = [max(len(line[place]) for line in lines) for place in range(6)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def save(rows: Sequence[Row], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(list(rows), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
