"""Messages as managers read them: to whom, what, where it stands and why. Facts are read, never edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaksbr
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from notifications import outbox
from notifications.enums import LEFT, MessageState
from notifications.errors import NotResendable
from notifications.mailbox.views import letter
from notifications.models import DeliveryAttempt, Message, Wording
from notifications.text import languages
from notifications.text.when import when

SIGNS = {
    MessageState.QUEUED: "○",
    MessageState.SENDING: "◐",
    MessageState.SENT: "●",
    MessageState.DELIVERED: "✓",
    MessageState.BOUNCED: "✕",
    MessageState.FAILED: "✕",
    MessageState.PARKED: "✕",
    MessageState.DROPPED: "–",
    MessageState.CANCELLED: "–",
}
"""A shape before the words, so that a column can be read at a glance and without colours."""


class Facts:
    """What happened is read, and neither added, changed nor deleted by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HeldFilter(admin.SimpleListFilter):
    title = _("held since a restore")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, Any], ...]:
        return (("yes", _("Yes")),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(pk__in=Message.objects.held()) if self.value() == "yes" else queryset


class DeliveryAttemptInline(Facts, admin.TabularInline):
    model = DeliveryAttempt
    fields = ("at", "channel", "outcome", "detail", "duration_ms")
    extra = 0


@admin.register(Message)
class MessageAdmin(Facts, admin.ModelAdmin):
    list_display = ("written", "to", "what", "channel", "where_it_stands", "why", "attempts")
    list_display_links = ("what",)
    list_filter = (HeldFilter, "state", "channel", "kind", "language", "perhaps_sent", "created_at")
    linked_lookups = ("about__exact",)
    search_fields = ("to_name", "email", "phone", "subject")
    search_help_text = _("Name, e-mail address, phone number or subject")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions: Sequence[str | Callable[..., None]] = ("send_again",)
    inlines = (DeliveryAttemptInline,)
    fieldsets = (
        (None, {"fields": ("where_it_stands", "why", "to", "email", "phone", "what", "kind", "about")}),
        (_("The message"), {"fields": ("words", "rich_form", "whose_words", "files")}),
        (
            _("When"),
            {
                "fields": (
                    *("created_at", "first_due_at", "due_at", "held_since", "sent_at"),
                    *("urgency", "not_before", "not_after", "zone", "language"),
                )
            },
        ),
        (
            _("By which way"),
            {"fields": ("channel", "channels", "attempts", "message_id", "provider_ref", "key", "replaces")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).defer("mime", "secrets", "context", "true_if")

    @admin.display(description=_("written"), ordering="created_at")
    def written(self, message: Message) -> str:
        return when(message.created_at, message.zone, languages.active(), "short")

    @admin.display(description=pgettext_lazy("recipient", "to"), ordering="to_name")
    def to(self, message: Message) -> str:
        return message.to_name or message.email or message.phone

    @admin.display(description=_("what"), ordering="subject")
    def what(self, message: Message) -> str:
        return message.subject or message.text[:80] or message.kind

    @admin.display(description=_("where it stands"), ordering="state")
    def where_it_stands(self, message: Message) -> str:
        state = MessageState(message.state)
        if state == MessageState.QUEUED and message.held_since:
            return f"‖ {_('held since a restore: please decide')}"
        doubt = f" · {_('perhaps twice') if state in LEFT else _('perhaps sent')}" if message.perhaps_sent else ""
        return f"{SIGNS[state]} {state.label}{doubt}"

    @admin.display(description=_("words"))
    def words(self, message: Message) -> str:
        return linebreaksbr(message.text, autoescape=True)

    @admin.display(description=_("as it looks"))
    def rich_form(self, message: Message) -> str:
        if not message.html:
            return "–"
        return format_html(
            '<iframe src="{}" title="{}" width="640" height="640" sandbox="allow-popups"></iframe>',
            reverse(f"{self.admin_site.name}:notifications_message_letter", args=[message.pk]),
            message.subject,
        )

    @admin.display(description=_("versions of the wording"))
    def whose_words(self, message: Message) -> str:
        rows = Wording.objects.filter(pk__in=message.worded).select_related("by")
        return ", ".join(f"{row.kind} {row.version} ({row.by.get_full_name() or row.by})" for row in rows) or str(
            _("the standard text")
        )

    @admin.display(description=_("attachments"))
    def files(self, message: Message) -> str:
        return ", ".join(item.filename for item in message.files) or "–"

    # The rich form, in a frame that can do nothing.

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.letter_view)
        return [path("<int:pk>/letter/", view, name="notifications_message_letter"), *super().get_urls()]

    def letter_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        message = self.get_queryset(request).filter(pk=pk).only("html").first()
        if message is None:
            raise Http404
        return letter(message.html)

    # Send again.

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.send_again")

    @admin.action(description=_("Send again"), permissions=["send_again"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        sent, refused = 0, 0
        for message in chosen:
            try:
                outbox.send_again(message, by=request.user.get_username(), now=timezone.now())
            except NotResendable:
                refused += 1
            else:
                sent += 1
        if sent:
            text = ngettext(
                "%(count)d message is on its way again.", "%(count)d messages are on their way again.", sent
            )
            self.message_user(request, text % {"count": sent}, messages.SUCCESS)
        if refused:
            text = ngettext(
                "%(count)d message was left alone: it has left already or was taken back.",
                "%(count)d messages were left alone: they have left already or were taken back.",
                refused,
            )
            self.message_user(request, text % {"count": refused}, messages.WARNING)

    # Held since a restore.

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        held = (
            self.get_queryset(request).filter(pk__in=Message.objects.held()).count() if request.method == "GET" else 0
        )
        if held:
            self.message_user(request, self._please_decide(held), messages.WARNING)
        return super().changelist_view(request, extra_context)

    def _please_decide(self, held: int) -> str:
        text = ngettext(
            "The database was restored or copied, and %(count)d message may have left before. It is held until somebody"
            " releases it or takes it back.",
            "The database was restored or copied, and %(count)d messages may have left before. They are held until"
            " somebody releases them or takes them back.",
            held,
        )
        return format_html('{} <a href="?held=yes">{}</a>', text % {"count": held}, _("Look at them"))
