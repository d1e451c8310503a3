"""What is written for practice: it is read by nobody but the check, and kept nowhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.domain.moving.limits import LONGEST_WORDS
from appointments.domain.recovery.practice import scoring
from appointments.domain.recovery.practice.scenarios import Scenario
from appointments.domain.recovery.practice.scoring import Worked
from appointments.enums import ApologyLevel, Family


def _box(label: Any, *, rows: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(required=False, max_length=LONGEST_WORDS, label=label, widget=widget, **options)


class LetterPracticeForm(forms.Form):
    text = _box(_("Your message"), rows=12, help_text=_("From the greeting to the signature."))


class ComplaintPracticeForm(forms.Form):
    """All five steps on one page. `worked()` is what `scoring.of_complaint` takes."""

    cost = _box(_("What it cost the customer"), rows=2)
    apology = forms.TypedChoiceField(
        required=False,
        label=_("How we say sorry"),
        choices=ApologyLevel.choices,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    cause = forms.ChoiceField(
        required=False, label=_("Why it came to that"), choices=Family.choices, widget=forms.RadioSelect
    )
    learned = _box(_("What we change, so that it happens less"), rows=2)

    def __init__(self, data: Any = None, *, scenario: Scenario) -> None:
        super().__init__(data)
        self.sentences = scoring.sentences(scenario)
        for number, words in enumerate(self.sentences):
            self.fields[f"point{number}"] = forms.BooleanField(required=False, label=words)
            self.fields[f"reply{number}"] = _box(_("Your answer to “%(words)s”") % {"words": words}, rows=2)

    @property
    def points(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each sentence: whether it waits for an answer, and the answer."""
        return [(self[f"point{number}"], self[f"reply{number}"]) for number in range(len(self.sentences))]

    def worked(self) -> Worked:
        data = self.cleaned_data
        ticked = [number for number in range(len(self.sentences)) if data[f"point{number}"]]
        return Worked(
            replies={self.sentences[number]: data[f"reply{number}"] for number in ticked},
            cost=data["cost"],
            apology=ApologyLevel(data["apology"]) if data["apology"] else None,
            cause=Family(data["cause"]) if data["cause"] else None,
            learned=data["learned"],
        )
