"""The reasons: what managers call a cause, who answers for it, and the words customers read."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import FoundByWords, HouseAdmin, number_of
from appointments.admin.display import link
from appointments.adminlookups import reader
from appointments.domain.people import reach
from appointments.forms.setup.reasons import CauseWriting, ReasonForm
from appointments.models import Reason, RescheduleRequest
from appointments.multilingual import InReadersLanguage, in_each
from notifications.text import languages


@admin.register(Reason)
class ReasonAdmin(FoundByWords, HouseAdmin):
    form = ReasonForm
    list_display = ("name", "family", "fault", "preview_line", "privacy", "used", "is_active", "position")
    list_editable = ("is_active", "position")
    list_filter = ("family", "fault", "is_private", "is_active")
    search_fields = ("code",)
    ordering = ("position", InReadersLanguage("label"))
    prepopulated_fields: ClassVar = {"code": ("label",)}
    readonly_fields = ("previews",)
    fieldsets = (
        (_("For colleagues"), {"fields": ("label", "code", ("is_active", "position"))}),
        (_("What kind of cause"), {"fields": ("family", "fault")}),
        (
            _("What customers read"),
            {
                "fields": ("wording", "is_private", "previews"),
                "description": _(
                    "Messages already sent keep the words they were sent with; the new ones are used from now on."
                ),
            },
        ),
    )

    class Media:
        js = ("js/admin_reason.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reason]:
        rounds = reach.of(RescheduleRequest.objects.all(), reader(request))
        return super().get_queryset(request).annotate(rounds=number_of(rounds, "reason"))

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return [*in_each("label"), *in_each("wording"), *self.search_fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Reason | None = None) -> tuple[str, ...]:
        return ("code", *self.readonly_fields) if obj else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Reason | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    @admin.display(description=_("reason"), ordering=InReadersLanguage("label"))
    def name(self, reason: Reason) -> str:
        return reason.label_in()

    @admin.display(description=_("customers read"))
    def preview_line(self, reason: Reason) -> str:
        language = languages.active()
        return f"… {CauseWriting.of(language).filled(str(reason.wording))}"

    @admin.display(description=_("details"), ordering="is_private")
    def privacy(self, reason: Reason) -> str:
        return gettext("private") if reason.is_private else gettext("open")

    @admin.display(description=_("used"), ordering="rounds")
    def used(self, reason: Reason) -> SafeString | str:
        url = f"{reverse('admin:appointments_reschedulerequest_changelist')}?reason__id__exact={reason.pk}"
        return link(url, reason.rounds) if reason.rounds else "0"  # type: ignore[attr-defined]

    @admin.display(description=_("as a sentence"))
    def previews(self, reason: Reason) -> SafeString:
        sentences = [
            (code, CauseWriting.of(code).as_sentence(reason.wording.localize(code))) for code in languages.codes()
        ]
        lines = format_html_join("", '<p lang="{0}" data-preview="{0}">{1}</p>', sentences)
        example = gettext("With {provider}, {service} and {location} filled in for an example.")
        return format_html('<div class="previews">{}<p class="quiet">{}</p></div>', lines, example)

    def save_model(self, request: HttpRequest, obj: Reason, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for doubt in getattr(form, "doubts", ()):  # the list has a form of its own
            messages.warning(request, doubt)
