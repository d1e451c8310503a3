"""Several appointments in one message: what is so for all of them, and each as it is told.

    {% load together %}
    {% together as them %}{% if them %}{{ them.count }} {% for part in them.parts %}…{% endfor %}{% endif %}

A part has what the appointment that the message is about has at the top of the context: service, was, page_url, and
offers, respond_by, call_by, can_keep, or time, minutes where it only begins later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template import Context, Library

from notifications.text import when as writing
from notifications.text.when import Moment

register = Library()

OF_EACH = ("service", "was", "time", "minutes", "offers", "respond_by", "call_by", "can_keep", "page_url")


@dataclass(frozen=True)
class Together:
    """The `parts` of a message, the one that it is about first; days are those of `zone`."""

    parts: Sequence[Mapping[str, Any]]
    zone: str

    @property
    def count(self) -> int:
        return len(self.parts)

    @property
    def kind(self) -> str:
        """What kind of service all of them are; "" where they differ."""
        return str(_common(part["service"]["kind"] for part in self.parts) or "")

    @property
    def person(self) -> str:
        """With whom all of them were to be; "" where they differ."""
        return str(_common(part["was"]["person"] for part in self.parts) or "")

    @property
    def minutes(self) -> int:
        """By how much all of them begin later; 0 where they differ."""
        return int(_common(part["minutes"] for part in self.parts) or 0)

    @property
    def days(self) -> Sequence[Moment]:
        """A moment of each day on which one of them was to be, in order of time."""
        starts = sorted((part["was"]["starts_at"] for part in self.parts), key=writing.read)
        return list({writing.local_time(one, self.zone).date(): one for one in reversed(starts)}.values())[::-1]

    @property
    def with_times(self) -> Sequence[Mapping[str, Any]]:
        """Those that there are times to choose from for."""
        return [part for part in self.parts if part["offers"]]

    @property
    def all_have_times(self) -> bool:
        return len(self.with_times) == self.count

    @property
    def some_shorter(self) -> bool:
        return any(offer["is_shorter"] for part in self.parts for offer in part["offers"])

    @property
    def some_stay(self) -> bool:
        """Whether one of them could take place as it was booked."""
        return any(part.get("can_keep") for part in self.parts)

    @property
    def all_stay(self) -> bool:
        return all(part.get("can_keep") for part in self.parts)

    @property
    def is_due_at_once(self) -> bool:
        """Whether all of them can be chosen for, until one hour, and one other hour is ours."""
        return self.all_have_times and all(
            _common(writing.read(part[hour]) for part in self.parts) is not None for hour in ("respond_by", "call_by")
        )

    @property
    def first_due(self) -> Moment:
        """Until when the first answer is needed."""
        return min((part["respond_by"] for part in self.with_times or self.parts), key=writing.read)

    @property
    def last_call(self) -> Moment:
        """By when we have been in touch about the last of them."""
        return max((part["call_by"] for part in self.parts), key=writing.read)


@register.simple_tag(takes_context=True)
def together(context: Context) -> Together | None:
    """All that a message with `besides` speaks of; None for one that is about a single appointment."""
    if not context.get("besides"):
        return None
    lead = {name: context.get(name) for name in OF_EACH}
    return Together([lead, *context["besides"]], context["zone"])


def _common(values: Iterable[Any]) -> Any:
    """What all of them are; None where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else None
