"""What we give: decided by hand for a complaint, granted by a second colleague, and taken at the desk by its code."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from djmoney.money import Money
from i18nfield.strings import LazyI18nString

from appointments.domain.compensation.giving import Gift
from appointments.enums import Benefit
from appointments.forms.words import NoteForColleagues
from notifications.text import languages

KINDS = [(one.value, one.label) for one in (Benefit.MONEY, Benefit.PERCENT, Benefit.EXTRA, Benefit.FEE)]
LARGEST = Decimal(999999999999)


class CodeForm(forms.Form):
    """A code as somebody at the desk hears or reads it."""

    code = forms.CharField(
        max_length=20,
        label=gettext_lazy("Code"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class RedeemForm(forms.Form):
    """Taking a code; what it was used for, if somebody wants to say it."""

    note = NoteForColleagues(required=False, max_length=250, label=gettext_lazy("What for (number of the bill, …)"))


class RefuseForm(forms.Form):
    note = NoteForColleagues(
        max_length=250,
        label=gettext_lazy("Why not"),
        error_messages={"required": gettext_lazy("Write in a few words why not, for whoever asked for it.")},
    )


class GiftFields(forms.Form):
    """What the customer gets, beside the answer to a point. `currency` is the business's."""

    benefit = forms.ChoiceField(required=False, label=gettext_lazy("What we give"), choices=KINDS)
    amount = forms.DecimalField(
        required=False, min_value=0, max_value=LARGEST, decimal_places=2, label=gettext_lazy("Amount")
    )
    percent = forms.IntegerField(required=False, min_value=1, max_value=100, label=gettext_lazy("Per cent"))
    words = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("What it is, as it completes “You receive …”"),
        help_text=gettext_lazy("For instance: a free skin check; no fee for the visit."),
    )
    worth = forms.DecimalField(
        required=False,
        min_value=0,
        max_value=LARGEST,
        decimal_places=2,
        label=gettext_lazy("Costs us about"),
        help_text=gettext_lazy("Counts against the budget, and for who may grant it. Of an amount it is the amount."),
    )

    currency = ""

    def gift_of(self, cleaned: dict[str, Any]) -> Gift | None:
        """What was filled in, once nothing is missing; else None, with the faults said at the fields."""
        benefit = Benefit(cleaned.get("benefit") or Benefit.MONEY)
        missing = [benefit.needs] if not cleaned.get(benefit.needs) else []
        if benefit != Benefit.MONEY and cleaned.get("worth") is None:
            missing.append("worth")
        for name in missing:
            if name not in self.errors:
                self.add_error(name, _("Fill this in: it is what the customer gets, or what it costs us."))
        if missing or self.errors:
            return None
        worth = cleaned["amount"] if benefit == Benefit.MONEY else cleaned["worth"]
        words = {code: cleaned.get("words", "") for code in languages.codes()} if benefit.needs == "words" else {}
        return Gift(
            benefit=benefit,
            worth=Money(worth, self.currency),
            amount=Money(worth, self.currency) if benefit == Benefit.MONEY else None,
            percent=cleaned["percent"] if benefit == Benefit.PERCENT else None,
            words=LazyI18nString(words),
        )
