"""A file to bring in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments.domain.imports.page.uploads import LARGEST, MEGABYTES

ACCEPTED = ".csv,.txt,.tsv,.xlsx,.xls,.ods,.ics,.ical,text/csv,text/calendar"


class UploadForm(forms.Form):
    """`is_too_large` when the server has stopped reading the file."""

    file = forms.FileField(
        label=_lazy("File"),
        max_length=500,
        allow_empty_file=True,
        error_messages={"required": _lazy("Choose a file first."), "invalid": _lazy("Choose a file first.")},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, is_too_large: bool = False) -> None:
        super().__init__(data, files)
        if is_too_large:
            self.fields["file"].error_messages["required"] = _too_large()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_too_large())
        return file


def _too_large() -> str:
    return _("The file is larger than %(limit)d MB. Please import it in parts.") % {"limit": MEGABYTES}
