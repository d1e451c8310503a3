"""Who and what appointments occupy: members of staff, rooms and equipment, with their hours and absences."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import NATIVE, FoundByWords, number_of
from appointments.admin.capacity.conflicts import AbsenceForm
from appointments.admin.capacity.doors import DoorAdmin
from appointments.admin.capacity.hours import BreakInline, HoursInline, OnItsOwnClock
from appointments.domain.affected import WhatIsMissing
from appointments.enums import DisruptionScope
from appointments.models import Absence, Appointment, Location, Occupancy, Resource
from appointments.models.appointment import AppointmentQuerySet
from appointments.roles import MAY_CHANGE_THE_BUSINESS
from notifications.text.when import zone_name


class AbsenceInline(admin.StackedInline):
    model = Absence
    form = AbsenceForm
    formfield_overrides = NATIVE
    extra = 0
    fields = ("kind", "title", ("starts_at", "ends_at"), "rrule", "will_move")
    verbose_name_plural = _("Absences (why somebody is ill is never stored)")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The title of what is blocked at the desk is for who runs the business, not for whoever reads everything."""
        fields = super().get_fields(request, obj)
        may_read = request.user.has_perm(MAY_CHANGE_THE_BUSINESS)
        return fields if may_read else [one for one in fields if one != "title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Absence]:
        """Those that still matter: what is over is history, not work."""
        recent = timezone.now() - timedelta(days=30)
        return super().get_queryset(request).filter(Q(ends_at__gte=recent) | ~Q(rrule=""))


@admin.register(Resource)
class ResourceAdmin(FoundByWords, DoorAdmin, OnItsOwnClock):
    list_display = ("name", "kind", "location", "user", "coming", "position", "is_active")
    list_editable = ("position",)
    list_filter = ("kind", "location", "is_active")
    search_fields = ("name", "user__username", "user__last_name")
    list_select_related = ("location", "user")
    inlines = (HoursInline, BreakInline, AbsenceInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "kind",
                    "location",
                    "clock",
                    "user",
                    "most_a_day",
                    "upkeep_by",
                    ("is_active", "position"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resource]:
        coming = Occupancy.objects.filter(request__isnull=True, ends_at__gt=timezone.now())
        return super().get_queryset(request).annotate(booked=number_of(coming, "resource"))

    def get_readonly_fields(self, request: HttpRequest, obj: Resource | None = None) -> tuple[str, ...]:
        """What it is and where it stands do not change under its appointments: make another one instead."""
        return ("kind", "location", "clock") if obj else ("clock",)

    def zone_of(self, found: Resource) -> ZoneInfo:
        return found.location.tzinfo

    @admin.display(description=_("clock"))
    def clock(self, resource: Resource) -> str:
        if not resource.pk:
            return gettext("Save first; then add hours and absences.")
        zone = resource.location.zone
        return gettext("All times on this page are as the clock in %(zone)s shows them (%(name)s).") % {
            "zone": zone,
            "name": zone_name(timezone.now(), zone),
        }

    @admin.display(description=_("booked now"), ordering="booked")
    def coming(self, resource: Resource) -> int:
        return resource.booked  # type: ignore[attr-defined]

    def booked_on(self, obj: Resource) -> AppointmentQuerySet:
        return Appointment.objects.filter(occupancies__resource=obj, occupancies__request__isnull=True)

    def missing_in(self, obj: Resource, location: Location) -> WhatIsMissing:
        return WhatIsMissing(DisruptionScope.RESOURCES, location, timezone.now(), resource_ids=(obj.pk,))
