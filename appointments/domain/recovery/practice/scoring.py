"""How well it was done, finding by finding: by the honesty check and the ways out that the real work has.

Nothing is read from or written to the tables here: a scenario and what was written in, marks out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from appointments.domain.recovery import exits, honesty, letter, remarks, wording
from appointments.domain.recovery.honesty import Finding, Gravity, Kind, TextKind
from appointments.domain.recovery.honesty.kinds import LETTER_PARTS
from appointments.domain.recovery.practice.scenarios import Scenario
from appointments.enums import ApologyLevel, CaseConcern, CaseStage, Family, Fault, Part

PARTS = {
    Part.GREETING: Kind.GREETING,
    Part.WHY: Kind.WHY,
    Part.CHOICES: Kind.CHOICES,
    Part.UNTIL: Kind.UNTIL,
    Part.WHO: Kind.WHO,
    Part.SIGNATURE: Kind.SIGNATURE,
}
"""What a letter has to hold, in the order in which it is read."""


@dataclass(frozen=True)
class Mark:
    """One thing that was looked at: whether it was right, and what is said about it."""

    what: str
    remarks: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        return not self.remarks


@dataclass(frozen=True)
class Score:
    marks: tuple[Mark, ...]

    @property
    def right(self) -> int:
        return sum(mark.is_right for mark in self.marks)

    @property
    def of(self) -> int:
        return len(self.marks)


@dataclass(frozen=True, kw_only=True)
class Worked:
    """What a colleague made of a complaint. `replies`: by the points that they found, in the customer's words."""

    replies: Mapping[str, str]
    cost: str
    apology: ApologyLevel | None
    cause: Family | None
    learned: str


def facts_of(scenario: Scenario, *, text: TextKind = TextKind.LINE) -> honesty.Facts:
    """What the check knows of the situation: as much as it would of a real one."""
    return honesty.Facts(
        language=scenario.language,
        text=text,
        family=scenario.facts.family,
        fault=scenario.facts.fault,
        private=scenario.facts.private,
        colleagues=scenario.colleagues,
        customer=scenario.customer,
    )


def of_letter(scenario: Scenario, text: str) -> Score:
    """Each part that a letter has to hold, and that nothing in it must not leave."""
    findings = wording.check(text, facts=facts_of(scenario, text=TextKind.LETTER))
    absent = {one.kind: one for one in findings if one.kind in LETTER_PARTS}
    if not text.strip():
        absent = {kind: Finding(0, 0, kind) for kind in LETTER_PARTS}
    parts = [Mark(str(part.label), _said([absent[kind]] if kind in absent else [])) for part, kind in PARTS.items()]
    others = [one for one in findings if one.kind not in LETTER_PARTS]
    return Score((*parts, Mark(_("Nothing that must not leave"), _said(others, reads=scenario.language))))


def of_complaint(scenario: Scenario, worked: Worked) -> Score:
    """Each of the five steps: its way out, and the words that were written in it."""
    judges = {
        CaseStage.HEAR: _heard,
        CaseStage.EMPATHISE: _empathised,
        CaseStage.APOLOGISE: _apologised,
        CaseStage.RESOLVE: _resolved,
        CaseStage.DIAGNOSE: _diagnosed,
    }
    marks = tuple(Mark(str(step.label), tuple(judge(scenario, worked))) for step, judge in judges.items())
    stopped = _stopped_at(worked)
    order = list(judges)
    late = _("In a real complaint you would not have come here: “%(step)s” is still open.") % {"step": stopped.label}
    return Score(
        tuple(
            Mark(mark.what, (*mark.remarks, late)) if order.index(step) > order.index(stopped) else mark
            for step, mark in zip(order, marks, strict=True)
        )
    )


def sentences(scenario: Scenario) -> list[str]:
    """What the customer said, as the points it may be made of."""
    return letter.sentences(scenario.said)


def _stopped_at(worked: Worked) -> CaseStage:
    """Where the ways out of the real steps would have held it."""
    return exits.step_of(
        concern=CaseConcern.OTHER if worked.replies else "",
        cost=worked.cost.strip(),
        apology=worked.apology,
        points=lambda: [bool(reply.strip()) for reply in worked.replies.values()],
    )


def _heard(scenario: Scenario, worked: Worked) -> Sequence[str]:
    if not worked.replies:
        return [str(exits.NO_POINT)]
    left_out = [point for point in scenario.points if point not in worked.replies]
    return [_("Left out, and it waits for an answer: “%(words)s”") % {"words": point} for point in left_out]


def _empathised(scenario: Scenario, worked: Worked) -> Sequence[str]:
    if not worked.cost.strip():
        return [str(exits.NO_COST)]
    return _checked(scenario, worked.cost)


def _apologised(scenario: Scenario, worked: Worked) -> Sequence[str]:
    is_ours = scenario.facts.fault == Fault.OURS
    least = exits.least_apology(is_ours=is_ours, has_broken=scenario.facts.has_broken)
    if worked.apology is None or worked.apology < least:
        return [_("Too little for whose doing it was. At least: “%(level)s”") % {"level": least.label}]
    return []


def _resolved(scenario: Scenario, worked: Worked) -> Sequence[str]:
    said = []
    for point, reply in worked.replies.items():
        found = _checked(scenario, reply) if reply.strip() else [str(exits.NO_REPLY)]
        said += [f"“{point}” {one}" for one in found]
    return said


def _diagnosed(scenario: Scenario, worked: Worked) -> Sequence[str]:
    said = []
    if worked.cause != _cause_of(scenario):
        said.append(_("The cause is another one: %(cause)s.") % {"cause": _cause_of(scenario).label})
    if not worked.learned.strip():
        return [*said, str(exits.NOTHING_LEARNED)]
    return [*said, *_said(wording.check(worked.learned, facts=wording.NOTE))]


def _cause_of(scenario: Scenario) -> Family:
    """A promise that we broke is our own doing, whoever wished the move."""
    return Family.OPERATIONAL if scenario.facts.has_broken else scenario.facts.family


def _checked(scenario: Scenario, text: str) -> Sequence[str]:
    return _said(wording.check(text, facts=facts_of(scenario)), reads=scenario.language)


def _said(findings: Sequence[Finding], *, reads: str = "") -> tuple[str, ...]:
    return tuple(remarks.said(one, reads=reads) for one in findings if one.gravity != Gravity.SAID)
