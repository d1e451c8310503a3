"""How long each kind of what is kept stays."""

from typing import Any

from django import forms

from appointments.domain.privacy.periods import choices, periods
from appointments.domain.privacy.sentences import span
from appointments.enums import DataKind


class KeepingForm(forms.Form):
    """A choice for each kind, with the one that holds now."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for kind, period in periods().items():
            offered = [(str(days), span(days)) for days in choices(kind, besides=period.days)]
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=offered, initial=str(period.days))

    def wanted(self) -> dict[DataKind, int]:
        """Days by kind, once it is valid."""
        return {kind: int(self.cleaned_data[kind.value]) for kind in periods()}
