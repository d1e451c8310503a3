"""The reader of workbooks starts alone: whoever imports its numbers loads nothing of it."""

import subprocess
import sys
from pathlib import Path

from appointments.domain.imports.reading.table import confined
from tests.appointments.domain.imports.reading.table.foreign_workbooks import ods, xls


def read(data: bytes, *most: int) -> subprocess.CompletedProcess[bytes]:
    words = [sys.executable, "-P", str(Path(confined.__file__)), *map(str, most)]
    return subprocess.run(words, input=data, capture_output=True, check=False)


def test_it_needs_nothing_of_ours() -> None:
    said = "import sys; sys.path.insert(0, sys.argv[1]); import confined; print('python_calamine' in sys.modules)"
    folder = str(Path(confined.__file__).parent)
    done = subprocess.run([sys.executable, "-P", "-c", said, folder], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert "appointments" not in Path(confined.__file__).read_text().partition('"""\n\n')[2]


def test_it_says_a_line_for_each_row_and_one_for_each_further_sheet() -> None:
    done = read(xls([["a", 1], [], ["é"]], [["b"]]), 10, 500, 100, 10_000)
    assert done.stdout.decode().splitlines() == ['[1, ["a", 1.0]]', '[3, ["\\u00e9"]]', '"Sheet 1"']
    assert done.returncode == 0


def test_it_ends_with_why_there_is_nothing() -> None:
    assert read(b"nothing", 10, 500, 100, 10_000).returncode == confined.BROKEN
    assert read(ods([["a" * 50]]), 10, 500, 100, 40).returncode == confined.TOO_MUCH
    assert read(ods([[" "], [""]]), 10, 500, 100, 40).stdout == b""
