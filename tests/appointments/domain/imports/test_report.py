"""What is left out is counted with its reason, and named by its line once."""

from appointments.domain.imports.report import Outcome, Report


def test_each_line_is_named_once_for_each_reason() -> None:
    report = Report("calendar")
    for line in (4, 4, 9, 0):
        report.leave_out("marked as free time", line=line)
    assert report.counts[Outcome.LEFT_OUT] == report.left_out["marked as free time"] == 4
    assert [(one.line, str(one.message)) for one in report.problems] == [
        (4, "Left out: marked as free time."),
        (9, "Left out: marked as free time."),
    ]
    assert report.errors == []
    report.fail(3, "2026-12-01 09:00: busy")
    assert [(one.line, one.level) for one in report.errors] == [(3, "error")]
