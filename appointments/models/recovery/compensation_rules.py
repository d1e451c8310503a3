"""What we give when a move was our doing: by which table, and within which limits."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from djmoney.models.fields import MoneyField

from appointments.enums import ApologyLevel, Benefit, BudgetPeriod, Fault, TableState
from appointments.models.business import Location
from appointments.models.catalogue import Service
from appointments.multilingual import WordsField
from notifications.text import languages

LONGEST_VALID = 730


def _amount(label: object, **options: object) -> MoneyField:
    # The currency is the business's, so the choice of all there are is no part of the table.
    return MoneyField(label, max_digits=14, decimal_places=2, default_currency="IDR", currency_choices=None, **options)


class Gives(models.Model):
    """What somebody gets: an amount, a share, or a thing in words; and what it costs us about."""

    benefit = models.CharField(_("what we give"), max_length=8, choices=Benefit, default=Benefit.MONEY)
    amount = _amount(_("amount"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(
        _("per cent"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    words = WordsField(
        _("what it is"), max_length=120, blank=True, help_text=_("For instance: a free skin check; the call-out fee.")
    )
    worth = _amount(
        _("costs us about"),
        default=Decimal(0),
        help_text=_("Counts against the budget and for who may grant it. Of an amount it is the amount."),
    )

    class Meta:
        abstract = True

    @property
    def value(self) -> float:
        """What it is worth, without the currency."""
        return float(self.worth.amount)

    def words_in(self, language: str | None = None) -> str:
        return str(self.words.localize(language or languages.active()))


def gives_what_it_says(name: str) -> models.CheckConstraint:
    """An amount for money, a share for per cent, and neither for anything else."""
    money, percent = Q(benefit=Benefit.MONEY), Q(benefit=Benefit.PERCENT)
    return models.CheckConstraint(
        name=name,
        condition=((money & Q(amount__gt=0, amount=models.F("worth"))) | (~money & Q(amount__isnull=True)))
        & ((percent & Q(percent__gte=1, percent__lte=100)) | (~percent & Q(percent__isnull=True)))
        & Q(worth__gte=0),
    )


class CompensationTable(models.Model):
    """What we give, in which case, from one day on. It is drafted, tried on the past, put in force and replaced as a
    whole; what was once in force stays as it was (a trigger, migration 0028), since offers were made by it.
    """

    title = models.CharField(_("what is new in it"), max_length=120)
    state = models.CharField(_("state"), max_length=8, choices=TableState, default=TableState.DRAFT, editable=False)
    since = models.DateTimeField(_("in force since"), null=True, blank=True, editable=False)
    until = models.DateTimeField(_("in force until"), null=True, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects: ClassVar[models.Manager["CompensationTable"]] = models.Manager()

    class Meta:
        verbose_name = _("table of what we give")
        verbose_name_plural = _("tables of what we give")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                name="compensation_one_table_in_force", fields=("state",), condition=Q(state=TableState.IN_FORCE)
            ),
            models.CheckConstraint(
                name="compensation_table_state_by_dates",
                condition=Q(state=TableState.DRAFT, since__isnull=True, until__isnull=True)
                | Q(state=TableState.IN_FORCE, since__isnull=False, until__isnull=True)
                | Q(state=TableState.PAST, since__isnull=False, until__gte=models.F("since")),
            ),
        )

    def __str__(self) -> str:
        return self.title


class CompensationRule(Gives):
    """One row of a table: whom it is for, and what they get. The first row that fits, in order, is the one."""

    table = models.ForeignKey(
        CompensationTable, on_delete=models.CASCADE, related_name="rules", verbose_name=_("table")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    fault = models.CharField(_("fault"), max_length=10, choices=Fault, default=Fault.OURS)
    notice_hours = models.PositiveSmallIntegerField(
        _("told later than (hours before)"), null=True, blank=True, help_text=_("Empty: however early.")
    )
    wait_days = models.PositiveSmallIntegerField(
        _("new time later by (days)"), null=True, blank=True, help_text=_("At least so many. Empty: however soon.")
    )
    moves = models.PositiveSmallIntegerField(
        _("from the … move"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Of this customer by us within a year. 1: the first already."),
    )
    service = models.ForeignKey(
        Service,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
        help_text=_("Empty: all."),
    )
    apology = models.PositiveSmallIntegerField(
        _("apology"), choices=ApologyLevel, default=ApologyLevel.RESPONSIBLE, help_text=_("At least this much.")
    )
    valid_days = models.PositiveSmallIntegerField(
        _("can be used for (days)"),
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_VALID)],
    )

    objects: ClassVar[models.Manager["CompensationRule"]] = models.Manager()

    class Meta:
        verbose_name = _("row")
        verbose_name_plural = _("rows")
        ordering = ("position", "pk")
        constraints = (gives_what_it_says("compensation_rule_gives_what_it_says"),)

    def __str__(self) -> str:
        return f"{self.get_fault_display()} · {self.get_benefit_display()}"


class CompensationBudget(models.Model):
    """What is set aside for a while, for one place or for all. What goes beyond it needs a second colleague."""

    location = models.OneToOneField(
        Location,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("location"),
        help_text=_("Empty: all together."),
    )
    period = models.CharField(_("for"), max_length=8, choices=BudgetPeriod, default=BudgetPeriod.MONTH)
    limit = _amount(_("set aside"))

    objects: ClassVar[models.Manager["CompensationBudget"]] = models.Manager()

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints = (
            models.UniqueConstraint(
                name="compensation_one_budget_for_all", fields=("period",), condition=Q(location__isnull=True)
            ),
            models.CheckConstraint(name="compensation_budget_positive", condition=Q(limit__gte=0)),
        )

    def __str__(self) -> str:
        return f"{self.location or _('all places')} · {self.get_period_display()}"


class CompensationAuthority(models.Model):
    """Up to which worth somebody of a role gives something by their own decision."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="+", verbose_name=_("role"))
    most = _amount(_("up to"))

    objects: ClassVar[models.Manager["CompensationAuthority"]] = models.Manager()

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        constraints = (models.CheckConstraint(name="compensation_authority_positive", condition=Q(most__gte=0)),)

    def __str__(self) -> str:
        return str(self.group)
