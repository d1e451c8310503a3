"""The promise ledger: what we said we would do, by when, and whether we did. Never a comparison of people."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import FactsAdmin, FoundByCustomer
from appointments.admin.display import FactsTable, badge, link, moment, person
from appointments.domain import own_words
from appointments.enums import PromiseState
from appointments.exports import wall_time
from appointments.models import Promise

STATE_KINDS = {
    PromiseState.OPEN: "held",
    PromiseState.KEPT: "good",
    PromiseState.BROKEN: "bad",
    PromiseState.RELEASED: "quiet",
}


class OverdueFilter(admin.SimpleListFilter):
    title = _("in time")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("1", _("open and overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Promise]) -> QuerySet[Promise] | None:
        if self.value() != "1":
            return None
        return queryset.filter(state=PromiseState.OPEN, due_at__lt=timezone.now())


@admin.register(Promise)
class PromiseAdmin(FoundByCustomer, FactsAdmin):
    list_display = ("what", "customer", "due", "state_word", "owner_name", "settled", "how")
    list_display_links = ("what", "customer")
    list_filter = ("state", OverdueFilter, "kind", "appointment__location", "appointment__service")
    date_hierarchy = "due_at"
    search_fields = ("details", "outcome")
    ordering = ("-due_at", "-pk")
    fieldsets = (
        (None, {"fields": ("what", "appointment_link", "request_link", "about")}),
        (_("When"), {"fields": ("made", "due", "escalated", "state_word", "settled", "how")}),
        (_("Who"), {"fields": ("owner_name",)}),
    )
    export_name = "promises"
    export_columns = (
        (_("what"), lambda row: row.get_kind_display()),
        (_("customer"), lambda row: row.appointment.customer.name),
        (_("location"), lambda row: row.appointment.location.name),
        (_("time zone"), lambda row: row.appointment.location.zone),
        (_("made"), lambda row: wall_time(row.made_at, row.appointment.location.zone)),
        (_("due"), lambda row: wall_time(row.due_at, row.appointment.location.zone)),
        (_("state"), lambda row: row.get_state_display()),
        (_("settled"), lambda row: wall_time(row.settled_at, row.appointment.location.zone)),
        (_("how it was settled"), lambda row: own_words.noted(row.outcome)),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Promise]:
        found: QuerySet[Promise] = Promise.objects.for_display()
        return found.order_by(*self.ordering)

    @admin.display(description=_("what"), ordering="kind")
    def what(self, row: Promise) -> str:
        return row.get_kind_display()

    @admin.display(description=_("customer"), ordering="appointment__customer__name")
    def customer(self, row: Promise) -> str:
        return row.appointment.customer.name

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, row: Promise) -> str:
        return moment(row.due_at, row.appointment.location.zone)

    @admin.display(description=_("made"))
    def made(self, row: Promise) -> str:
        return moment(row.made_at, row.appointment.location.zone)

    @admin.display(description=_("settled"), ordering="settled_at")
    def settled(self, row: Promise) -> str:
        return moment(row.settled_at, row.appointment.location.zone)

    @admin.display(description=_("what about"))
    def about(self, row: Promise) -> str:
        return own_words.said(row.details) or "–"

    @admin.display(description=_("how it was settled"), ordering="outcome")
    def how(self, row: Promise) -> str:
        return own_words.noted(row.outcome) or "–"

    @admin.display(description=_("colleagues reminded"))
    def escalated(self, row: Promise) -> str:
        return moment(row.warned_at, row.appointment.location.zone)

    @admin.display(description=_("owner"))
    def owner_name(self, row: Promise) -> str:
        return person(row.owner)

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, row: Promise) -> SafeString:
        if row.is_overdue(timezone.now()):
            return badge("overdue", gettext("overdue"), "warn")
        return badge(row.state, row.get_state_display(), STATE_KINDS[PromiseState(row.state)])

    @admin.display(description=_("appointment"))
    def appointment_link(self, row: Promise) -> SafeString:
        return link(reverse("admin:appointments_appointment_change", args=[row.appointment_id]), row.appointment)

    @admin.display(description=_("proposal"))
    def request_link(self, row: Promise) -> SafeString | str:
        if row.request is None:
            return "–"
        words = gettext("proposal %(n)d") % {"n": row.request.round}
        return link(reverse("admin:appointments_reschedulerequest_change", args=[row.request_id]), words)

    def facts(self, request: HttpRequest, obj: Promise) -> list[FactsTable]:
        zone = obj.appointment.location.zone
        return [
            FactsTable(
                title=gettext("Phone calls"),
                head=(gettext("when"), gettext("by"), gettext("outcome"), gettext("note")),
                rows=[
                    (moment(call.at, zone), person(call.by), call.get_outcome_display(), call.note or "–")
                    for call in obj.calls.select_related("by")
                ],
                empty=gettext("Nobody has phoned about it."),
            )
        ]
