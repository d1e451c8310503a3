"""How far an import has come stands in a small file."""

from pathlib import Path
from typing import Any

from appointments.domain.imports.page import progress


def test_every_so_many_rows_it_says_how_far_it_is(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert progress.read(1) is None
    progress.say(1, progress.EVERY, 120)
    progress.say(1, progress.EVERY + 1, 120)
    assert progress.read(1) == (progress.EVERY, 120)
    progress.say(1, 120, 120)
    assert progress.read(1) == (120, 120)
    progress.end(1)
    assert progress.read(1) is None


def test_where_nothing_can_be_written_or_read_nothing_is_counted(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.write_text("in the way")
    progress.say(1, 50, 100)
    assert progress.read(1) is None
    settings.DATA_DIR = tmp_path
    (tmp_path / "imports").mkdir()
    (tmp_path / "imports" / "1.progress").write_text("half")
    assert progress.read(1) is None


def test_what_is_compared_is_half_done_and_what_has_its_time_is_done(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    compared, placed = progress.halves(1)
    compared(200, 200)
    assert progress.read(1) == (100, 200)
    placed(5, 10)
    assert progress.read(1) == (150, 200)
    placed(10, 10)
    assert progress.read(1) == (200, 200)
