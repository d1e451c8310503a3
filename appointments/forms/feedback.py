"""What a customer can send after a move."""

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.domain.moving.feedback import QUESTIONS
from appointments.domain.moving.limits import LONGEST_WORDS
from appointments.enums import Mood

CHOOSE = _("Please choose one of the five answers.")


class ScoreForm(forms.Form):
    question = forms.ChoiceField(choices=[(key, key) for key in QUESTIONS], error_messages={"invalid_choice": CHOOSE})
    score = forms.IntegerField(
        min_value=1, max_value=5, error_messages={"min_value": CHOOSE, "max_value": CHOOSE, "required": CHOOSE}
    )


class WordsForm(forms.Form):
    words = forms.CharField(max_length=LONGEST_WORDS, strip=True, required=False)


class HelpedForm(forms.Form):
    """Whether our answer to a complaint helped."""

    YES, NO = "yes", "no"

    helped = forms.ChoiceField(
        choices=[(YES, YES), (NO, NO)],
        error_messages={"required": _("Please choose yes or no."), "invalid_choice": _("Please choose yes or no.")},
    )

    def solved(self) -> bool:
        return bool(self.cleaned_data["helped"] == self.YES)


class MoodForm(forms.Form):
    """How somebody feels about it now that it is settled."""

    mood = forms.TypedChoiceField(
        choices=Mood,
        coerce=Mood,
        error_messages={
            "required": _("Please choose one of the three answers."),
            "invalid_choice": _("Please choose one of the three answers."),
        },
    )
