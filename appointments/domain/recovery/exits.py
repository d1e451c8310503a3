"""The ways out of the five steps, from facts alone: the same for a complaint and for one that is only practised."""

from collections.abc import Callable, Collection

from django.utils.translation import gettext_lazy as _

from appointments.enums import ApologyLevel, CaseConcern, CaseStage

NO_POINT = _("Name at least one point that the customer waits to have answered.")
NO_COST = _("Write what it cost the customer: hours, trips, plans, worry.")
NO_REPLY = _("Write what the customer hears about this point.")
NOTHING_LEARNED = _("Write what we change, so that it happens less.")
"""What is said to whoever wants to go on too early."""


def least_apology(*, is_ours: bool, has_broken: bool) -> ApologyLevel:
    """By whose doing it was: a broken promise is always ours."""
    return ApologyLevel.RESPONSIBLE if is_ours or has_broken else ApologyLevel.REGRET


def step_of(*, concern: str, cost: str, apology: int | None, points: Callable[[], Collection[bool]]) -> CaseStage:
    """The first step whose way out is not open yet. `points`: of each whether it is settled, asked for when needed."""
    went_wrong = concern != CaseConcern.NOTHING
    if not concern:
        return CaseStage.HEAR
    if went_wrong and not cost:
        return CaseStage.EMPATHISE
    if went_wrong and apology is None:
        return CaseStage.APOLOGISE
    settled = points()
    return CaseStage.DIAGNOSE if settled and all(settled) else CaseStage.RESOLVE
