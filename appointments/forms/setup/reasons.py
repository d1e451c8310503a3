"""Reasons: those that come with the product, ticked; and one in the business's own words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from appointments.domain.recovery import remarks
from appointments.domain.recovery.honesty import Gravity
from appointments.domain.recovery.wording import check, wording_of
from appointments.domain.setup import shipped
from appointments.models import Reason
from appointments.multilingual import WordsTextarea, in_language
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


class OwnReasonForm(ReasonForm):
    """The same on the pages of the settings."""

    class Meta(ReasonForm.Meta):
        model = Reason
        fields = ("label", "wording", "family", "fault", "about", "lasts", "is_private", "is_active")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sentence = CauseWriting.of(languages.active()).sentence.format(cause="…")
        self.fields["wording"].help_text = gettext(
            "Completes the sentence “%(sentence)s” You can use {provider}, {service} and {location}."
        ) % {"sentence": sentence}


class ShippedForm(forms.Form):
    """Those that the business does not have yet, all ticked: what is not needed is let go of now or later."""

    reasons = forms.MultipleChoiceField(
        label=_("Reasons"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick one reason at least, or leave this step out for now.")},
    )

    def __init__(self, data: Any = None) -> None:
        left = shipped.causes_left()
        super().__init__(data, initial={"reasons": [one.code for one in left]})
        self.fields["reasons"].choices = [  # type: ignore[attr-defined]
            (one.code, one.label_in(languages.active())) for one in left
        ]
        self.left = left

    def lines(self) -> list[tuple[Any, str, str]]:
        """Each box with the sentence as customers read it, and whose fault it says it is."""
        cause = CauseWriting.of(languages.active())
        said = {one.code: cause.as_sentence(one.wording_in(languages.active())) for one in self.left}
        faults = {one.code: str(one.fault.label) for one in self.left}
        return [(box, said[code], faults[code]) for box in self["reasons"] if (code := str(box.data["value"])) in said]
