"""`make mutants`, `NAME=moving make mutants`: changes rules, runs the tests that should notice, lists who did not."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.mutants.changes import Change
from scripts.mutants.equivalent import EQUIVALENT
from scripts.mutants.trial import Subject, Verdict, try_changes

ROOT = Path(__file__).resolve().parent.parent.parent
WINGS = {
    "moving": ("appointments/domain/moving",),
    "promises": ("appointments/domain/promises.py", "appointments/domain/watchdog.py"),
    "messages": ("appointments/domain/messages",),
    "links": ("appointments/domain/links.py",),
    "booking": ("appointments/domain/booking",),
    "delivery": ("notifications/delivery", "notifications/policy.py"),
    "disruptions": tuple(f"appointments/domain/{name}.py" for name in ("affected", "overlooked", "limbo")),
    "desk": tuple(
        f"appointments/domain/{name}.py" for name in ("actors", "colleagues", "history", "own_words", "transactions")
    ),
    "pages": ("appointments/domain/pages",),
    "reports": ("appointments/domain/reports",),
    "schedule": ("appointments/domain/schedule",),
    "outbox": ("notifications/outbox.py", "notifications/privacy.py"),
    "text": ("notifications/text",),
    "channels": ("notifications/channels",),
    "imports": ("appointments/domain/imports",),
}
"""In the order of what a mistake would cost. A folder stands for the modules in it, and for its stories."""


def subjects_of(places: tuple[str, ...], *, root: Path) -> list[Subject]:
    """The modules there, each with the tests of its own name and the stories beside them."""
    return [
        Subject(".".join(path.relative_to(root).with_suffix("").parts), path, tuple(_tests_of(path, root=root)))
        for place in places
        for path in ([root / place] if place.endswith(".py") else sorted((root / place).rglob("*.py")))
        if path.name != "__init__.py"
    ]


def _tests_of(path: Path, *, root: Path) -> Iterator[Path]:
    folder = root / "tests" / path.parent.relative_to(root)
    own = folder / f"test_{path.name}"
    if own.exists():
        yield own
    if (path.parent / "__init__.py").exists() and len(path.relative_to(root).parts) > 2 and folder.name != "domain":
        for story in sorted(folder.glob("test_*.py")):
            if story != own and not (path.parent / story.name.removeprefix("test_")).exists():
                yield story


def is_equivalent(subject: Subject, change: Change) -> bool:
    return (f"{subject.name}", change.reads) in EQUIVALENT


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.mutants", description=__doc__)
    parser.add_argument("wings", nargs="*", help=f"any of: {', '.join(WINGS)}; or a path. Without: all, in this order")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if len(options.wings) == 1:
        return _one(options.wings[0], root=options.root.resolve())
    # One process for each, since each brings up Django and its own database.
    command = [sys.executable, "-m", "scripts.mutants"]
    codes = [subprocess.run([*command, wing], cwd=ROOT, check=False).returncode for wing in options.wings or WINGS]
    return max(codes)


def _one(name: str, *, root: Path) -> int:
    subjects = subjects_of(WINGS.get(name, (name,)), root=root)
    at_once = int(os.environ.get("TEST_WORKERS", "2"))
    verdict, seconds = try_changes(subjects, root=root, allowed=is_equivalent, at_once=at_once)
    _report(name, verdict, seconds, root=root)
    return 1 if verdict.red or verdict.survivors else 0


def _report(name: str, verdict: Verdict, seconds: float, *, root: Path) -> None:
    print(f"\n── {name}")
    if verdict.red:
        print("The tests are red, or there are none: no change was tried.")
        return
    for subject, change in sorted(verdict.survivors, key=lambda one: (one[0].path, one[1].line)):
        hint = "  (no test comes here)" if change in verdict.unreached else ""
        print(f"{subject.path.relative_to(root)}:{change}{hint}\n    {change.reads}")
    print(
        f"{verdict.made} changes, {verdict.killed} noticed, {verdict.allowed} without effect, "
        f"{len(verdict.survivors)} survived; {seconds:.0f} s",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
