"""What is decided about messages that have waited since a restore."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.domain.messages.held import deciding
from appointments.domain.messages.held.deciding import Reason
from appointments.domain.messages.held.reading import Held
from appointments.forms.words import NoteForColleagues

LARGEST = 2**63 - 1
RELEASE, DROP = "release", "drop"


class LookForm(forms.Form):
    """Which of them are shown; what cannot be asked is not asked."""

    kind = forms.SlugField(required=False, max_length=60)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def asked(self) -> dict[str, Any]:
        self.full_clean()
        return {"kind": self.cleaned_data.get("kind") or "", "number": self.cleaned_data.get("page") or 1}


class HeldForm(forms.Form):
    """Ticked ones, or all of the list up to `newest`; to drop them takes a reason."""

    step = forms.ChoiceField(choices=[(RELEASE, RELEASE), (DROP, DROP)])
    every = forms.BooleanField(required=False)
    newest = forms.IntegerField(required=False, min_value=0, max_value=LARGEST, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Why it is dropped"),
        choices=[("", "–"), *Reason.choices],
        required=False,
        help_text=_(
            "Unless it had left, or they were told, a colleague phones them with the words and an hour to do it by."
            " Nobody is phoned about what is not so any more, or for a reminder."
        ),
    )
    note = NoteForColleagues(label=_("In your own words, if you like"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, kind: str = "") -> None:
        super().__init__(data)
        self._kind = kind
        ticked = self.data.getlist("message") if hasattr(self.data, "getlist") else []
        self.ticked = [int(one) for one in ticked if one.isascii() and one.isdigit() and len(one) < 19]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not (self.ticked or said.get("every")):
            self.add_error(None, _("Tick at least one message."))
        if said.get("every") and said.get("newest") is None:
            self.add_error(None, _("Open the page again: it does not say up to which message."))
        if said.get("step") == DROP and not said.get("reason"):
            self.add_error("reason", _("Say why: it stands beside each message and in the list of changes."))
        if said.get("step") == DROP and said.get("reason") == Reason.OTHER and not said.get("note"):
            self.add_error("note", _("Say which one."))
        return said

    def chosen(self) -> Held:
        if self.cleaned_data["every"]:
            return deciding.chosen(kind=self._kind, newest=self.cleaned_data["newest"])
        return deciding.chosen(pks=self.ticked)
