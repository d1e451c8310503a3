"""Workbooks of other programs are read like any other, in a process that may die of them."""

import logging
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from appointments.domain.imports.reading.table import foreign, workbook
from appointments.domain.imports.reading.table.delimited import MOST_CELLS
from appointments.domain.imports.reading.table.foreign import Endless, Refused
from tests.appointments.domain.imports.reading.table.foreign_workbooks import (
    in_container,
    ods,
    ods_of_content,
    xls,
    xls_of_cells,
)

DAY, MOMENT = date(2026, 4, 3), datetime(2026, 4, 3, 9, 30)  # noqa: DTZ001  a spreadsheet knows no zones


def rows(data: bytes, *, most: int = 10, longest: int = 100) -> list[tuple[int, list[Any]]]:
    return foreign.rows_of(data, max_rows=most, longest_cell=longest)[0]


@pytest.mark.parametrize("made_by", [xls, ods])
def test_each_cell_keeps_its_kind_and_each_row_its_number(made_by: Any) -> None:
    cells = ["dr. Ana é", 6281255501060, 1.5, True, None, DAY, MOMENT, time(9, 30)]
    data = made_by([], [["Our list"], [], cells], [["more"]], [])

    found, others = foreign.rows_of(data, max_rows=10, longest_cell=100)
    assert found == [(1, ["Our list"]), (3, [*cells[:4], "", *cells[5:]])]
    assert others == ["Sheet 2"]


def test_a_length_of_time_is_one() -> None:
    assert rows(xls([["x", timedelta(minutes=75)]])) == [(1, ["x", timedelta(minutes=75)])]


def test_what_is_too_long_is_cut_and_what_is_too_wide_is_left() -> None:
    wide = ["x" * 50] * (MOST_CELLS + 1)
    [(_number, cells)] = rows(ods([wide]), longest=7)
    assert cells == ["x" * 7] * MOST_CELLS


@pytest.mark.parametrize("made_by", [xls, ods])
def test_one_row_more_than_is_wanted_tells_that_there_are_too_many(made_by: Any) -> None:
    assert len(rows(made_by([[f"row {n}"] for n in range(30)]), most=10)) == 11
    assert len(rows(made_by([[f"row {n}"] for n in range(10)]), most=10)) == 10


REPEATED = '<table:table-row table:number-rows-repeated="{}">{}</table:table-row>'
FULL = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="64"/>'


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not keep a process to its memory")
@pytest.mark.parametrize(
    "data",
    [xls_of_cells((0, 0, "a"), (65_535, 65_535, "z")), ods([["a"]], more=REPEATED.format(1_000_000, FULL))],
    ids=["a cell at the end of the world", "a million rows in one line"],
)
def test_a_small_file_that_asks_for_all_the_memory_gets_none_of_ours(data: bytes) -> None:
    assert len(data) < 10_000
    with pytest.raises(Endless):
        rows(data)


def test_what_would_take_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asleep = tmp_path / "asleep.py"
    asleep.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(foreign, "CHILD", asleep)
    monkeypatch.setattr(foreign, "LONGEST_WAIT", 0.2)
    with pytest.raises(Endless):
        rows(xls([["a"]]))


def test_more_than_we_want_to_hear_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    data = xls([["x" * 50] for _ in range(20)])
    monkeypatch.setattr(foreign, "MOST_WRITTEN", 20 * len('[10, ["' + "x" * 50 + '"]]'))
    assert len(rows(data, most=30)) == 20
    monkeypatch.setattr(foreign, "MOST_WRITTEN", 1_000)
    with pytest.raises(Endless):
        rows(data, most=30)


LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "data",
    [
        foreign.OLD + b"\x00" * 600,
        in_container(b"no records at all"),
        xls([["a"] * 20] * 50)[:-3_000],
        ods([["a"]])[:-40],
        ods_of_content(f'</office:document-content><!DOCTYPE x [<!ENTITY l0 "lol">{LOL}]><x>&l9;</x>'),
    ],
    ids=["head", "no book", "cut off", "cut off as well", "entities"],
)
def test_what_is_broken_is_refused_without_a_word_in_the_log(data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(Refused):
        rows(data)
    assert caplog.messages == []


def test_a_reader_that_breaks_down_itself_is_told_to_the_operator(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("import no_such_reader\n")
    monkeypatch.setattr(foreign, "CHILD", broken)
    with caplog.at_level(logging.WARNING), pytest.raises(Refused):
        rows(xls([["a"]]))
    assert caplog.messages == [
        "The reader of workbooks ended with 1: ModuleNotFoundError: No module named 'no_such_reader'"
    ]


def test_no_key_of_ours_is_within_its_reach(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    telling = tmp_path / "telling.py"
    telling.write_text("import json, os\nprint(json.dumps([1, sorted(os.environ)]))\n")
    monkeypatch.setattr(foreign, "CHILD", telling)
    monkeypatch.setenv("SECRET_KEY", "not-for-you")
    [(_number, known)] = rows(b"")
    assert not any(name in known for name in ("SECRET_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"))


def test_the_last_moment_of_the_calendar_is_refused_as_broken() -> None:
    last = '<table:table-cell office:value-type="date" office:date-value="9999-12-31T23:59:59.9"/>'
    with pytest.raises(workbook.NotAWorkbook):
        workbook.sheet_of(ods([["a"]], more=f"<table:table-row>{last}</table:table-row>"), max_rows=9)
