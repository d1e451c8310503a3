"""The diary: appointments and their history. They are moved at the desk, where the customer is told, and not here."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import ByKeyPaginator, FactsAdmin, FoundByCustomer, HouseAdmin, number_of
from appointments.admin.display import FactsTable, badge, desk_page, link, message_link, moment, person
from appointments.admin.filters import days_of
from appointments.domain import own_words
from appointments.enums import AppointmentState, EventKind
from appointments.exports import wall_time
from appointments.models import Appointment, AppointmentEvent, RescheduleRequest, Resource
from notifications.text import languages
from notifications.text.when import span

STATE_KINDS = {
    AppointmentState.BOOKED: "held",
    AppointmentState.COMPLETED: "good",
    AppointmentState.MISSED: "warn",
    AppointmentState.CANCELLED: "bad",
}


@admin.register(Appointment)
class AppointmentAdmin(FoundByCustomer, HouseAdmin):
    list_display = ("customer", "time", "service", "location", "provider", "state_word", "moved", "source")
    list_display_links = ("customer", "time")
    list_filter = (
        days_of("starts_at", _("day")),
        "state",
        "location",
        "service",
        ("source", admin.EmptyFieldListFilter),
    )
    linked_lookups = ("customer__id__exact",)
    paginator = ByKeyPaginator
    search_fields = ("external_id",)
    customer_path = "customer"
    search_help_text = _("Name, e-mail or phone of the customer, or the id in the system it came from.")
    ordering = ("-starts_at", "-pk")
    actions = None
    fieldsets = (
        (None, {"fields": ("customer_link", "time", "state_word", "desk_link", "messages_link")}),
        (_("What and where"), {"fields": ("service", "location", "provider")}),
        (_("For colleagues"), {"fields": ("note",)}),
        (_("Where it came from"), {"fields": ("source_words", "external_id", "booked_on", "uid")}),
    )
    export_name = "appointments"
    export_columns = (
        (_("number"), lambda row: row.pk),
        (_("customer"), lambda row: row.customer.name),
        (_("e-mail"), lambda row: row.customer.email),
        (_("phone"), lambda row: str(row.customer.phone)),
        (_("service"), lambda row: row.service.name_in()),
        (_("location"), lambda row: row.location.name),
        (_("time zone"), lambda row: row.location.zone),
        (_("starts"), lambda row: wall_time(row.starts_at, row.location.zone)),
        (_("ends"), lambda row: wall_time(row.ends_at, row.location.zone)),
        (_("provider"), lambda row: row.provider.name if row.provider else None),
        (_("state"), lambda row: row.get_state_display()),
        (_("times moved"), lambda row: row.moves),
        (_("came from"), lambda row: row.source),
        (_("id in its source"), lambda row: row.external_id),
        (_("note for staff"), lambda row: row.note),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Booked at the desk or brought in by an import, where free times are known."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        moved = AppointmentEvent.objects.filter(kind=EventKind.MOVED)
        found: QuerySet[Appointment] = Appointment.objects.for_display()
        return found.annotate(moves=number_of(moved, "appointment"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Everything but the note: the time belongs to the rules, which also tell the customer."""
        return [name for name in flatten_fieldsets(self.fieldsets) if name != "note"]

    @admin.display(description=_("time"), ordering="starts_at")
    def time(self, row: Appointment) -> str:
        return span(row.starts_at, row.ends_at, row.location.zone, languages.active(), "short")

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, row: Appointment) -> SafeString:
        return badge(row.state, row.get_state_display(), STATE_KINDS[AppointmentState(row.state)])

    @admin.display(description=_("moved"))
    def moved(self, row: Appointment) -> str:
        return str(row.moves or "–")  # type: ignore[attr-defined]

    @admin.display(description=_("customer"))
    def customer_link(self, row: Appointment) -> SafeString:
        return link(reverse("admin:appointments_customer_change", args=[row.customer_id]), row.customer)

    @admin.display(description=_("to move it"))
    def desk_link(self, row: Appointment) -> SafeString:
        words = gettext("Open at the desk: there it is moved, and the customer is told")
        return link(desk_page("appointment", row.pk), words)

    @admin.display(description=_("messages"))
    def messages_link(self, row: Appointment) -> SafeString:
        return message_link(row)

    @admin.display(description=_("came from"))
    def source_words(self, row: Appointment) -> str:
        return row.source or gettext("booked here")

    @admin.display(description=_("booked on"))
    def booked_on(self, row: Appointment) -> str:
        return moment(row.created_at, row.location.zone)

    def facts(self, request: HttpRequest, obj: Appointment) -> list[FactsTable]:
        return [_rounds(obj), _history(obj)]


def _rounds(appointment: Appointment) -> FactsTable:
    zone = appointment.location.zone
    rounds: QuerySet[RescheduleRequest] = appointment.requests.select_related("reason").order_by("round")
    return FactsTable(
        title=gettext("Proposals to move it"),
        head=(gettext("proposal"), gettext("told"), gettext("was"), gettext("reason"), gettext("state")),
        rows=[
            (
                link(reverse("admin:appointments_reschedulerequest_change", args=[one.pk]), one.round),
                moment(one.opened_at, zone),
                moment(one.was_starts_at, zone),
                one.reason.label_in(),
                one.get_state_display(),
            )
            for one in rounds
        ],
        empty=gettext("We never had to move it."),
    )


def _history(appointment: Appointment) -> FactsTable:
    zone = appointment.location.zone
    events = list(appointment.events.select_related("actor", "request__reason"))
    return FactsTable(
        title=gettext("History"),
        head=(gettext("when"), gettext("what"), gettext("by"), gettext("from"), gettext("to"), gettext("note")),
        rows=[
            (
                moment(event.at, zone),
                event.get_kind_display(),
                who(event),
                time_in(event.before, zone),
                time_in(event.after, zone),
                own_words.note_of(event) or "–",
            )
            for event in events
        ],
        empty=gettext("Nothing has been written down yet."),
    )


def who(event: AppointmentEvent) -> str:
    """The colleague, or what did it."""
    return person(event.actor) if event.actor else event.get_actor_kind_display()


def time_in(fact: dict[str, Any] | None, zone: str) -> str:
    """The time that `before` or `after` of an event speaks of."""
    if not fact or "starts_at" not in fact:
        return "–"
    return span(fact["starts_at"], fact["ends_at"], zone, languages.active(), "short")


@admin.register(AppointmentEvent)
class AppointmentEventAdmin(FoundByCustomer, FactsAdmin):
    """Append-only: the database itself refuses changes."""

    list_display = ("when", "customer", "what", "by", "before_time", "after_time", "remark")
    list_filter = (
        days_of("at", _("day")),
        "kind",
        "actor_kind",
        "appointment__location",
        "appointment__service",
    )
    paginator = ByKeyPaginator
    search_fields = ("note",)
    ordering = ("-at", "-pk")
    list_select_related = (
        "appointment__customer",
        "appointment__location",
        "appointment__service",
        "actor",
        "request__reason",
    )
    fields = ("when", "appointment_link", "what", "by", "before_time", "after_time", "resources", "remark")

    @admin.display(description=_("when"), ordering="at")
    def when(self, row: AppointmentEvent) -> str:
        return moment(row.at, row.appointment.location.zone)

    @admin.display(description=_("customer"), ordering="appointment__customer__name")
    def customer(self, row: AppointmentEvent) -> str:
        return row.appointment.customer.name

    @admin.display(description=_("appointment"))
    def appointment_link(self, row: AppointmentEvent) -> SafeString:
        return link(reverse("admin:appointments_appointment_change", args=[row.appointment_id]), row.appointment)

    @admin.display(description=_("what"), ordering="kind")
    def what(self, row: AppointmentEvent) -> str:
        return row.get_kind_display()

    @admin.display(description=_("by"))
    def by(self, row: AppointmentEvent) -> str:
        return who(row)

    @admin.display(description=_("from"))
    def before_time(self, row: AppointmentEvent) -> str:
        return time_in(row.before, row.appointment.location.zone)

    @admin.display(description=_("to"))
    def after_time(self, row: AppointmentEvent) -> str:
        return time_in(row.after, row.appointment.location.zone)

    @admin.display(description=_("note"), ordering="note")
    def remark(self, row: AppointmentEvent) -> str:
        return own_words.note_of(row)

    @admin.display(description=_("with what"))
    def resources(self, row: AppointmentEvent) -> SafeString | str:
        numbers = (row.after or row.before or {}).get("resources", [])
        names = Resource.objects.filter(pk__in=numbers).values_list("name", flat=True)
        return format_html("{}", ", ".join(names)) if numbers else "–"
