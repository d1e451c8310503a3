"""What could not take place, whom it hit, and what became of each of them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import FactsAdmin, number_of
from appointments.admin.display import FactsTable, badge, link, moment, person
from appointments.domain import affected
from appointments.enums import AppointmentState
from appointments.exports import wall_time
from appointments.models import AffectedAppointment, Disruption

MOST_SHOWN = 200


@admin.register(Disruption)
class DisruptionAdmin(FactsAdmin):
    list_display = ("what", "place", "since", "until", "why", "known_from", "hit", "waiting", "entered")
    list_filter = ("source", "scope", "location", "reason")
    date_hierarchy = "starts_at"
    search_fields = ("note", "resources__name")
    ordering = ("-starts_at", "-pk")
    fieldsets = (
        (None, {"fields": ("what", "place", "since", "until", "why", "known_from", "note")}),
        (_("Who"), {"fields": ("entered", "called_off")}),
    )
    export_name = "disruptions"
    export_columns = (
        (_("what"), lambda row: what_of(row)),
        (_("location"), lambda row: row.location.name),
        (_("time zone"), lambda row: row.location.zone),
        (_("from"), lambda row: wall_time(row.starts_at, row.location.zone)),
        (_("until"), lambda row: wall_time(row.ends_at, row.location.zone)),
        (_("reason"), lambda row: str(row.reason or "")),
        (_("known from"), lambda row: row.get_source_display()),
        (_("hit"), lambda row: row.n_hit),
        (_("still to move"), lambda row: row.n_waiting),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Disruption]:
        found = Disruption.objects.select_related("location", "reason", "declared_by", "appointment__customer")
        counted = found.prefetch_related("resources").annotate(
            n_hit=number_of(AffectedAppointment.objects.all(), "disruption"),
            n_waiting=number_of(affected.to_move(), "disruption"),
        )
        return counted.order_by(*self.ordering)

    @admin.display(description=_("what"))
    def what(self, row: Disruption) -> str:
        return what_of(row)

    @admin.display(description=_("location"), ordering="location__name")
    def place(self, row: Disruption) -> str:
        return row.location.name

    @admin.display(description=_("from"), ordering="starts_at")
    def since(self, row: Disruption) -> str:
        return moment(row.starts_at, row.location.zone)

    @admin.display(description=_("until"), ordering="ends_at")
    def until(self, row: Disruption) -> str:
        return moment(row.ends_at, row.location.zone) if row.ends_at else gettext("not known")

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, row: Disruption) -> str:
        return str(row.reason or "–")

    @admin.display(description=_("known from"), ordering="source")
    def known_from(self, row: Disruption) -> str:
        return row.get_source_display()

    @admin.display(description=_("hit"), ordering="n_hit")
    def hit(self, row: Any) -> int:
        return int(row.n_hit)

    @admin.display(description=_("still to move"), ordering="n_waiting")
    def waiting(self, row: Any) -> SafeString | int:
        return badge("waiting", row.n_waiting, "bad") if row.n_waiting else 0

    @admin.display(description=_("entered by"), ordering="declared_at")
    def entered(self, row: Disruption) -> str:
        return f"{person(row.declared_by)}, {moment(row.declared_at, row.location.zone)}"

    @admin.display(description=_("called off"))
    def called_off(self, row: Disruption) -> str:
        return moment(row.ended_at, row.location.zone)

    def facts(self, obj: Disruption) -> list[FactsTable]:
        rows = obj.affected.select_related("appointment__customer", "appointment__service", "kept_by")
        waiting = set(affected.to_move().filter(disruption=obj).values_list("pk", flat=True))
        moving = set(AffectedAppointment.objects.unsettled().filter(disruption=obj).values_list("pk", flat=True))
        return [
            FactsTable(
                title=gettext("Whom it hits"),
                head=(gettext("appointment"), gettext("found"), gettext("what became of it")),
                rows=[
                    (
                        link(
                            reverse("admin:appointments_appointment_change", args=[row.appointment_id]), row.appointment
                        ),
                        moment(row.found_at, obj.location.zone),
                        outcome_of(row, is_waiting=row.pk in waiting, is_moving=row.pk in moving),
                    )
                    for row in rows[:MOST_SHOWN]
                ],
                empty=gettext("Nobody was booked in it."),
            )
        ]


def what_of(row: Disruption) -> str:
    """Who or what cannot be had, by name."""
    names = ", ".join(one.name for one in row.resources.all())
    return names or (row.appointment.customer.name if row.appointment else row.get_scope_display())


def outcome_of(row: AffectedAppointment, *, is_waiting: bool, is_moving: bool) -> str:
    """How it stands with one of those who were hit."""
    if row.kept_at:
        by = f" ({person(row.kept_by)})" if row.kept_by else ""
        return gettext("takes place as booked") + by
    if is_waiting:
        return gettext("still to move")
    if is_moving:
        return gettext("times are on offer")
    if row.appointment.state == AppointmentState.CANCELLED:
        return gettext("cancelled")
    return gettext("moved")
