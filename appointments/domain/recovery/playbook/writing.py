"""Writing a solution, looking it over, putting it away: what it said before stays to be read."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import audit
from appointments.domain.actors import staff
from appointments.domain.recovery.playbook.authority import may_write
from appointments.domain.transactions import one_transaction
from appointments.enums import UsedBy
from appointments.errors import DomainError
from appointments.models import Reason, Service, Solution, SolutionVersion
from appointments.models.playbook import TEXTS

GOOD_FOR = timedelta(days=180)
"""After so long somebody looks whether it is still right."""


@one_transaction
def write(
    solution: Solution | None,
    texts: Mapping[str, Any],
    *,
    reasons: Iterable[Reason],
    services: Iterable[Service],
    used_by: UsedBy,
    review_by: date,
    by: User,
    now: datetime,
) -> SolutionVersion:
    """A new solution, or what one says from now on; the same texts again are no new version.

    Raises `DomainError` for whoever may not write it, and for one that has been put away.
    """
    _must_write(by)
    solution = _locked(solution) if solution is not None else Solution(review_by=review_by)
    with audit.watch(solution, by=staff(by), now=now, besides=lambda: _is_for(solution)):
        solution.used_by, solution.review_by = used_by, review_by
        solution.save()
        solution.reasons.set(reasons)
        solution.services.set(services)
    newest = solution.versions.order_by("-number").first()
    if newest is not None and all(_said(newest, name) == _plain(texts.get(name)) for name in TEXTS):
        return newest
    number = newest.number + 1 if newest else 1
    given = {name: _plain(texts.get(name)) for name in TEXTS}
    return SolutionVersion.objects.create(solution=solution, number=number, written_by=by, written_at=now, **given)


@one_transaction
def still_right(solution: Solution, *, by: User, today: date, now: datetime) -> Solution:
    """Somebody has looked it over: it is good for another while."""
    _must_write(by)
    solution = _locked(solution)
    with audit.watch(solution, by=staff(by), now=now):
        solution.review_by = today + GOOD_FOR
        solution.save(update_fields=["review_by"])
    return solution


@one_transaction
def put_away(solution: Solution, *, by: User, now: datetime) -> Solution:
    """It is offered no more. Where it was used it stays to be read."""
    _must_write(by)
    solution = _locked(solution)
    with audit.watch(solution, by=staff(by), now=now):
        solution.archived_at = now
        solution.save(update_fields=["archived_at"])
    return solution


@one_transaction
def bring_back(solution: Solution, *, by: User, now: datetime) -> Solution:
    _must_write(by)
    found = Solution.objects.select_for_update(no_key=True).get(pk=solution.pk)
    with audit.watch(found, by=staff(by), now=now):
        found.archived_at = None
        found.save(update_fields=["archived_at"])
    return found


def _must_write(by: User) -> None:
    if not may_write(by):
        raise DomainError(_("Only leads and managers write the playbook."))


def _locked(solution: Solution) -> Solution:
    found = Solution.objects.select_for_update(no_key=True).get(pk=solution.pk)
    if found.archived_at is not None:
        raise DomainError(_("This solution has been put away. Bring it back first."))
    return found


def _is_for(solution: Solution) -> dict[str, list[str]]:
    """What it is for; what it says has versions of its own."""
    if not solution.pk:
        return {}
    return {name: [str(one) for one in getattr(solution, name).all()] for name in ("reasons", "services")}


def _said(version: SolutionVersion, name: str) -> dict[str, str]:
    return dict(getattr(version, name).data)


def _plain(texts: Any) -> dict[str, str]:
    """By language, without those that are empty."""
    given = getattr(texts, "data", texts) or {}
    return {code: text.strip() for code, text in given.items() if text and text.strip()}
