"""The words of what we give when a move was our doing."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Benefit(TextChoices):
    """What somebody gets, beside our word."""

    NOTHING = "nothing", pgettext_lazy("compensation", "nothing but our apology")
    MONEY = "money", _("an amount off the next bill")
    PERCENT = "percent", _("a share off the next bill")
    EXTRA = "extra", _("something extra, free of charge")
    FEE = "fee", _("a fee that we waive")

    @property
    def needs(self) -> str:
        """The field without which it says nothing; "" for nothing."""
        return {Benefit.MONEY: "amount", Benefit.PERCENT: "percent", Benefit.NOTHING: ""}.get(self, "words")


class TableState(TextChoices):
    """How far a table of what we give has come. Only a draft can be changed."""

    DRAFT = "draft", pgettext_lazy("compensation", "draft")
    IN_FORCE = "in_force", _("in force")
    PAST = "past", pgettext_lazy("compensation", "past")


class CompensationState(TextChoices):
    """How far what we give has come."""

    WAITING = "waiting", _("waits for a second colleague")
    ISSUED = "issued", _("can be used")
    REDEEMED = "redeemed", _("used")
    REFUSED = "refused", _("not granted")
    WITHDRAWN = "withdrawn", _("taken back")


GIVEN = (CompensationState.ISSUED, CompensationState.REDEEMED)
"""What a customer has in their hands, or has used."""


class BudgetPeriod(TextChoices):
    """For how long what is set aside has to last."""

    MONTH = "month", _("a month")
    QUARTER = "quarter", _("a quarter")
    YEAR = "year", _("a year")
