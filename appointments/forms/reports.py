"""What a report is asked for."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.domain.colleagues import Places, at
from appointments.domain.reports.facts import Dimension
from appointments.domain.reports.moves import FIRST_DAY, LAST_DAY
from appointments.domain.reports.reasons import Filters
from appointments.enums import Family, Fault
from appointments.models import Location, Reason, Service

USUAL = timedelta(days=89)
LONGEST = timedelta(days=366 * 5)


class PeriodForm(forms.Form):
    """A period; the usual one where nothing is said."""

    start = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, *, usual: tuple[date, date], **kwargs: Any) -> None:
        given = {name: data.get(name, "") for name in self.base_fields}
        given["start"] = given["start"] or usual[0].isoformat()
        given["end"] = given["end"] or usual[1].isoformat()
        super().__init__(given, **kwargs)
        for name in ("start", "end"):
            widget = self.fields[name].widget
            assert isinstance(widget, forms.DateInput)  # noqa: S101  tells the type checker
            widget.format = "%Y-%m-%d"  # what type=date wants, in every language
            self.fields[name].localize = False

    @classmethod
    def lately(cls, data: Any, *, today: date) -> "PeriodForm":
        """Of the last 90 days, where nothing is said."""
        return cls(data, usual=(today - USUAL, today))

    @classmethod
    def of_a_year(cls, data: Any, *, today: date) -> "PeriodForm":
        """Of this month and the eleven before it, where nothing is said."""
        return cls(data, usual=((today.replace(day=1) - timedelta(days=330)).replace(day=1), today))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end:
            if start > end:
                raise ValidationError(gettext("The first day is after the last one."))
            if start < FIRST_DAY or end > LAST_DAY or end - start > LONGEST:
                raise ValidationError(gettext("Please choose a period of at most five years."))
        return cleaned


class ReasonsReportForm(PeriodForm):
    """A period, a division, and what to leave out. Everything is optional: the last 90 days, by reason."""

    by = forms.ChoiceField(label=_("Divided by"), required=False, choices=Dimension.choices)
    location = forms.ModelChoiceField(
        label=_("Location"), required=False, queryset=Location.objects.all(), empty_label=_("all")
    )
    service = forms.ModelChoiceField(
        label=_("Service"), required=False, queryset=Service.objects.all(), empty_label=_("all")
    )
    family = forms.ChoiceField(label=_("Family"), required=False, choices=[("", _("all")), *Family.choices])
    fault = forms.ChoiceField(label=_("Fault"), required=False, choices=[("", _("all")), *Fault.choices])
    reason = forms.ModelChoiceField(
        label=_("Reason"), required=False, queryset=Reason.objects.all(), empty_label=_("all")
    )

    def __init__(self, data: Any, *, places: Places = None, **kwargs: Any) -> None:
        """`places`: what the reader may see of."""
        today = timezone.localdate()
        data = {name: data.get(name, "") for name in self.base_fields}
        data["by"] = data["by"] or Dimension.REASON.value
        super().__init__(data, usual=(today - USUAL, today), **kwargs)
        self._places = places
        own = at(Location.objects.all(), places, place="pk")
        cast(forms.ModelChoiceField, self.fields["location"]).queryset = own

    def filters(self) -> Filters:
        """Of a valid form."""
        values = self.cleaned_data
        keys = {name: values[name].pk if values[name] else None for name in ("reason", "service", "location")}
        return Filters(family=values["family"], fault=values["fault"], places=self._places, **keys)
