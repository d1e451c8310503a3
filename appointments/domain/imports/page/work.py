"""Checking a file and bringing it in: asked for on a page, done by whoever comes by, once.

A claim with an hour goes before the work. The import and the word that it is done are one transaction, so a worker that
dies leaves nothing half done; another one goes on when the claim is over, and after a few attempts it is said.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain.customers import state_of
from appointments.domain.imports.page import progress
from appointments.domain.imports.page.chosen import MOST_ROWS, Chosen, options_of
from appointments.domain.imports.report import Report
from appointments.domain.imports.run import run as run_file
from appointments.domain.transactions import one_transaction
from appointments.enums import ImportState
from appointments.errors import DomainError
from appointments.models import Customer, ImportRun, Location
from notifications.text import languages

__all__ = ["MOST_ROWS", "at_once", "bring_in", "carry_out", "check", "check_as_kept", "work_off"]

logger = logging.getLogger("appointments.imports")

CLAIM = timedelta(minutes=12)
"""Longer than a worker may take: whoever has begun is at it, or dead."""
MOST_TRIES = 3
AT_ONCE = 32 * 1024
"""So many bytes are read while somebody waits for the page; what is larger is left to the worker."""
MOST_NAMED = 1_000

BROKE_OFF = noop("It broke off several times, and nothing was written. Please import it in parts.")
OUR_FAULT = noop("Something went wrong on our side, and nothing was written. It is noted in the log.")
NO_PLACE = noop("The place that was chosen is not there any more.")


def check(run: ImportRun, chosen: Chosen) -> None:
    """Keeps what was chosen and asks for a dry run. Raises `DomainError` for a file that is brought in already."""
    _ask(run, ImportState.CHECKING, ImportState.DRAFT, choices=chosen.as_json(), report=None)


def check_as_kept(run: ImportRun) -> None:
    """The same, for readers of the language that is spoken now."""
    check(run, replace(Chosen.of(run.choices), reader=languages.active()))


def bring_in(run: ImportRun) -> None:
    """As it was checked. Raises `DomainError` for one that was not, or is being imported already."""
    if not run.report or not run.report["can_be_written"]:
        raise DomainError(_("Look at what would happen first."))
    _ask(run, ImportState.WAITING, ImportState.DRAFT)


def _ask(run: ImportRun, state: ImportState, before: ImportState, **more: Any) -> None:
    asked = ImportRun.objects.filter(pk=run.pk, state=before)
    if asked.update(state=state, begun_at=None, tries=0, fault="", **more) != 1:
        raise DomainError(_("This file is being imported, or has been."))


def at_once(run: ImportRun, *, now: datetime) -> None:
    """What is small, while somebody waits for the page."""
    if run.size <= AT_ONCE:
        carry_out(run.pk, now=now)


def work_off(*, now: datetime) -> int:
    """All that is asked for and nobody is at. A sweep: safe to run twice at once. Returns how many it did."""
    return sum(carry_out(pk, now=now) for pk in ImportRun.objects.due().order_by("pk").values_list("pk", flat=True))


def carry_out(pk: int, *, now: datetime) -> bool:
    """Does what is asked for with this file, unless somebody is at it. Whether it was this call."""
    mine = _claim(pk, now=now)
    if mine is None:
        return False
    with translation.override(languages.nearest(mine.choices.get("reader", ""))):
        try:
            _check(mine, now=now) if mine.state == ImportState.CHECKING else _bring_in(mine, now=now)
        except Location.DoesNotExist:
            _give_back(mine, NO_PLACE)
        except Exception:
            logger.exception("import %s broke off", pk)
            _give_back(mine, OUR_FAULT)
        finally:
            progress.end(pk)
    return True


def _claim(pk: int, *, now: datetime) -> ImportRun | None:
    """The import with a claim on it, by compare-and-swap."""
    run: ImportRun | None = ImportRun.objects.due().filter(pk=pk).first()
    if run is None or (run.begun_at is not None and run.begun_at > now - CLAIM):
        return None
    if run.tries >= MOST_TRIES:
        _give_back(run, BROKE_OFF)
        return None
    claimed = ImportRun.objects.filter(pk=pk, state=run.state, begun_at=run.begun_at)
    if claimed.update(begun_at=now, tries=F("tries") + 1) != 1:
        return None
    run.begun_at = now
    return run


def _give_back(run: ImportRun, fault: str) -> None:
    _still_ours(run).update(state=ImportState.DRAFT, begun_at=None, report=None, fault=fault)


def _still_ours(run: ImportRun) -> Any:
    return ImportRun.objects.filter(pk=run.pk, state=run.state, begun_at=run.begun_at)


def _check(run: ImportRun, *, now: datetime) -> None:
    report = _run(run, dry_run=True, now=now)
    _still_ours(run).update(state=ImportState.DRAFT, begun_at=None, report=_as_json(report, run.choices))


@one_transaction
def _bring_in(run: ImportRun, *, now: datetime) -> None:
    if not _still_ours(run).select_for_update().exists():
        return
    report = _run(run, dry_run=False, now=now)
    said = _as_json(report, run.choices)
    if not report.written:
        _still_ours(run).update(state=ImportState.DRAFT, begun_at=None, report=said)
        return
    new = Customer.objects.filter(pk__in=report.created)
    _still_ours(run).update(
        state=ImportState.DONE,
        report=said,
        created={str(one.pk): state_of(one) for one in new},
        file=report.file_id,
        data=None,
        ended_at=now,
    )


def _run(run: ImportRun, *, dry_run: bool, now: datetime) -> Report:
    chosen = Chosen.of(run.choices)
    options = options_of(chosen, name=run.name, dry_run=dry_run, run_id=None if dry_run else run.pk)
    compared, placed = progress.halves(run.pk)
    return run_file(bytes(run.data or b""), options, now=now, progress=compared, placed=placed)


def _as_json(report: Report, choices: Mapping[str, Any]) -> dict[str, Any]:
    """What pages show of it; of very many sentences the first."""
    left = [(one.line, str(one.message)) for one in report.errors] + report.left_lines
    problems = _once_each([one.line, one.level, str(one.message), one.remedy] for one in report.problems)
    useful = sum(count for name, count in report.counts.items() if name.name not in ("LEFT_OUT", "FAILED"))
    return {
        "kind": report.kind,
        "counts": {name.value: count for name, count in report.counts.items() if count},
        "left_out": dict(report.left_out),
        "new_customers": report.new_customers,
        "unknown": [[kind, said, count] for (kind, said), count in sorted(report.unknown.items())],
        "problems": problems[:MOST_NAMED],
        "more": max(0, len(problems) - MOST_NAMED),
        "left": sorted(left)[:10_000],
        "errors": len(report.errors),
        "can_be_written": bool(useful) and (not report.errors or bool(choices.get("skip_errors"))),
    }


def _once_each(problems: Iterable[list[Any]]) -> list[list[Any]]:
    """Every date of a series has the same line, and may say the same."""
    return [list(one) for one in dict.fromkeys(map(tuple, problems))]
