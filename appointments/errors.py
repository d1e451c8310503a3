"""Errors whose text a customer or a colleague may read: what happened and what to do, never whose fault it is."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _


class DomainError(Exception):
    """Something the rules forbid. `str(error)` is a sentence for the reader, in the reader's language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def for_colleagues(self) -> str:
        """The same for a reader at the desk, who may know more than a customer."""
        return self.message


class SlotTaken(DomainError):
    """The time went to somebody else, or was never free. `in_the_way`: the occupancies that a colleague may see."""

    def __init__(self, message: str = "", *, in_the_way: Sequence[Any] = ()) -> None:
        super().__init__(message or _("This time has just been taken by somebody else. Please choose another one."))
        self.in_the_way = tuple(in_the_way)

    @property
    def for_colleagues(self) -> str:
        """With whom or what is in the way."""
        blockers = ", ".join(f"{one.resource}: {one.appointment.customer}" for one in self.in_the_way)
        return f"{self.message} ({blockers})" if blockers else self.message


class NotOffered(DomainError):
    """A time that was not offered in this round, is past, or is inside the notice time."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("This time is not among the ones we offered. Please choose one of those below."))


class RoundOver(DomainError):
    """The round has ended: answered, replaced, taken back or expired. The present truth is on the page."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message or _("This was settled already, so your tap changed nothing. Below is how things stand now.")
        )


class ToldEnough(DomainError):
    """The customer has told us more than one link may; the sentence says what to do instead."""


class MoveRefused(DomainError):
    """The move breaks a rule: state, limit or notice."""


class CannotBeWritten(DomainError):
    """The text of a message asks for what there is not; the sentence says what and where."""
