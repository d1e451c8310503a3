"""Customers: how to greet them, how to reach them, and their appointments."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import ByKeyPaginator, HouseAdmin, number_of
from appointments.admin.display import FactsTable, hours_text, link, moment
from appointments.admin.recovery.patterns import MisuseInline
from appointments.adminlookups import reader
from appointments.domain.colleagues import places_of
from appointments.domain.pages.customers.ledger import ledger_of
from appointments.domain.people import reach
from appointments.exports import wall_time
from appointments.models import Appointment, Customer
from appointments.models.people import CustomerQuerySet

LATEST = 20


@admin.register(Customer)
class CustomerAdmin(HouseAdmin):
    list_display = ("name", "honorific", "phone", "email", "language", "preferred_channel", "bookings", "since")
    list_filter = ("language", "preferred_channel", "wants_follow_up")
    search_fields = ("name",)
    search_help_text = _("Name, e-mail or phone.")
    ordering = ("name", "pk")
    paginator = ByKeyPaginator
    readonly_fields = ("since",)
    actions = None
    fieldsets = (
        (None, {"fields": (("honorific", "name"), "language")}),
        (_("How to reach them"), {"fields": ("phone", "email", "preferred_channel", "address", "wants_follow_up")}),
        (_("For colleagues"), {"fields": ("note", "since")}),
    )
    radio_fields: ClassVar = {"language": admin.HORIZONTAL}
    inlines = (MisuseInline,)
    export_name = "customers"
    export_columns = (
        (_("number"), lambda row: row.pk),
        (_("name"), lambda row: row.name),
        (_("greeted as"), lambda row: row.get_honorific_display()),
        (_("e-mail"), lambda row: row.email),
        (_("phone"), lambda row: str(row.phone)),
        (_("language"), lambda row: row.get_language_display()),
        (_("prefers"), lambda row: row.get_preferred_channel_display()),
        (_("address"), lambda row: row.address),
        (_("may be asked how it went"), lambda row: gettext("yes") if row.wants_follow_up else gettext("no")),
        (_("appointments"), lambda row: row.booked),
        (_("since"), lambda row: wall_time(row.created_at, "UTC")),
        (_("note for staff"), lambda row: row.note),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        """Without records that went into another one: nobody writes to them."""
        rows = cast(CustomerQuerySet, super().get_queryset(request))
        return rows.standing().annotate(
            booked=number_of(reach.of(Appointment.objects.all(), reader(request)), "customer")
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        """As at the desk: parts of a name, the start of an e-mail, digits of a phone number."""
        return (queryset & Customer.objects.matching(search_term) if search_term else queryset), False

    @admin.display(description=_("appointments"), ordering="booked")
    def bookings(self, row: Customer) -> Any:
        return link(_appointments_of(row), row.booked)  # type: ignore[attr-defined]

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, row: Customer) -> str:
        return moment(row.created_at)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for note in formset.save(commit=False):
            note.made_by = request.user
            note.save()
        for gone in formset.deleted_objects:
            gone.delete()

    def facts(self, request: HttpRequest, obj: Customer) -> list[FactsTable]:
        return [_latest(obj, reader(request)), _ledger(obj, reader(request))]


def _latest(customer: Customer, user: User) -> FactsTable:
    own = reach.of(customer.appointments.for_display(), user)
    latest: QuerySet[Appointment] = own.order_by("-starts_at", "-pk")[:LATEST]
    return FactsTable(
        title=gettext("Latest appointments"),
        head=(gettext("time"), gettext("service"), gettext("location"), gettext("with"), gettext("state")),
        rows=[
            (
                link(
                    reverse("admin:appointments_appointment_change", args=[one.pk]),
                    moment(one.starts_at, one.location.zone),
                ),
                one.service.name_in(),
                one.location.name,
                one.provider or "–",
                one.get_state_display(),
            )
            for one in latest
        ],
        empty=gettext("No appointments yet."),
        more=link(_appointments_of(customer), gettext("All appointments")),
    )


def _ledger(customer: Customer, user: User) -> FactsTable:
    found = ledger_of(customer, now=timezone.now())
    places = places_of(user)
    lines = [one for one in found.lines if places is None or one.entry.round_.appointment.location_id in places]
    said = gettext(
        "A delay of this customer weighs %(weight)s times. Points halve every %(half)s days and are forgotten after "
        "%(whole)s; customers never see them."
    )
    facts = {"weight": floatformat(found.weight, 1), "half": found.halved_after, "whole": found.forgotten_after}
    return FactsTable(
        title=gettext("What our moves have cost this customer"),
        head=(gettext("told"), gettext("reason"), gettext("later by"), gettext("points then"), gettext("points today")),
        rows=[
            (
                link(
                    reverse("admin:appointments_reschedulerequest_change", args=[line.entry.round_.pk]),
                    moment(line.entry.round_.opened_at, line.entry.round_.appointment.location.zone),
                ),
                line.entry.round_.reason.label_in(),
                hours_text(line.waited_hours) if line.waited_hours else "–",
                floatformat(line.entry.points, 1),
                floatformat(line.entry.counts, 1),
            )
            for line in lines
        ],
        empty=gettext("Nothing in the last year."),
        more=said % facts if lines and places is None else "",
    )


def _appointments_of(customer: Customer) -> str:
    query = urlencode({"customer__id__exact": customer.pk})
    return f"{reverse('admin:appointments_appointment_changelist')}?{query}"
