"""What colleagues say of a solution: a comment, one vote each, and that they have read it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain.transactions import one_transaction
from appointments.errors import DomainError
from appointments.models import Solution, SolutionComment, SolutionRead, SolutionVersion, SolutionVote


@one_transaction
def comment(solution: Solution, words: str, *, by: User, now: datetime) -> SolutionComment:
    """Raises `DomainError` for no words."""
    if not words.strip():
        raise DomainError(_("Write what the others should know."))
    return SolutionComment.objects.create(solution=solution, author=by, words=words.strip(), at=now)


@one_transaction
def vote(solution: Solution, *, worked: bool, by: User, now: datetime) -> SolutionVote:
    """One for each colleague: the last word counts."""
    said = {"worked": worked, "at": now}
    given, _made = SolutionVote.objects.update_or_create(solution=solution, voter=by, defaults=said)
    return given


@one_transaction
def read(version: SolutionVersion, *, by: User, now: datetime) -> SolutionRead:
    """As the reader says. Safe to repeat: the first time counts."""
    noted, _made = SolutionRead.objects.get_or_create(version=version, reader=by, defaults={"at": now})
    return noted
