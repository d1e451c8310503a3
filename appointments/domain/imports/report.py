"""What an import did, or would do, and what it says about each line."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments.domain.imports.matching import Unknown, Unwanted
from appointments.domain.imports.reading import Problem


class Outcome(StrEnum):
    NEW = "new"
    MOVED = "moved"
    CHANGED = "changed"
    REINSTATED = "reinstated"
    CANCELLED = "cancelled"
    UNCHANGED = "unchanged"
    DROPPED = "no longer in the file"
    LEFT_OUT = "left out"
    FAILED = "failed"


LABELS = {
    Outcome.NEW: _lazy("new"),
    Outcome.MOVED: _lazy("moved"),
    Outcome.CHANGED: _lazy("details corrected"),
    Outcome.REINSTATED: _lazy("taken up again"),
    Outcome.CANCELLED: _lazy("cancelled"),
    Outcome.UNCHANGED: _lazy("unchanged"),
    Outcome.DROPPED: _lazy("no longer in the file"),
    Outcome.LEFT_OUT: _lazy("left out"),
    Outcome.FAILED: _lazy("wrong"),
}


@dataclass
class Report:
    """What was done, or would be. `written` is False for a dry run and for a file refused because of errors."""

    kind: str
    counts: Counter[Outcome] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    left_lines: list[tuple[int, str]] = field(default_factory=list)
    """The lines of what was left out without being wrong, each with the reason."""
    new_customers: int = 0
    written: bool = False
    file_id: int | None = None
    created: list[int] = field(default_factory=list)
    """The keys of the customers who are new."""
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The words of the file for services, people and rooms that we do not have: ("service", "Yoga"), and how often."""
    _named: set[Problem] = field(default_factory=set)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == "error"]

    def say(self, line: int, level: str, message: str, *, remedy: str = "") -> None:
        one = Problem(line, level, message, remedy=remedy)  # type: ignore[arg-type]  # one of the three levels
        self.problems.append(one)

    def leave_out(self, why: str, *, line: int = 0) -> None:
        """Counts it with its reason. With its line it is named as well: somebody may have wanted it in."""
        self.counts[Outcome.LEFT_OUT] += 1
        self.left_out[why] += 1
        problem = Problem(line, "note", _("Left out: %(why)s.") % {"why": why})
        if line and problem not in self._named:
            self._named.add(problem)
            self.problems.append(problem)
            self.left_lines.append((line, why))

    def fail(self, line: int, moment: str, problem: Exception) -> None:
        """`moment` is when the row of that line begins."""
        if isinstance(problem, Unwanted):
            self.leave_out(_("names something that is to be left out"), line=line)
            return
        if isinstance(problem, Unknown):
            self.unknown[problem.kind, problem.said] += 1
        self.counts[Outcome.FAILED] += 1
        self.say(line, "error", f"{moment}: {problem}", remedy=getattr(problem, "remedy", ""))
