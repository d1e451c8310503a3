"""What an import did, or would do, and what it says about each line."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

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


@dataclass
class Report:
    """What was done, or would be. `written` is False for a dry run and for a file refused because of errors."""

    kind: str
    counts: Counter[Outcome] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    new_customers: int = 0
    written: bool = False
    _named: set[Problem] = field(default_factory=set)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == "error"]

    def say(self, line: int, level: str, message: str) -> None:
        self.problems.append(Problem(line, level, message))  # type: ignore[arg-type]  # one of the three levels

    def leave_out(self, why: str, *, line: int = 0) -> None:
        """Counts it with its reason. With its line it is named as well: somebody may have wanted it in."""
        self.counts[Outcome.LEFT_OUT] += 1
        self.left_out[why] += 1
        problem = Problem(line, "note", _("Left out: %(why)s.") % {"why": why})
        if line and problem not in self._named:
            self._named.add(problem)
            self.problems.append(problem)

    def fail(self, line: int, message: str) -> None:
        self.counts[Outcome.FAILED] += 1
        self.say(line, "error", message)
