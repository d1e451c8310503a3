"""What is left out is counted with its reason, and named by its line once."""

from appointments.domain.imports.matching import NoService, Unclear, Unknown, Unwanted
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
    report.fail(3, "2026-12-01 09:00", Unclear("busy"))
    assert [(one.line, one.level, str(one.message)) for one in report.errors] == [
        (3, "error", "2026-12-01 09:00: busy")
    ]
    assert report.left_lines == [(4, "marked as free time"), (9, "marked as free time")]


def test_words_that_we_do_not_have_are_counted_and_what_is_not_wanted_is_no_error() -> None:
    report = Report("table")
    for _row in range(2):
        report.fail(3, "2026-12-01 09:00", Unknown("no such service", kind="service", said="Akupunktur"))
    report.fail(4, "2026-12-01 09:00", NoService("which?"))
    report.fail(5, "2026-12-01 09:00", Unwanted())
    assert report.unknown == {("service", "Akupunktur"): 2}
    assert [one.remedy for one in report.errors] == ["", "", "service"]
    assert (report.counts[Outcome.FAILED], report.counts[Outcome.LEFT_OUT]) == (3, 1)
