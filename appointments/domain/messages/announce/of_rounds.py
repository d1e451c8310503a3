"""What opens a round, and what is said while it waits for its customer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from appointments.domain.colleagues import name_of
from appointments.domain.messages import invites, recipients, sent
from appointments.domain.messages.context import about_lateness, about_round, besides, time_of
from appointments.domain.messages.context_of_promises import about_promise
from appointments.domain.messages.sending import send
from appointments.domain.messages.written import AsWritten
from appointments.enums import OfferState, PromiseKind, RequestState
from appointments.models import Appointment, Promise, RescheduleRequest
from notifications import outbox
from notifications.enums import Channel
from notifications.models import Message
from notifications.text.values import Attachment

OF_A_ROUND = ("offer", "no_time", "running_late", "nudge", "false_alarm", "expiry")
"""What is not said any more when a round has ended."""
IN_TOUCH = (PromiseKind.ANSWER_OR_CALL, PromiseKind.CALL, PromiseKind.FIND_TIMES)
"""The promises by which a colleague turns to the customer."""


def the_move(
    round_: RescheduleRequest,
    *,
    now: datetime,
    again: bool = False,
    in_bulk: bool = False,
    by_phone: bool = False,
    written: AsWritten | None = None,
) -> Message:
    """The message that opens a round, and those that are told with it: the times, who looks for some, or a later hour.

    It leaves when the undo window has passed. `again`: for a round that stands once more although its first message
    was taken back. `in_bulk`: it is put into words when it leaves. `by_phone`: a colleague says it. `written`: for
    rounds that have begun in this transaction.
    """
    if round_.stands_by_itself:
        return running_late(round_, now=now, again=again)
    ways = (Channel.CALL,) if by_phone else None
    options: dict[str, Any] = {"to": recipients.customer_of(round_.appointment, ways=ways), "unwritten": in_bulk}
    if written is not None:
        options |= {"written": written, "is_first": True}
        return (
            no_time_yet(written.owed, round_, now=now, **options)
            if written.owed
            else apologise_and_offer(round_, now=now, **options)
        )
    owed = round_.promises.open().filter(kind=PromiseKind.FIND_TIMES).select_related("owner").first()
    if owed is not None and round_.is_without_times:
        return no_time_yet(owed, round_, now=now, again=again, **options)
    return apologise_and_offer(round_, now=now, again=again, **options)


def _opening(round_: RescheduleRequest, kind: str, *, again: bool) -> str:
    """The key of what opens a round. It can be told `again` as often as that was taken back before it left."""
    key = f"{kind}:request:{round_.pk}"
    return outbox.free(f"{key}:again") if again else key


def apologise_and_offer(
    round_: RescheduleRequest,
    *,
    now: datetime,
    again: bool = False,
    written: AsWritten | None = None,
    **options: Any,
) -> Message:
    """What `the_move` says where there are times."""
    return send(
        _opening(round_, "offer", again=again),
        "offer",
        round_.appointment,
        {**about_round(round_, now=now, written=written), "besides": besides(round_, now=now, written=written)},
        true_if={"request": round_.pk},
        moment=round_.was_starts_at,
        not_before=round_.undo_until,
        not_after=round_.respond_by,
        now=now,
        **options,
    )


def no_time_yet(
    promise: Promise,
    round_: RescheduleRequest,
    *,
    now: datetime,
    again: bool = False,
    written: AsWritten | None = None,
    **options: Any,
) -> Message:
    """What `the_move` says where there is no time yet: who looks for one, as `promise` says."""
    return send(
        _opening(round_, "no_time", again=again),
        "no_time",
        round_.appointment,
        {
            **about_round(round_, now=now, written=written),
            "contact": {"name": name_of(promise.owner)},
            "call_by": promise.due_at,
            "besides": besides(round_, now=now, written=written),
        },
        true_if={"request": round_.pk, "promise": promise.pk, "due_at": promise.due_at.isoformat()},
        moment=round_.was_starts_at,
        not_before=round_.undo_until,
        not_after=promise.due_at,
        now=now,
        **options,
    )


def running_late(round_: RescheduleRequest, *, now: datetime, again: bool = False) -> Message:
    """It begins later than the customer knows, and so do those that are told with it, with the calendar entry that
    moves each old one. It leaves when nobody can undo the delay any more.
    """
    appointment = round_.appointment
    others = list(round_.tells_of.live().for_display().order_by("respond_by", "pk"))
    return send(
        _opening(round_, "running_late", again=again),
        "running_late",
        appointment,
        about_lateness(round_, others),
        true_if={"request": round_.pk},
        not_before=round_.undo_until,
        not_after=round_.respond_by,
        attachments=[
            _entry(one.appointment, f"invite-{place}.ics" if place > 1 else "invite.ics", now=now)
            for place, one in enumerate((round_, *others), start=1)
        ],
        now=now,
    )


def _entry(appointment: Appointment, name: str, *, now: datetime) -> Attachment:
    """A file for each: of the invitations in one file all have to be about one appointment (RFC 5546, 3.2.2)."""
    ics = invites.request(appointment, language=appointment.customer.reads, now=now)
    return Attachment(name, ics, "text/calendar", "REQUEST")


def nudge(round_: RescheduleRequest, *, turn: int, now: datetime) -> Message:
    """A reminder to answer: the first by the customer's way, the second by another one when we have one."""
    to = recipients.customer_of(round_.appointment)
    return send(
        f"nudge:request:{round_.pk}:{turn}",
        "nudge",
        round_.appointment,
        {**about_round(round_, now=now), "besides": besides(round_, now=now, unanswered=True)},
        true_if={"request": round_.pk},
        not_after=round_.respond_by,
        to=recipients.by_another_way(to) if turn > 1 else to,
        now=now,
    )


def false_alarm(round_: RescheduleRequest, *, now: datetime) -> Message:
    """Who has been told and has not chosen yet may have the original time after all; what was offered stays open while
    an answer is awaited. Who gets in touch otherwise, and by when, is what has been promised last.
    """
    context = {**about_round(round_, now=now), "can_keep": True, "time": time_of(round_.appointment)}
    owed = round_.promises.open().filter(kind__in=IN_TOUCH).select_related("owner").order_by("due_at").first()
    if owed is not None:
        context |= {"contact": {"name": name_of(owed.owner)}, "call_by": owed.due_at}
    if round_.state != RequestState.OPEN or now >= round_.respond_by:
        context |= {"offers": [], "some_shorter": False}
    return send(
        f"false_alarm:request:{round_.pk}",
        "false_alarm",
        round_.appointment,
        context,
        true_if={"request": round_.pk},
        moment=round_.appointment.starts_at,
        not_after=round_.appointment.starts_at,
        now=now,
    )


def expired(round_: RescheduleRequest, *, promise: Promise, now: datetime) -> Message:
    """The time to answer has passed; a colleague phones, as `promise` says."""
    context = {
        **about_round(round_, now=now),
        "contact": {"name": name_of(promise.owner)},
        "call_by": promise.due_at,
        "still_offered": round_.offers.filter(state=OfferState.LIVE, starts_at__gt=now).exists(),
    }
    return send(
        f"expiry:request:{round_.pk}",
        "expiry",
        round_.appointment,
        context,
        true_if={"request": round_.pk},
        now=now,
    )


def times_gone(promise: Promise, round_: RescheduleRequest, *, now: datetime) -> Message:
    """All that we wrote of is gone: what can be chosen instead, or who looks for it. One that waits stays here."""
    outbox.cancel(now=now, about=round_.appointment.about, kinds=("times_gone",))
    context = {**about_round(round_, now=now), **about_promise(promise, now=now)}
    newest = max((one["position"] for one in context["offers"]), default=0)
    return send(
        f"times_gone:promise:{promise.pk}:{newest}",
        "times_gone",
        promise.appointment,
        context,
        true_if={"promise": promise.pk, "due_at": promise.due_at.isoformat(), "request": round_.pk},
        not_after=round_.respond_by if newest else promise.due_at,
        now=now,
    )


def take_back(round_: RescheduleRequest, *, now: datetime, kinds: Sequence[str] = OF_A_ROUND) -> int:
    """Stops messages of this round that have not left. Returns how many were caught."""
    caught = outbox.cancel(now=now, about=round_.appointment.about, kinds=kinds, true_if={"request": round_.pk})
    if round_.told_with_id:
        caught += outbox.cancel(now=now, keys=sent.openings_of(round_), kinds=kinds)
    return caught
