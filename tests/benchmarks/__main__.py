"""Runs benchmarks, prints one table and keeps it as JSON: `python -m tests.benchmarks slots pick --seed 7`.

Those that concern the database run once on PostgreSQL and once on SQLite, each in a process of its own. With
DATABASE_URL alone in the environment they run only there; TEST_DATABASE_URL names the PostgreSQL to use. The exit
code is 1 when a goal was missed, 2 when a benchmark broke.
"""

import argparse
import importlib
import inspect
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from tests.benchmarks import table
from tests.benchmarks.table import Row

ROOT = Path(__file__).resolve().parents[2]
ONCE = {"outbox", "plan"}
"""With a database of their own, or with none."""
NAMES = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if "\ndef run(" in file.read_text("utf-8"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)} (all)")
    parser.add_argument("--seed", type=int, default=1, help="of the data set")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench.json")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    names = wanted.names or NAMES
    if unknown := sorted(set(names) - set(NAMES)):
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    if wanted.here:
        table.save(_here(names, seed=wanted.seed), wanted.json)
        return 0
    rows, broken = _everywhere(names, seed=wanted.seed)
    table.save(rows, wanted.json)
    print(table.show(rows))
    for what in broken:
        print(f"BROKEN: {what}")
    return 2 if broken else 0 if all(row["met"] for row in rows) else 1


def _everywhere(names: Sequence[str], *, seed: int) -> tuple[list[Row], list[str]]:
    """The rows of each benchmark, and which of them ended in an error."""
    rows: list[Row] = []
    broken: list[str] = []
    with _databases() as databases:
        for name in names:
            for place, (label, url) in enumerate(databases):
                if place and name in ONCE:
                    continue
                print(f"{name} on {label} …", file=sys.stderr, flush=True)
                found = _in_a_process(name, seed=seed, url=url)
                if found is None:
                    broken.append(f"{name} on {label}")
                else:
                    rows += found
    return rows, broken


def _in_a_process(name: str, *, seed: int, url: str) -> list[Row] | None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        answer = Path(folder) / "rows.json"
        (Path(folder) / "static").mkdir()
        environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        environment |= {"RESCHEDULE_DATA": folder, "LOG_LEVEL": "ERROR", "EMBEDDED": "true"}
        arguments = [name, "--here", "--seed", str(seed), "--json", str(answer)]
        command = [sys.executable, "-m", "tests.benchmarks", *arguments]
        done = subprocess.run(command, env=environment, cwd=ROOT, check=False)
        if done.returncode:
            return None
        rows: list[Row] = json.loads(answer.read_text(encoding="utf-8"))
        return rows


def _here(names: Sequence[str], *, seed: int) -> list[Row]:
    import django

    django.setup()
    rows: list[Row] = []
    for name in names:
        run = _module(name).run
        options = {"seed": seed} if "seed" in inspect.signature(run).parameters else {}
        rows += run(**options)
    return rows


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"tests.benchmarks.{name}")


@contextmanager
def _databases() -> Iterator[list[tuple[str, str]]]:
    """What to run on: (what people call it, DATABASE_URL; "" is a SQLite file that goes with the run)."""
    from tests.engines import postgres

    only, given = os.environ.get("DATABASE_URL", ""), postgres.given_url()
    if only and not given:
        yield [(only.partition(":")[0], only)]
    elif given:
        yield [("PostgreSQL", given), ("SQLite", "")]
    else:
        with postgres.PostgresServer() as server:
            yield [("PostgreSQL", server.url), ("SQLite", "")]


if __name__ == "__main__":
    sys.exit(main())
