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
from appointments.models import AffectedAppointment, Promise, RecoveryCase, RescheduleRequest
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

    @property
    def limbo(self) -> int:
        """Customers we moved who are nowhere. Has to read 0."""
        return self._counts["limbo"][0]

    @property
    def to_move(self) -> int:
        """Appointments that cannot take place and that nobody moves yet."""
        return self._counts["hits"][0]

    @property
    def untold(self) -> int:
        """Those whose customers nobody has told, moved or not. Has to read 0."""
        return self._counts["hits"][1]

    @property
    def waiting(self) -> int:
        """Rounds in which the customer has the next word."""
        return self._counts["waiting"][0]

    @property
    def complaints(self) -> int:
        """Those that are not closed."""
        return self._counts["complaints"][0]

    @property
    def to_call(self) -> int:
        """Promises a colleague has to act on, silent customers included."""
        return self._counts["promises"][0]

    @property
    def overdue(self) -> int:
        return self._counts["promises"][1]

    @cached_property
    def _counts(self) -> dict[str, tuple[int, int]]:
        """All of them in one query: every page of the desk asks."""
        late = Q(due_at__lt=self.now) & ~Q(kind=PromiseKind.HOLD)
        parts = (
            _counted("limbo", in_limbo(self.now)),
            _counted("waiting", RescheduleRequest.objects.undecided().filter(state=RequestState.OPEN)),
            _counted("complaints", RecoveryCase.objects.open()),
            _counted("promises", Promise.objects.open(), Count("pk", filter=WAITS_FOR_US), Count("pk", filter=late)),
        )
        rows = _counted("hits", AffectedAppointment.objects.unsettled(), *affected.counted()).union(*parts, all=True)
        return {name: (one, other) for name, one, other in rows}


def letters_cookie(user: User | AnonymousUser) -> str:
    """Remembers it for one colleague: several may use one browser."""
    return f"letter_keys_{user.pk}"


def _counted(
    name: str, rows: QuerySet[Any], one: Count | None = None, other: Count | None = None
) -> QuerySet[Any, tuple[str, int, int]]:
    """One row: the name, and two counts; without them how many there are."""
    counts = {"one": one or Count("pk"), "other": other or Value(0)}
    return rows.order_by().values(name=Value(name)).annotate(**counts).values_list("name", "one", "other")


def desk(request: HttpRequest) -> dict[str, Any]:
    """`desk` in every template."""
    return {"desk": Desk(request)}
