"""What every staff page shows in its header: who is in limbo, who has to be moved, who waits, what we owe."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, Q, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from appointments.domain import affected
from appointments.domain.limbo import in_limbo
from appointments.enums import PromiseKind, RequestState
from appointments.models import Promise, RecoveryCase, RescheduleRequest
from appointments.models.promise import WAITS_FOR_US
from appointments.roles import MAY_WORK_AT_THE_DESK


class Desk:
    """The counts of the header. Nothing is asked of the database until a template asks, so other pages pay nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def is_open(self) -> bool:
        """Whether the reader works at the desk; everything else is only meant for those who do."""
        user = getattr(self._request, "user", None)
        return user is not None and user.is_authenticated and user.has_perm(MAY_WORK_AT_THE_DESK)

    @property
    def letters_are_off(self) -> bool:
        """Whether the reader has switched keys of a single letter off."""
        return self._request.COOKIES.get(letters_cookie(self._request.user)) == "off"

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def limbo(self) -> int:
        """Customers we moved who are nowhere. Has to read 0."""
        count: int = in_limbo(self.now).count()
        return count

    @property
    def to_move(self) -> int:
        """Appointments that cannot take place and that nobody moves yet."""
        return self._hits["to_move"]

    @property
    def untold(self) -> int:
        """Those whose customers nobody has told, moved or not. Has to read 0."""
        return self._hits["untold"]

    @cached_property
    def _hits(self) -> dict[str, int]:
        return affected.counts()

    @property
    def waiting(self) -> int:
        """Rounds in which the customer has the next word."""
        return self._stories["waiting"]

    @property
    def complaints(self) -> int:
        """Those that are not closed."""
        return self._stories["complaints"]

    @cached_property
    def _stories(self) -> dict[str, int]:
        """Both counts in one query."""
        waiting = _counted("waiting", RescheduleRequest.objects.undecided().filter(state=RequestState.OPEN))
        return dict(waiting.union(_counted("complaints", RecoveryCase.objects.open()), all=True))

    @property
    def to_call(self) -> int:
        """Promises a colleague has to act on, silent customers included."""
        return self._promises["to_call"]

    @property
    def overdue(self) -> int:
        return self._promises["overdue"]

    @cached_property
    def _promises(self) -> dict[str, int]:
        counts: dict[str, int] = Promise.objects.open().aggregate(
            to_call=Count("pk", filter=WAITS_FOR_US),
            overdue=Count("pk", filter=Q(due_at__lt=self.now) & ~Q(kind=PromiseKind.HOLD)),
        )
        return counts


def letters_cookie(user: User | AnonymousUser) -> str:
    """Remembers it for one colleague: several may use one browser."""
    return f"letter_keys_{user.pk}"


def _counted(name: str, rows: QuerySet[Any]) -> QuerySet[Any, tuple[str, int]]:
    """One row: the name, and how many there are."""
    return rows.order_by().values(name=Value(name)).annotate(count=Count("pk")).values_list("name", "count")


def desk(request: HttpRequest) -> dict[str, Any]:
    """`desk` in every template."""
    return {"desk": Desk(request)}
