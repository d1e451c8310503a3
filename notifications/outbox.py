"""The counter of the post office: the one way to get a message out, to look at it first, or to take it back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from notifications import bell, channels, policy, restores, signals, wordings
from notifications.enums import TROUBLE, Channel, MessageState, Outcome, Urgency
from notifications.errors import NotResendable, OutsideTransaction, RenderError, UnresolvedPlaceholder
from notifications.models import DeliveryAttempt, Message
from notifications.text import rendering
from notifications.text.cleaning import clean, one_line
from notifications.text.packing import pack, unpack
from notifications.text.values import Attachment, InForce, Recipient, Rendered

__all__ = [
    "Attachment",
    "Recipient",
    "RenderError",
    "Rendered",
    "UnresolvedPlaceholder",
    "cancel",
    "enqueue",
    "enqueue_again",
    "free",
    "prepare",
    "preview",
    "secrets_of",
    "send_again",
]


def enqueue(
    *,
    key: str,
    kind: str,
    to: Recipient,
    context: Mapping[str, Any],
    about: str,
    true_if: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
    urgency: Urgency = Urgency.NORMAL,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    attachments: Sequence[Attachment] = (),
    reply_to: str = "",
    replaces: Message | None = None,
    unwritten: bool = False,
    is_first: bool = False,
    now: datetime,
) -> Message:
    """Write a message in the caller's transaction; it leaves after the commit, when it is due and still true.

    key names the business event ("offer:42:1"); the same key again returns the row there is and changes nothing.
    kind is the folder of texts. context holds plain values (text, numbers, dates, lists, mappings) and markers like
    "[[link]]" for each entry of secrets. true_if is what `before_send` receivers compare with the present.
    context["from_name"], if given, is the name beside our address; context["unsubscribe_url"] makes the mail carry
    the one-click header. replaces is the message that did not arrive and that this one tells again. unwritten: whoever
    delivers it puts it into words, so that many at once keep no transaction open. is_first: the event has only begun in
    this transaction, so that nobody looks whether it has been told. Raises OutsideTransaction, ValueError
    for a key that is too long, TypeError for values that do not survive storage. A text that cannot be written does not
    stop the caller: delivery tries again and parks it.
    """
    _must_be_storable(key, about)
    if not is_first and (existing := Message.objects.filter(key=key).first()):
        return existing
    message = Message(
        key=key, kind=kind, about=about, replaces=replaces, urgency=urgency, not_before=not_before, not_after=not_after,
        context=unpack(pack(context)), true_if=unpack(pack(true_if or {})), reply_to=one_line(reply_to, limit=254),
        secrets={name: clean(value) for name, value in (secrets or {}).items()},
        attachments=[asdict(item) | {"content": clean(item.content)} for item in attachments],
        created_at=now, **_addressed(to),
    )  # fmt: skip
    return _stored(message, unwritten=unwritten)


def _must_be_storable(key: str, about: str) -> None:
    if not transaction.get_connection(Message.objects.db).in_atomic_block:
        raise OutsideTransaction
    if len(key) > 200 or len(about) > 120:
        raise ValueError("a key has at most 200 characters, `about` at most 120")


def _addressed(to: Recipient) -> dict[str, Any]:
    """What a row says of whom it goes to, and by which ways."""
    order = channels.order(to.channels, to=to)
    return {
        "to_ref": one_line(to.ref, limit=120),
        "to_name": one_line(to.name, limit=200),
        "language": to.language,
        "zone": to.zone,
        "email": one_line(to.email, limit=254),
        "phone": one_line(to.phone, limit=32),
        "channels": list(order),
        "channel": _first_way(order),
    }


def _stored(message: Message, *, unwritten: bool) -> Message:
    """The new row with its hour and, unless it stays `unwritten`, its text; the bell rings for it."""
    now, silent = message.created_at, channels.get(message.channel).silent
    earliest = max(now, message.not_before or now)
    message.due_at = policy.next_allowed(earliest, message.urgency, message.zone, silent=silent)
    message.held_since = restores.held_for_the_timetable(now)
    try:
        if not unwritten:
            prepare(message)
    except RenderError as error:
        message.why = str(error)
    # Whoever writes the same event in this very moment waits here, gets the id of the row there is and changes nothing.
    Message.objects.bulk_create([message], update_conflicts=True, unique_fields=["key"], update_fields=["key"])
    bell.ring_on_commit()
    return message


def prepare(message: Message) -> None:
    """Write the text for the message's present channel into the row: the masked copy and the bytes that leave.

    Changes the object, does not save it. Raises RenderError.
    """
    rendering.check_markers(context=message.context, secrets=message.secrets)
    channel = channels.get(message.channel)
    to, words = message.recipient, wordings.of_message(message)
    rendered = rendering.render(kind=message.kind, to=to, context=message.context, form=channel.form, words=words)
    stays = rendering.mask(rendered, message.secrets)
    leaves = rendering.reveal(rendered, message.secrets)
    message.subject, message.text, message.html = stays.subject, stays.text, stays.html
    message.worded = list(stays.worded)
    message.mime = channel.pack(message, leaves)


def preview(
    *,
    kind: str,
    to: Recipient,
    context: Mapping[str, Any],
    channel: str = Channel.EMAIL,
    secrets: Mapping[str, str] | None = None,
    words: Mapping[str, InForce] | None = None,
) -> Rendered:
    """Exactly what would go out, by the code that sends it, with every marker masked.

    `words`: in place of the wording in force. Raises UnresolvedPlaceholder or RenderError, with a sentence for staff.
    """
    packed = unpack(pack(context))
    words = wordings.in_force(kind) if words is None else words
    rendered = rendering.render(kind=kind, to=to, context=packed, form=channels.get(channel).form, words=words)
    found = rendering.MARKER.findall(f"{rendered.subject} {rendered.text} {rendered.html}")
    return rendering.mask(rendered, dict.fromkeys(found, "") | dict(secrets or {}))


def cancel(
    *,
    now: datetime,
    keys: Iterable[str] = (),
    about: str = "",
    kinds: Iterable[str] = (),
    true_if: Mapping[str, Any] | None = None,
    why: str = "",
) -> int:
    """Take back what has not left yet, by keys, or all about one thing. What was sent again goes with its first key.

    kinds narrows it to those kinds, true_if to what was written under these conditions. Returns how many were caught: a
    message that is just leaving is not among them.
    """
    keys, kinds = list(keys), list(kinds)
    chosen = Q(key__in=keys) if keys else Q()
    for key in keys:
        chosen |= Q(key__startswith=f"{key}:again:")
    chosen |= Q(about=about) if about else Q()
    if not chosen:
        return 0
    conditions = {f"true_if__{name}": value for name, value in (true_if or {}).items()}
    waiting = Message.objects.filter(chosen, state=MessageState.QUEUED, **conditions)
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    reason = clean(why) or _("Taken back before it left.")
    return waiting.update(
        state=MessageState.CANCELLED, why=reason, secrets={}, mime=None, leased_until=None, leased_by=""
    )


def free(key: str) -> str:
    """What was taken back under `key` gives it up, so that the same can be told anew under it; its name goes on after
    the key. What waits, leaves or has ended otherwise keeps it. Returns `key`.
    """
    taken_back = Message.objects.filter(key=key, state=MessageState.CANCELLED)
    taken_back.update(key=Concat("key", Value(":taken-back:"), Cast("pk", CharField())))
    return key


def send_again(message: Message, *, by: str, now: datetime) -> Message:
    """Bring a message that did not arrive on its way once more. Returns the one that will leave.

    What waits but may have left goes on as it is, under its own Message-ID. What has ended keeps no links any more, so
    whoever wrote it is asked to tell the same in a new message (signal write_again), with a new link and to where the
    person is reached now. by is the person who asked, for the record. Raises NotResendable.
    """
    with transaction.atomic():
        found = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
        sent = _written_again(found, now) if found.state in TROUBLE else _hurried(found, now)
        DeliveryAttempt.objects.create(
            message=found, at=now, channel=found.channel, outcome=Outcome.AGAIN, detail=one_line(by)
        )
        bell.ring_on_commit()
    return sent


def enqueue_again(
    message: Message,
    *,
    to: Recipient,
    secrets: Mapping[str, str],
    now: datetime,
) -> Message:
    """Tell the same once more in a new message, in place of one that did not arrive; for receivers of write_again.

    secrets are new ones for secrets_of(message). The text is written anew, and what has become untrue is dropped when
    it is about to leave, as ever. The hour by which it had to leave holds no more once it has passed.
    """
    missed = policy.too_late(now, message.not_after)
    return enqueue(
        key=_key_again(message),
        kind=message.kind,
        to=to,
        context=message.context,
        about=message.about,
        true_if=message.true_if,
        secrets=secrets,
        urgency=Urgency(message.urgency),
        not_after=None if missed else message.not_after,
        attachments=message.files,
        reply_to=message.reply_to,
        replaces=message,
        now=now,
    )


def secrets_of(message: Message) -> set[str]:
    """The names of the secrets that its text asks for."""
    return rendering.markers(message.context)


def _written_again(message: Message, now: datetime) -> Message:
    if Message.objects.filter(replaces=message).exists():
        raise NotResendable(_("This message was sent again already; look at the newer one."))
    answers: list[tuple[Any, Any]] = signals.write_again.send(sender=Message, message=message, now=now)
    written = [answer for _receiver, answer in answers if isinstance(answer, Message)]
    if not written:
        raise NotResendable(_("Nobody can write this message again."))
    return written[0]


def _hurried(message: Message, now: datetime) -> Message:
    """Of what has not ended only what was perhaps sent can be asked for again: the rest is on its way by itself."""
    unclear = Q(state=MessageState.QUEUED, perhaps_sent=True) | Q(state=MessageState.SENDING, leased_until__lte=now)
    changed = Message.objects.filter(unclear, pk=message.pk).update(
        state=MessageState.QUEUED,
        why="",
        channel=_first_way(channels.order(message.channels, to=message)),
        attempts=0,
        render_failures=0,
        due_at=now,
        first_due_at=None,
        held_since=None,
        not_after=None,
        leased_until=None,
        leased_by="",
        mime=None,
    )
    if changed != 1:
        raise NotResendable(_("This message has left or was taken back; it cannot be sent again."))
    message.refresh_from_db()
    return message


AGAIN = re.compile(r":again:(\d+)$")


def _key_again(message: Message) -> str:
    """ "offer:42" → "offer:42:again:1" → "offer:42:again:2"."""
    turn = AGAIN.search(message.key)
    return f"{AGAIN.sub('', message.key)}:again:{int(turn[1]) + 1 if turn else 1}"


def _first_way(order: Sequence[str]) -> str:
    """The first channel that works in this installation; delivery says what is wrong when there is none."""
    return next(
        (channel for channel in order if channels.get(channel).is_set_up()), order[0] if order else Channel.EMAIL
    )
