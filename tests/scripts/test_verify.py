"""`make test`: steps run beside one another, say what happened as a whole, and end together."""

import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scripts import verify


def saying(*lines: str, code: int = 0) -> list[str]:
    program = "; ".join([*(f"print({line!r}, flush=True)" for line in lines), f"raise SystemExit({code})"])
    return [sys.executable, "-c", program]


def waiting(path: Path) -> list[str]:
    """Says that it has begun by a file, and then does not end."""
    program = f"import pathlib, time; pathlib.Path({str(path)!r}).touch(); time.sleep(600)"
    return [sys.executable, "-c", program]


def test_what_each_step_says_stays_together_and_a_failure_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    monkeypatch.setattr(verify, "CHECKS", {"one": saying("one a", "one b", code=3), "two": saying("two a", "two b")})
    report = verify.Report()
    report.beside_one_another(partial(report.checks, {}), partial(report.checks, {}))
    said = capfd.readouterr().out
    assert said.count("\n── one\none a\none b\n") == said.count("\n── two\ntwo a\ntwo b\n") == 2
    assert sorted((row.name, row.ok, row.note) for row in report.rows) == sorted(
        2 * [("one", False, "exit code 3"), ("two", True, "")]
    )


def test_whoever_ends_it_ends_the_programs_too_and_nothing_begins_any_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun, never = tmp_path / "begun", tmp_path / "never"
    monkeypatch.setattr(verify, "CHECKS", {"endless": waiting(begun), "after it": waiting(never)})
    report = verify.Report()

    def stopped() -> None:
        while not begun.exists():
            pass
        raise SystemExit(143)

    with pytest.raises(SystemExit):
        report.beside_one_another(stopped, partial(report.checks, {}))
    assert [row.ok for row in report.rows] == [False, False]
    assert not never.exists()


def test_what_takes_too_long_still_says_how_far_it_came(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    # What runs in the background of a shell is born deaf to it, and so is all that it starts.
    listens = "import signal, time\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    patient = f"{listens}try: time.sleep(600)\nexcept KeyboardInterrupt: print('so far: 3 failed', flush=True)"
    # Long enough for a program to have begun, also on a machine that has much else to do.
    monkeypatch.setattr(verify, "LONGEST_STEP", 8)
    monkeypatch.setattr(verify, "LAST_WORDS", 60)
    monkeypatch.setattr(verify, "CHECKS", {"patient": [sys.executable, "-c", patient]})
    report = verify.Report()
    report.checks({})
    assert [(row.name, row.note) for row in report.rows] == [("patient", "exit code 124")]
    assert "so far: 3 failed\n\npatient: ended after 8 s" in capfd.readouterr().out


def test_what_does_not_listen_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)"
    monkeypatch.setattr(verify, "LONGEST_STEP", 2)
    monkeypatch.setattr(verify, "LAST_WORDS", 1)
    monkeypatch.setattr(verify, "CHECKS", {"deaf": [sys.executable, "-c", deaf]})
    report = verify.Report()
    report.checks({})
    assert [(row.name, row.note) for row in report.rows] == [("deaf", "exit code 124")]


def test_tests_that_do_not_run_at_all_are_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: Any
) -> None:
    monkeypatch.setattr(verify, "BUILD", tmp_path)
    monkeypatch.setattr(verify, "ROOT", tmp_path)
    report = verify.Report()
    report.tests("SQLite", {"PATH": "", "PYTEST_ADDOPTS": "--no-such-option"})
    report.print()
    assert [row.note for row in report.rows] == ["did not run: exit code 4"]
    assert capfd.readouterr().out.endswith("0 passed, 1 failed\n")
