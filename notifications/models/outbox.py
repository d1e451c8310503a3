"""The outbox: one row per message, one row per attempt. The table is the queue; a broker only rings a bell."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from notifications.enums import FINISHED, LEFT, TROUBLE, Channel, MessageState, Outcome, Urgency
from notifications.text.packing import PackedJSONField
from notifications.text.values import Attachment, Recipient


def mail_host() -> str:
    """The host that message and thread ids are made under: the one of PUBLIC_URL."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def new_message_id() -> str:
    """An RFC 5322 Message-ID. Made once per row and kept for life, so a repeated copy is recognisable as one."""
    return f"<{uuid.uuid4()}@{mail_host()}>"


RIPE_SINCE = Coalesce("first_due_at", "due_at")
"""When a waiting message was first due: trying again later does not make it younger."""


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> MessageQuerySet:
        """Waiting, ripe, not held, and not in anybody's hands."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        return self.filter(free, state=MessageState.QUEUED, due_at__lte=now, held_since__isnull=True)

    def held(self) -> MessageQuerySet:
        """Waiting for a person to say whether they may leave, since the database was restored."""
        return self.filter(state=MessageState.QUEUED, held_since__isnull=False)

    def abandoned(self, now: datetime) -> MessageQuerySet:
        """Found on its way after whoever carried it is gone: perhaps sent."""
        return self.filter(state=MessageState.SENDING, leased_until__lte=now)

    def failed(self) -> MessageQuerySet:
        """Given up, parked or come back, and not sent again since: a person has to act."""
        return self.filter(state__in=TROUBLE, replaced_by=None)

    def for_about(self, about: str) -> MessageQuerySet:
        return self.filter(about=about).order_by("created_at", "pk")

    def late(self, now: datetime, *, by: timedelta = timedelta(0)) -> MessageQuerySet:
        """Not yet out of the door though first due `by` ago or longer, whether tried or not."""
        under_way = self.filter(state__in=[MessageState.QUEUED, MessageState.SENDING], held_since__isnull=True)
        return under_way.annotate(ripe_since=RIPE_SINCE).filter(ripe_since__lte=now - by)

    def oldest_due_age(self, now: datetime) -> timedelta:
        """How long the longest-waiting ripe message has been waiting; zero when nothing waits."""
        oldest = self.late(now).aggregate(oldest=models.Min("ripe_since"))["oldest"]
        return now - oldest if oldest else timedelta(0)


class Message(models.Model):
    """One message to one person about one thing. `key` names the business event, so the same event writes it once.

    `secrets` and `mime` (the ready bytes) hold the working links. They are wiped when the message ends in whatever
    way; `subject`, `text` and `html` are the copy for staff, with every secret masked. A message that did not arrive
    is never changed any more: a new one, which names it in `replaces`, tells the same with a new link.
    """

    key = models.CharField(_("key"), max_length=200, unique=True, help_text=_("The event that this message tells of."))
    kind = models.CharField(_("kind"), max_length=60, help_text=_("Which text is used."))
    replaces = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaced_by",
        verbose_name=_("instead of"),
        help_text=_("The message that did not arrive, which this one tells again."),
    )
    about = models.CharField(_("about"), max_length=120, db_index=True, help_text=_("What the message is about."))

    to_ref = models.CharField(_("person"), max_length=120, blank=True, db_index=True)
    to_name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=12)
    zone = models.CharField(_("time zone"), max_length=64)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    channels = models.JSONField(_("channels, preferred first"), default=list)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices, default=Channel.EMAIL)
    reply_to = models.CharField(_("answers go to"), max_length=254, blank=True)

    context = PackedJSONField(_("what the text needs"), default=dict)
    true_if = PackedJSONField(
        _("true if"),
        default=dict,
        help_text=_("What was true when the message was written; checked again before it leaves."),
    )
    secrets = models.JSONField(_("secrets"), default=dict, editable=False)
    attachments = models.JSONField(_("attachments"), default=list)

    state = models.CharField(_("state"), max_length=12, choices=MessageState.choices, default=MessageState.QUEUED)
    why = models.TextField(_("why"), blank=True, help_text=_("Why the message is in this state."))
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency.choices, default=Urgency.NORMAL)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    not_after = models.DateTimeField(_("not after"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), help_text=_("The next attempt happens at this time or soon after."))
    first_due_at = models.DateTimeField(
        _("first due"), null=True, blank=True, help_text=_("Before failures put it off; empty while none did.")
    )
    held_since = models.DateTimeField(
        _("held since"),
        null=True,
        blank=True,
        help_text=_("The database was restored; it may have left before, and waits for a person to say what to do."),
    )
    attempts = models.PositiveSmallIntegerField(
        _("failed attempts"), default=0, help_text=_("By the present channel; after a few the next one is taken.")
    )
    render_failures = models.PositiveSmallIntegerField(_("failures to write the text"), default=0)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    leased_by = models.CharField(max_length=80, blank=True, editable=False)
    perhaps_sent = models.BooleanField(
        _("perhaps sent"),
        default=False,
        help_text=_("An attempt ended without an answer: a copy may have arrived already."),
    )

    message_id = models.CharField(_("Message-ID"), max_length=160, unique=True, default=new_message_id, editable=False)
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    worded = models.JSONField(
        _("versions of the wording"),
        default=list,
        blank=True,
        editable=False,
        help_text=_("Which of the business's own wordings the text was written with; none: as we ship it."),
    )
    mime = models.BinaryField(null=True, blank=True, editable=False)
    provider_ref = models.CharField(_("provider's reference"), max_length=200, blank=True)

    created_at = models.DateTimeField(_("written"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-created_at", "-pk")
        permissions = (("send_again", _("Can send a failed message again")),)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="message_channel_known"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="message_urgency_known"),
            models.CheckConstraint(
                condition=Q(state__in=LEFT, sent_at__isnull=False) | (~Q(state__in=LEFT) & Q(sent_at__isnull=True)),
                name="message_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENDING) | Q(leased_until__isnull=False),
                name="message_sending_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=FINISHED) | Q(mime__isnull=True), name="message_finished_keeps_no_bytes"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=FINISHED) | Q(secrets={}), name="message_finished_keeps_no_secrets"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state=MessageState.QUEUED), name="message_due"),
            models.Index(fields=["leased_until"], condition=Q(state=MessageState.SENDING), name="message_leased"),
            models.Index(fields=["state", "-created_at"], name="message_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.to_name or self.to_ref} ({self.get_state_display()})"

    @property
    def recipient(self) -> Recipient:
        return Recipient(
            name=self.to_name,
            language=self.language,
            zone=self.zone,
            email=self.email,
            phone=self.phone,
            channels=tuple(self.channels),
            ref=self.to_ref,
        )

    @property
    def files(self) -> tuple[Attachment, ...]:
        return tuple(Attachment(**item) for item in self.attachments)

    @property
    def thread_id(self) -> str:
        """The same for every message about the same thing, so that mail programs show them as one conversation."""
        digest = hashlib.sha256(self.about.encode()).hexdigest()[:32]
        return f"<{digest}@{mail_host()}>"


class DeliveryAttempt(models.Model):
    """What happened once. Rows are added, never changed."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="delivery_attempts", verbose_name=_("message")
    )
    at = models.DateTimeField(_("when"))
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    detail = models.TextField(_("detail"), blank=True)
    duration_ms = models.PositiveIntegerField(_("took (ms)"), default=0)

    class Meta:
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery attempts")
        ordering = ("at", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="attempt_outcome_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="attempt_channel_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_outcome_display()}"


class Heartbeat(models.Model):
    """Proof of life of a background process: `name` was alive `at`."""

    name = models.CharField(_("process"), max_length=60, primary_key=True)
    at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name


class Epoch(models.Model):
    """The present life of the outbox, in one row: so that a database that was restored or copied is known as such.

    See `notifications.restores`, the only one that writes it.
    """

    ONLY = 1

    name = models.UUIDField(default=uuid.uuid4, editable=False)
    home = models.CharField(max_length=500, editable=False)
    turn = models.BigIntegerField(default=0, editable=False)
    watched_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("life of the outbox")
        verbose_name_plural = _("life of the outbox")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="epoch_is_one")]

    def __str__(self) -> str:
        return str(self.name)
