import django.db.models.deletion
from django.db import migrations, models

import notifications.models
import notifications.text.packing


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="process")),
                ("at", models.DateTimeField(verbose_name="last seen")),
            ],
            options={
                "verbose_name": "heartbeat",
                "verbose_name_plural": "heartbeats",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="The event that this message tells of.",
                        max_length=200,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                ("kind", models.CharField(help_text="Which text is used.", max_length=60, verbose_name="kind")),
                (
                    "about",
                    models.CharField(
                        db_index=True, help_text="What the message is about.", max_length=120, verbose_name="about"
                    ),
                ),
                ("to_ref", models.CharField(blank=True, db_index=True, max_length=120, verbose_name="person")),
                ("to_name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("language", models.CharField(max_length=12, verbose_name="language")),
                ("zone", models.CharField(max_length=64, verbose_name="time zone")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=32, verbose_name="phone")),
                ("channels", models.JSONField(default=list, verbose_name="channels, preferred first")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("sms", "text message"),
                            ("whatsapp", "WhatsApp"),
                            ("call", "phone call"),
                            ("console", "console"),
                        ],
                        default="email",
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                ("reply_to", models.CharField(blank=True, max_length=254, verbose_name="answers go to")),
                ("context", notifications.text.packing.PackedJSONField(default=dict, verbose_name="what the text needs")),
                (
                    "facts",
                    notifications.text.packing.PackedJSONField(
                        default=dict,
                        help_text="What was true when the message was written; checked again before it leaves.",
                        verbose_name="facts",
                    ),
                ),
                ("secrets", models.JSONField(default=dict, editable=False, verbose_name="secrets")),
                ("attachments", models.JSONField(default=list, verbose_name="attachments")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "on its way"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed: please act"),
                            ("parked", "parked: the text cannot be written"),
                            ("dropped", "not sent: no longer true"),
                            ("cancelled", "taken back"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "why",
                    models.TextField(blank=True, help_text="Why the message is in this state.", verbose_name="why"),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("now", "at once, at any hour"),
                            ("soon", "soon; at night by e-mail only"),
                            ("normal", "waits for the morning"),
                        ],
                        default="normal",
                        max_length=8,
                        verbose_name="urgency",
                    ),
                ),
                ("not_before", models.DateTimeField(blank=True, null=True, verbose_name="not before")),
                ("not_after", models.DateTimeField(blank=True, null=True, verbose_name="not after")),
                (
                    "due_at",
                    models.DateTimeField(
                        help_text="The next attempt happens at this time or soon after.", verbose_name="due"
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="By the present channel; after a few the next one is taken.",
                        verbose_name="failed attempts",
                    ),
                ),
                (
                    "render_failures",
                    models.PositiveSmallIntegerField(default=0, verbose_name="failures to write the text"),
                ),
                ("leased_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("leased_by", models.CharField(blank=True, editable=False, max_length=80)),
                (
                    "perhaps_sent",
                    models.BooleanField(
                        default=False,
                        help_text="An attempt ended without an answer: a copy may have arrived already.",
                        verbose_name="perhaps sent",
                    ),
                ),
                (
                    "message_id",
                    models.CharField(
                        default=notifications.models.new_message_id,
                        editable=False,
                        max_length=160,
                        unique=True,
                        verbose_name="Message-ID",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=255, verbose_name="subject")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("html", models.TextField(blank=True, verbose_name="HTML")),
                ("mime", models.BinaryField(blank=True, null=True)),
                ("provider_ref", models.CharField(blank=True, max_length=200, verbose_name="provider's reference")),
                ("created_at", models.DateTimeField(verbose_name="written")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ("-created_at", "-pk"),
                "permissions": (("send_again", "Can send a failed message again"),),
                "indexes": [
                    models.Index(condition=models.Q(("state", "queued")), fields=["due_at"], name="message_due"),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["leased_until"], name="message_leased"
                    ),
                    models.Index(fields=["state", "-created_at"], name="message_by_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["queued", "sending", "sent", "delivered", "failed", "parked", "dropped", "cancelled"],
                            )
                        ),
                        name="message_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "sms", "whatsapp", "call", "console"])),
                        name="message_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["now", "soon", "normal"])), name="message_urgency_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                            models.Q(
                                models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="message_sent_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("leased_until__isnull", False),
                            _connector="OR",
                        ),
                        name="message_sending_has_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("sent", "delivered", "dropped", "cancelled")), _negated=True),
                            ("mime__isnull", True),
                            _connector="OR",
                        ),
                        name="message_finished_keeps_no_bytes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("sms", "text message"),
                            ("whatsapp", "WhatsApp"),
                            ("call", "phone call"),
                            ("console", "console"),
                        ],
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("sent", "sent"),
                            ("later", "did not work, will be tried again"),
                            ("perhaps", "perhaps sent: the answer never came"),
                            ("refused", "refused for good"),
                            ("unreachable", "no way to reach the person by this channel"),
                            ("unreadable", "the text could not be written"),
                            ("dropped", "dropped"),
                            ("again", "sent again by hand"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("detail", models.TextField(blank=True, verbose_name="detail")),
                ("duration_ms", models.PositiveIntegerField(default=0, verbose_name="took (ms)")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delivery_attempts",
                        to="notifications.message",
                        verbose_name="message",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery attempt",
                "verbose_name_plural": "delivery attempts",
                "ordering": ("at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "sent",
                                    "later",
                                    "perhaps",
                                    "refused",
                                    "unreachable",
                                    "unreadable",
                                    "dropped",
                                    "again",
                                ],
                            )
                        ),
                        name="attempt_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "sms", "whatsapp", "call", "console"])),
                        name="attempt_channel_known",
                    ),
                ],
            },
        ),
    ]
