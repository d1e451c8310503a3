"""The reasons: what managers call a cause, who answers for it, and the words customers read."""

import re
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import HouseAdmin, number_of
from appointments.admin.words import link
from appointments.models import Reason, RescheduleRequest

# Stems of words about health: a reason that uses one and is not private makes us ask, no more.
HEALTH = re.compile(
    r"\b(ill|illness|sick|sickness|flu|fever|covid|hospital\w*|surgery|pregnan\w*|maternity|injur\w*|disease|"
    r"sakit|demam|rawat inap|operasi|hamil|melahirkan|cedera|penyakit)\b",
    re.IGNORECASE,
)
SAMPLE = {
    "en": {"provider": "Dr. Ratna", "service": "Check-up", "location": "Melati Jakarta"},
    "id": {"provider": "Dr. Ratna", "service": "Pemeriksaan", "location": "Melati Jakarta"},
}
SENTENCES = {
    "en": "We cannot keep your appointment, because {cause}.",
    "id": "Janji temu Anda tidak dapat kami laksanakan karena {cause}.",
}
FALSE_STARTS = {"wording_en": ("because ",), "wording_id": ("karena ", "sebab ")}


class ReasonForm(forms.ModelForm):
    """The public wording completes a sentence, so it must neither begin nor end it."""

    class Meta:
        widgets: ClassVar = {
            "wording_en": forms.Textarea(attrs={"rows": 2, "data-sentence": SENTENCES["en"]}),
            "wording_id": forms.Textarea(attrs={"rows": 2, "data-sentence": SENTENCES["id"]}),
        }

    def clean_wording_en(self) -> str:
        return self._clause("wording_en")

    def clean_wording_id(self) -> str:
        return self._clause("wording_id")

    def _clause(self, name: str) -> str:
        text = " ".join(self.cleaned_data[name].split())
        if text.endswith((".", "!", "?")):
            raise ValidationError(gettext("Leave out the full stop: the message adds it."))
        for start in FALSE_STARTS[name]:
            if text.lower().startswith(start):
                raise ValidationError(
                    gettext("Leave out “%(word)s”: the message says it."), params={"word": start.strip()}
                )
        return text


@admin.register(Reason)
class ReasonAdmin(HouseAdmin):
    form = ReasonForm
    list_display = ("name", "family", "fault", "preview_line", "privacy", "used", "is_active", "position")
    list_editable = ("is_active", "position")
    list_filter = ("family", "fault", "is_private", "is_active")
    search_fields = ("label_en", "label_id", "wording_en", "wording_id", "code")
    ordering = ("position", "label_en")
    prepopulated_fields: ClassVar = {"code": ("label_en",)}
    readonly_fields = ("previews",)
    fieldsets = (
        (_("For colleagues"), {"fields": ("label_en", "label_id", "code", ("is_active", "position"))}),
        (_("What kind of cause"), {"fields": ("family", "fault")}),
        (
            _("What customers read"),
            {
                "fields": ("wording_en", "wording_id", "is_private", "previews"),
                "description": _(
                    "Messages already sent keep the words they were sent with; the new ones are used from now on."
                ),
            },
        ),
    )

    class Media:
        js = ("js/admin_reason.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reason]:
        return super().get_queryset(request).annotate(rounds=number_of(RescheduleRequest.objects.all(), "reason"))

    def get_readonly_fields(self, request: HttpRequest, obj: Reason | None = None) -> tuple[str, ...]:
        return ("code", *self.readonly_fields) if obj else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Reason | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    @admin.display(description=_("reason"), ordering="label_en")
    def name(self, reason: Reason) -> str:
        return reason.label_in()

    @admin.display(description=_("customers read"))
    def preview_line(self, reason: Reason) -> str:
        language = "id" if (get_language() or "").startswith("id") else "en"
        return f"… {sample(reason, language)}"

    @admin.display(description=_("details"), ordering="is_private")
    def privacy(self, reason: Reason) -> str:
        return gettext("private") if reason.is_private else gettext("open")

    @admin.display(description=_("used"), ordering="rounds")
    def used(self, reason: Reason) -> SafeString | str:
        url = f"{reverse('admin:appointments_reschedulerequest_changelist')}?reason__id__exact={reason.pk}"
        return link(url, reason.rounds) if reason.rounds else "0"  # type: ignore[attr-defined]

    @admin.display(description=_("as a sentence"))
    def previews(self, reason: Reason) -> SafeString:
        sentences = [(language, SENTENCES[language].format(cause=sample(reason, language))) for language in SENTENCES]
        lines = format_html_join("", '<p lang="{0}" data-preview="{0}">{1}</p>', sentences)
        example = gettext("With {provider}, {service} and {location} filled in for an example.")
        return format_html('<div class="previews">{}<p class="quiet">{}</p></div>', lines, example)

    def save_model(self, request: HttpRequest, obj: Reason, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not obj.is_private and HEALTH.search(f"{obj.wording_en} {obj.wording_id}"):
            messages.warning(
                request,
                gettext(
                    "The words of “%(reason)s” seem to speak about health. If they are about a colleague, "
                    "mark the details as private: customers then read only that a colleague is not available."
                )
                % {"reason": obj.label_in()},
            )


def sample(reason: Reason, language: str) -> str:
    """The public wording with an example filled in; as it stands while it cannot be filled in."""
    wording = reason.wording_id if language == "id" else reason.wording_en
    try:
        return wording.format_map(SAMPLE[language])
    except (ValueError, KeyError, IndexError, AttributeError):
        return wording
