"""What every staff page shows in its header: who is in limbo, who has to be moved, who waits, what we owe."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from appointments.domain.pages.queues.counts import HELD, IN_THE_HEAD, OVERDUE, counts
from appointments.domain.pages.queues.moment import Moment
from appointments.domain.second_step import memory, standing
from appointments.roles import MAY_CHANGE_THE_BUSINESS, MAY_WORK_AT_THE_DESK


class Desk:
    """The counts of the header. Nothing is asked of the database until a template asks, so other pages pay nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def is_open(self) -> bool:
        """Whether the reader works at the desk; everything else is only meant for those who do."""
        user = getattr(self._request, "user", None)
        return (
            user is not None
            and user.is_authenticated
            and not self.second_step_first
            and user.has_perm(MAY_WORK_AT_THE_DESK)
        )

    @cached_property
    def second_step_first(self) -> bool:
        """Whether nothing opens for the reader before their second step, so that nothing is offered or counted: on the
        pages either that anybody may see, and where there is none.
        """
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return False
        if standing.is_set_up(user):
            return not memory.has_shown(self._request.session)
        return standing.is_required_of(user)

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
        return self._counts["nobody-answers"]

    @property
    def to_move(self) -> int:
        """Appointments that cannot take place and that nobody moves yet."""
        return self._counts["to-move"]

    @property
    def untold(self) -> int:
        """Those whose customers nobody has told, moved or not. Has to read 0."""
        return self._counts["untold"]

    @property
    def waiting(self) -> int:
        """Rounds in which the customer has the next word."""
        return self._counts["waiting"]

    @property
    def complaints(self) -> int:
        """Those that are not closed."""
        return self._counts["complaints"]

    @property
    def to_call(self) -> int:
        """Promises a colleague has to act on, silent customers included."""
        return self._counts["calls"]

    @property
    def overdue(self) -> int:
        return self._counts[OVERDUE]

    @property
    def held(self) -> int:
        """Messages that have waited since a restore, for those who may decide about them; 0 for others."""
        return self._counts[HELD] if self._request.user.has_perm(MAY_CHANGE_THE_BUSINESS) else 0

    @cached_property
    def _counts(self) -> dict[str, int]:
        """All of them in one query; none where the page has counted them already (`desk_numbers`)."""
        counted: dict[str, int] | None = getattr(self._request, "desk_numbers", None)
        user: Any = getattr(self._request, "user", None)
        return counted or counts(IN_THE_HEAD, Moment(user, self.now))


def letters_cookie(user: User | AnonymousUser) -> str:
    """Remembers it for one colleague: several may use one browser."""
    return f"letter_keys_{user.pk}"


def desk(request: HttpRequest) -> dict[str, Any]:
    """`desk` in every template."""
    return {"desk": Desk(request)}
