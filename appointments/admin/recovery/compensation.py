"""What we give: tables of rules, budgets, who may give how much, and each thing that was given."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from appointments.admin.base import FactsAdmin, FoundByCustomer, HouseAdmin
from appointments.admin.display import badge, desk_page, link, moment, person
from appointments.domain.compensation import words
from appointments.enums import Benefit, CompensationState, Fault, TableState
from appointments.exports import wall_time
from appointments.models import (
    Business,
    Compensation,
    CompensationAuthority,
    CompensationBudget,
    CompensationRule,
    CompensationTable,
)
from appointments.roles import MAY_WORK_AT_THE_DESK


class InOurCurrency(forms.ModelForm):
    """Amounts of `AMOUNTS` are typed as figures, in the currency of the business."""

    AMOUNTS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        currency = Business.current().currency
        for name in self.AMOUNTS:
            if name in self.fields:
                value = getattr(self.instance, name)
                self.initial[name] = value.amount.normalize() if value is not None else None
                self.fields[name].help_text = f"{currency}. {self.fields[name].help_text}".strip()
        self._currency = currency

    def _post_clean(self) -> None:
        """Before the model is filled in: figures become money."""
        for name in self.AMOUNTS:
            if isinstance(self.cleaned_data.get(name), Decimal):
                self.cleaned_data[name] = Money(self.cleaned_data[name], self._currency)
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, for what needs all fields


def figures(**options: Any) -> forms.DecimalField:
    return forms.DecimalField(min_value=0, max_digits=14, decimal_places=2, **options)


class RuleForm(InOurCurrency):
    """Only what belongs to the benefit is kept; what is missing for it is said at its field."""

    AMOUNTS = ("amount", "worth")
    amount = figures(required=False, label=_("amount"))
    worth = figures(required=False, label=_("costs us about"))
    fault = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (Fault.OURS, Fault.NOBODY)], label=_("fault"), initial=Fault.OURS
    )

    class Meta:
        model = CompensationRule
        fields = (
            "position", "fault", "notice_hours", "wait_days", "moves", "service", "apology", "benefit", "amount",
            "percent", "words", "worth", "valid_days",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        benefit = data.get("benefit")
        if benefit == Benefit.MONEY:
            data["worth"] = data.get("amount")
        name = Benefit(benefit).needs if benefit else ""
        if name and not self.errors.get(name) and not _said(data.get(name)):
            self.add_error(name, gettext("Fill this in: it is what the customer gets."))
        for other in ("amount", "percent"):
            if other != name:
                data[other] = None
        data["worth"] = Decimal(0) if benefit == Benefit.NOTHING else data.get("worth")
        if data["worth"] is None and name != "amount":
            self.add_error("worth", gettext("Say about how much it costs us: it counts against the budget."))
        return data


def _said(value: Any) -> bool:
    """Whether anything stands there; of words in several languages, in each of them."""
    return all(value.data.values()) if hasattr(value, "data") and isinstance(value.data, dict) else bool(value)


class RuleInline(admin.StackedInline):
    model = CompensationRule
    form = RuleForm
    extra = 0
    fieldsets = (
        (None, {"fields": (("position", "fault"), ("notice_hours", "wait_days", "moves"), "service")}),
        (None, {"fields": (("benefit", "apology"), ("amount", "percent"), "words", ("worth", "valid_days"))}),
    )

    def has_add_permission(self, request: HttpRequest, obj: CompensationTable | None = None) -> bool:
        return _is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: CompensationTable | None = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: CompensationTable | None = None) -> bool:
        return _is_draft(obj) and super().has_delete_permission(request, obj)


def _is_draft(table: CompensationTable | None) -> bool:
    return table is None or table.state == TableState.DRAFT


@admin.register(CompensationTable)
class CompensationTableAdmin(HouseAdmin):
    list_display = ("title", "state_word", "since_word", "until_word", "tried")
    fields = ("title", "state_word", "since_word", "until_word", "tried")
    readonly_fields = ("state_word", "since_word", "until_word", "tried")
    inlines = (RuleInline,)

    def has_change_permission(self, request: HttpRequest, obj: CompensationTable | None = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: CompensationTable | None = None) -> tuple[str, ...]:
        return self.readonly_fields

    def save_model(self, request: HttpRequest, obj: CompensationTable, form: Any, change: bool) -> None:
        if not change:
            obj.made_by = request.user if isinstance(request.user, User) else None
        super().save_model(request, obj, form, change)

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, table: CompensationTable) -> SafeString:
        kind = {TableState.DRAFT: "held", TableState.IN_FORCE: "good"}.get(TableState(table.state), "quiet")
        return badge(table.state, table.get_state_display(), kind)

    @admin.display(description=_("in force since"), ordering="since")
    def since_word(self, table: CompensationTable) -> str:
        return moment(table.since)

    @admin.display(description=_("in force until"), ordering="until")
    def until_word(self, table: CompensationTable) -> str:
        return moment(table.until)

    @admin.display(description=_("on the past"))
    def tried(self, table: CompensationTable) -> SafeString | str:
        if table._state.adding:
            return gettext("Once it is saved: what it would have cost.")
        return link(reverse("admin:compensation-tried", args=[table.pk]), gettext("What it would have cost"))


class BudgetForm(InOurCurrency):
    AMOUNTS = ("limit",)
    limit = figures(label=_("set aside"))

    class Meta:
        model = CompensationBudget
        fields = ("location", "period", "limit")


@admin.register(CompensationBudget)
class CompensationBudgetAdmin(HouseAdmin):
    form = BudgetForm
    list_display = ("__str__", "limit_word")
    list_select_related = ("location",)

    @admin.display(description=_("set aside"), ordering="limit")
    def limit_word(self, row: CompensationBudget) -> str:
        return words.money(row.limit)


class AuthorityForm(InOurCurrency):
    AMOUNTS = ("most",)
    most = figures(label=_("up to"))

    class Meta:
        model = CompensationAuthority
        fields = ("group", "most")


@admin.register(CompensationAuthority)
class CompensationAuthorityAdmin(HouseAdmin):
    form = AuthorityForm
    list_display = ("group", "most_word")
    list_select_related = ("group",)

    @admin.display(description=_("up to"), ordering="most")
    def most_word(self, row: CompensationAuthority) -> str:
        return words.money(row.most)


@admin.register(Compensation)
class CompensationAdmin(FoundByCustomer, FactsAdmin):
    list_display = ("code", "customer", "what", "costs", "state_word", "made", "used", "cause")
    list_filter = ("state", "benefit", "cause", "appointment__location", "rule__table")
    date_hierarchy = "made_at"
    search_fields = ("code",)
    fieldsets = (
        (None, {"fields": ("code", "state_word", "customer", "appointment_link", "what", "costs", "cause", "rule")}),
        (None, {"fields": ("made", "made_by_name", "decided_by_name", "valid", "used", "redeemed_by_name", "note")}),
    )
    export_name = "compensations"
    export_columns = (
        (_("code"), lambda row: row.code),
        (_("customer"), lambda row: row.appointment.customer.name),
        (_("location"), lambda row: row.appointment.location.name),
        (_("what we give"), words.said),
        (_("costs us about"), lambda row: row.worth.amount),
        (_("currency"), lambda row: row.worth.currency.code),
        (_("state"), lambda row: row.get_state_display()),
        (_("cause"), lambda row: str(row.cause or "")),
        (_("made"), lambda row: wall_time(row.made_at, row.appointment.location.zone)),
        (_("used at"), lambda row: wall_time(row.redeemed_at, row.appointment.location.zone)),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Compensation]:
        found: QuerySet[Compensation] = Compensation.objects.for_display().select_related("rule")
        return found.order_by("-made_at", "-pk")

    def get_fieldsets(self, request: HttpRequest, obj: Compensation | None = None) -> Any:
        main, *others = super().get_fieldsets(request, obj)
        if not request.user.has_perm(MAY_WORK_AT_THE_DESK):
            return [main, *others]
        return [(main[0], {**main[1], "fields": (*main[1]["fields"], "desk")}), *others]

    @admin.display(description=_("customer"), ordering="appointment__customer__name")
    def customer(self, row: Compensation) -> str:
        return row.appointment.customer.name

    @admin.display(description=_("what we give"), ordering="benefit")
    def what(self, row: Compensation) -> str:
        return words.said(row)

    @admin.display(description=_("costs us about"), ordering="worth")
    def costs(self, row: Compensation) -> str:
        return words.money(row.worth)

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, row: Compensation) -> SafeString:
        kind = {CompensationState.ISSUED: "good", CompensationState.WAITING: "warn"}
        return badge(row.state, row.get_state_display(), kind.get(CompensationState(row.state), "quiet"))

    @admin.display(description=_("made"), ordering="made_at")
    def made(self, row: Compensation) -> str:
        return moment(row.made_at, row.appointment.location.zone)

    @admin.display(description=_("can be used until"), ordering="valid_until")
    def valid(self, row: Compensation) -> str:
        return moment(row.valid_until, row.appointment.location.zone)

    @admin.display(description=_("used at"), ordering="redeemed_at")
    def used(self, row: Compensation) -> str:
        return moment(row.redeemed_at, row.appointment.location.zone)

    @admin.display(description=_("by"))
    def made_by_name(self, row: Compensation) -> str:
        return person(row.made_by)

    @admin.display(description=_("decided by"))
    def decided_by_name(self, row: Compensation) -> str:
        return person(row.decided_by)

    @admin.display(description=_("taken by"))
    def redeemed_by_name(self, row: Compensation) -> str:
        return person(row.redeemed_by)

    @admin.display(description=_("appointment"))
    def appointment_link(self, row: Compensation) -> SafeString:
        return link(reverse("admin:appointments_appointment_change", args=[row.appointment_id]), row.appointment)

    @admin.display(description=_("at the desk"))
    def desk(self, row: Compensation) -> SafeString:
        return link(desk_page("code", row.pk), gettext("To the code"))
