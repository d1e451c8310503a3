"""A manager's quiet note on repeated misuse, on the page of a customer: to others it is not there."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.display import person
from appointments.domain.recovery.patterns import LONGEST, USUAL
from appointments.forms.words import NoteForColleagues
from appointments.models import Customer, MisuseNote


class MisuseForm(forms.ModelForm):
    why = NoteForColleagues(
        max_length=500,
        label=_("What happened, and how often"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Facts, with their days. Nothing follows from it by itself, and nobody else reads it."),
    )

    class Meta:
        model = MisuseNote
        fields = ("why", "expires_on")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "expires_on" in self.fields:
            self.initial.setdefault("expires_on", timezone.localdate() + USUAL)

    def clean_expires_on(self) -> Any:
        day, today = self.cleaned_data["expires_on"], timezone.localdate()
        if not today < day <= today + LONGEST:
            raise ValidationError(gettext("Choose a day from tomorrow on, within a year."))
        return day

    def save(self, commit: bool = True) -> Any:
        self.instance.made_on = timezone.localdate()
        return super().save(commit=commit)

    def has_changed(self) -> bool:
        """The day alone, which is filled in beforehand, is no note."""
        return "why" in self.changed_data


class MisuseInline(admin.StackedInline):
    """To be written and taken back, never rewritten: what was meant then stands."""

    model = MisuseNote
    form = MisuseForm
    extra = 0
    fields: ClassVar = (("why", "expires_on"), ("made_on", "writer"))
    readonly_fields: ClassVar = ("made_on", "writer")
    verbose_name_plural = _("Repeated misuse (managers only; nobody is refused because of it)")

    @admin.display(description=_("by"))
    def writer(self, note: MisuseNote) -> str:
        return person(note.made_by) if note.pk else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[MisuseNote]:
        return super().get_queryset(request).filter(expires_on__gte=timezone.localdate()).select_related("made_by")

    def has_change_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        return False
