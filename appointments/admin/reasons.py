"""The reasons: what managers call a cause, who answers for it, and the words customers read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from appointments.admin.base import FoundByWords, HouseAdmin, number_of
from appointments.admin.display import link
from appointments.domain.recovery import remarks
from appointments.domain.recovery.honesty import Gravity
from appointments.domain.recovery.wording import check, wording_of
from appointments.models import Reason, RescheduleRequest
from appointments.multilingual import InReadersLanguage, WordsTextarea, in_each, in_language
from notifications.text import languages
from notifications.text.habits import habits


@dataclass(frozen=True)
class CauseWriting:
    """What a language knows about causes: the table `[cause]` of its habits. All of it may be missing."""

    sentence: str = "… {cause}."
    left_out: Sequence[str] = ()
    sample: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str) -> "CauseWriting":
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in habits(code).table("cause").items() if name in known})

    def as_sentence(self, wording: str) -> str:
        return self.sentence.format(cause=self.filled(wording))

    def filled(self, wording: str) -> str:
        """The wording with an example filled in; as it stands while it cannot be filled in."""
        try:
            return wording.format_map(self.sample)
        except (ValueError, KeyError, IndexError, AttributeError):
            return wording


class ReasonForm(forms.ModelForm):
    """The public wording completes a sentence, so it must neither begin nor end it; every language needs one.

    `doubts`: what may be meant as it stands, and is said once it is saved.
    """

    class Meta:
        widgets: ClassVar = {"wording": WordsTextarea}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.doubts: list[str] = []
        widget = self.fields["wording"].widget if "wording" in self.fields else None
        for code, box in zip(widget.locales, widget.widgets, strict=True) if widget else ():
            cause = CauseWriting.of(code)
            box.attrs |= {"data-sentence": cause.sentence, "data-sample": json.dumps(dict(cause.sample))}

    def _post_clean(self) -> None:
        """Reads the wording in each language against the kind of cause that it is for."""
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, for what needs all fields
        wording = self.cleaned_data.get("wording")
        for code, text in wording.data.items() if wording else ():
            for finding in check(text, facts=wording_of(self.instance, code)):
                said = in_language(code, remarks.said(finding, reads=code))
                if finding.gravity == Gravity.REFUSED:
                    self.add_error("wording", said)
                else:
                    self.doubts.append(said)

    def clean_wording(self) -> LazyI18nString:
        texts = {code: " ".join(text.split()) for code, text in self.cleaned_data["wording"].data.items()}
        missing = str(self.fields["wording"].error_messages["required"])
        said = [(code, _complaint(code, text) if text else missing) for code, text in texts.items()]
        complaints = [in_language(code, complaint) for code, complaint in said if complaint]
        if complaints:
            raise ValidationError(complaints)
        return LazyI18nString(texts)


def _complaint(code: str, text: str) -> str:
    """What would spoil the sentence that `text` completes, or ""."""
    if text.endswith((".", "!", "?")):
        return gettext("Leave out the full stop: the message adds it.")
    for word in CauseWriting.of(code).left_out:
        if text.lower().startswith(f"{word} "):
            return gettext("Leave out “%(word)s”: the message says it.") % {"word": word}
    return ""


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
        return super().get_queryset(request).annotate(rounds=number_of(RescheduleRequest.objects.all(), "reason"))

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
