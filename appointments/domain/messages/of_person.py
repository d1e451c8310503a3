"""All that the post office knows of one person, whom it knows by one record of theirs or several."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment, Customer
from notifications import privacy
from notifications.enums import FINISHED, MessageState
from notifications.models import Message, MessageQuerySet
from notifications.privacy import wipe, with_words

__all__ = [
    "LABELS",
    "MODEL",
    "count",
    "export",
    "finished",
    "forget",
    "forget_in_alarms",
    "nothing_on_its_way",
    "ref",
    "wipe",
    "with_words",
]

MODEL = Message
LABELS = {"written_at": _("written"), "name": _("name"), "text": _("text")}
"""What a row of `export` has that the table of messages calls otherwise."""


def ref(customer: Customer) -> str:
    """How messages refer to a customer."""
    return f"customer:{customer.pk}"


def nothing_on_its_way(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Those to whom no message is still to leave."""
    written = Concat(Value("customer:"), Cast(OuterRef("pk"), CharField()))
    leaving = Message.objects.filter(to_ref=written, state__in=(MessageState.QUEUED, MessageState.SENDING))
    return customers.filter(~Exists(leaving))


def count(refs: Sequence[str]) -> int:
    return Message.objects.filter(to_ref__in=refs).count()


def export(refs: Sequence[str]) -> list[dict[str, Any]]:
    """Every message to them, the oldest first, as plain values."""
    return sorted((row for one in refs for row in privacy.export(ref=one)), key=lambda row: str(row["written_at"]))


def forget(refs: Sequence[str], *, now: datetime) -> int:
    """Wipes the person from all of them. Returns how many it concerned."""
    return sum(privacy.forget(ref=one, now=now) for one in refs)


def forget_in_alarms(promises: Collection[int], *, names: Collection[str]) -> None:
    """Colleagues were told by name of what we owed somebody (`promises`, by their ids). What has left loses its words;
    what has not keeps its alarm about the others, and says nothing of whom (`names`).
    """
    alarms = with_words().filter(kind="escalation")
    told = alarms.values_list("pk", "true_if").iterator()
    found = [pk for pk, said in told if any(one[0] in promises for one in said.get("promises", ()))]
    rows = Message.objects.filter(pk__in=found)
    wipe(rows)
    for message in rows.exclude(state__in=FINISHED):
        said = {name: _without(getattr(message, name), names) for name in ("context", "subject", "text", "html")}
        rows.filter(pk=message.pk).update(mime=None, **said)


def _without(value: Any, names: Collection[str]) -> Any:
    """The same with a dash where one of the names stood."""
    if isinstance(value, Mapping):
        return {key: _without(one, names) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without(one, names) for one in value]
    if isinstance(value, str):
        for one in sorted(names, key=len, reverse=True):
            value = value.replace(one, "–")
    return value


def finished(rows: MessageQuerySet, *, before: datetime, but: QuerySet[Appointment]) -> MessageQuerySet:
    """Those of `rows` that were written so long ago and leave no more, without what is about the appointments `but`."""
    about = but.annotate(ref=Concat(Value("appointment:"), Cast("pk", CharField()))).values("ref")
    return privacy.finished(rows, before=before).exclude(about__in=about)
