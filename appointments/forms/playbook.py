"""Writing a solution, saying what one thinks of it, and taking one for a move or a complaint."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from appointments.domain.recovery import remarks
from appointments.domain.recovery.honesty import Gravity
from appointments.domain.recovery.playbook import judging
from appointments.domain.recovery.playbook.writing import GOOD_FOR
from appointments.enums import UsedBy
from appointments.forms.words import NoteForColleagues
from appointments.models import AnotherWay, Reason, Service, Solution, SolutionVersion
from appointments.models.playbook import TEXTS
from appointments.multilingual import WordsTextarea, in_language
from notifications.text import languages

LONGEST_COMMENT = 1000


class ShelfForm(forms.Form):
    """What is looked for."""

    q = forms.CharField(required=False, max_length=100, label=_("Search"), widget=forms.TextInput({"type": "search"}))
    reason = forms.ModelChoiceField(
        Reason.objects.filter(is_active=True), required=False, label=_("Reason"), empty_label=_("every reason")
    )
    due = forms.BooleanField(required=False, label=_("only those to be looked over"))


class SolutionForm(forms.ModelForm):
    """A solution in every language. `doubts`: what may be meant as it stands, and is said once it is kept."""

    reasons = forms.ModelMultipleChoiceField(
        Reason.objects.filter(is_active=True),
        required=False,
        label=_("For which reasons"),
        help_text=_("None ticked: for every reason."),
        widget=forms.CheckboxSelectMultiple,
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.filter(is_active=True),
        required=False,
        label=_("For which services"),
        help_text=_("None ticked: for every service."),
        widget=forms.CheckboxSelectMultiple,
    )
    used_by = forms.ChoiceField(label=_("Who may use it"), choices=UsedBy.choices, widget=forms.RadioSelect)
    review_by = forms.DateField(
        label=_("To be looked over by"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = SolutionVersion
        fields = TEXTS
        widgets: ClassVar = {name: WordsTextarea for name in TEXTS if name != "title"}

    def __init__(
        self, data: Any = None, *, solution: Solution | None, today: date, learned: AnotherWay | None = None
    ) -> None:
        """`learned`: what a colleague did instead, from which a new solution begins."""
        self.doubts: list[str] = []
        self.today = today
        newest = solution.versions.order_by("-number").first() if solution else None
        super().__init__(data, instance=newest, initial=_first_values(solution, today=today, learned=learned))

    def clean_review_by(self) -> date:
        chosen: date = self.cleaned_data["review_by"]
        if chosen <= self.today:
            raise forms.ValidationError(_("Choose a day to come."))
        return chosen

    def _post_clean(self) -> None:
        """Reads what is typed; what the row says already is never changed, so it is not filled in."""
        reasons = list(self.cleaned_data.get("reasons") or ())
        for name in TEXTS:
            texts = getattr(self.cleaned_data.get(name), "data", {})
            said = judging.of_words(texts, reasons=reasons) if name == "words" else judging.of_notes(texts)
            for code, finding in said:
                words = in_language(code, remarks.said(finding, reads=code))
                if finding.gravity == Gravity.REFUSED:
                    self.add_error(name, words)
                else:
                    self.doubts.append(words)

    def written(self) -> dict[str, Any]:
        """What `writing.write` takes of it."""
        data = self.cleaned_data
        texts: Mapping[str, Any] = {name: data[name] for name in TEXTS}
        return {
            "texts": texts,
            "reasons": data["reasons"],
            "services": data["services"],
            "used_by": UsedBy(data["used_by"]),
            "review_by": data["review_by"],
        }


def _first_values(solution: Solution | None, *, today: date, learned: AnotherWay | None) -> dict[str, Any]:
    if solution is None:
        begun = {"used_by": UsedBy.DESK, "review_by": today + GOOD_FOR}
        if learned is not None:
            begun |= {"steps": LazyI18nString({languages.active(): learned.words}), "reasons": [learned.reason]}
        return begun
    later = max(solution.review_by, today + GOOD_FOR)
    return {
        "reasons": solution.reasons.all(),
        "services": solution.services.all(),
        "used_by": solution.used_by,
        "review_by": later,
    }


class CommentForm(forms.Form):
    words = NoteForColleagues(
        max_length=LONGEST_COMMENT,
        label=_("What the others should know"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what the others should know.")},
    )


class UsesSolutions(forms.Form):
    """Beside what is written stands which solutions were used for it: ticked in the menu (`playbook/_menu.html`)."""

    solutions = forms.ModelMultipleChoiceField(
        SolutionVersion.objects.select_related("solution"), required=False, widget=forms.MultipleHiddenInput
    )
    instead = NoteForColleagues(
        required=False,
        max_length=600,
        label=_("I do it in another way: how, and why?"),
        help_text=_("For colleagues only. Whoever writes the playbook reads it, so that others learn from it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def ticked(self) -> set[str]:
        return {str(one) for one in self["solutions"].value() or ()}

    @property
    def has_used(self) -> bool:
        """Whether the menu was used: then it stands open."""
        return bool(self.ticked or self["instead"].value() or self["instead"].errors)
