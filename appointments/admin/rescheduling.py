"""The rounds as they happened, and what customers said of it afterwards. All of it is read, none of it typed."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import FactsAdmin, FoundByCustomer, number_of
from appointments.admin.display import FactsTable, badge, desk_page, hours_text, link, message_link, moment, person
from appointments.admin.filters import CasesFilter, MissingFilter, NoticeFilter, ToldFilter, WeekdayFilter
from appointments.enums import AnswerKind, OfferState, RequestState
from appointments.exports import wall_time
from appointments.models import Answer, Feedback, Offer, RescheduleRequest
from appointments.multilingual import InReadersLanguage, in_each
from notifications.text import languages
from notifications.text.when import span

ANSWERS_SHOWN, WORDS_SHOWN = 20, 600
"""The newest answers of a round, and the characters of each; the appointment's story at the desk has all of it."""

STATE_KINDS = {
    RequestState.OPEN: "held",
    RequestState.WITH_US: "warn",
    RequestState.ACCEPTED: "good",
    RequestState.KEPT: "good",
    RequestState.CANCELLED: "bad",
}


@admin.register(RescheduleRequest)
class RescheduleRequestAdmin(FoundByCustomer, FactsAdmin):
    list_display = (
        "customer",
        "was",
        "reason_name",
        "family",
        "fault",
        "location",
        "service",
        "state_word",
        "offered",
        "answered_after",
    )
    list_display_links = ("customer", "was")
    list_filter = (
        CasesFilter,
        ToldFilter,
        WeekdayFilter,
        NoticeFilter,
        MissingFilter,
        "state",
        "reason__family",
        "reason__fault",
        "reason",
        "appointment__location",
        "appointment__service",
    )
    linked_lookups = ("disruption__id__exact", "disruption__scope__exact", "disruption__isnull")
    date_hierarchy = "opened_at"
    search_fields = ("personal_note",)
    search_help_text = _("Name, e-mail or phone of the customer, the reason, or words of the personal line.")
    ordering = ("-opened_at", "-pk")
    fieldsets = (
        (None, {"fields": ("customer", "appointment_link", "state_word", "round_number", "messages_link")}),
        (_("Why"), {"fields": ("reason_name", "family", "fault", "told_as", "personal_note", "could_change")}),
        (
            _("When"),
            {"fields": ("was", "told", "respond_by_at", "answered_after", "expired", "closed", "can_keep")},
        ),
        (_("Who"), {"fields": ("contact_name", "opened_by_name")}),
    )
    export_name = "reschedule-requests"
    export_columns = (
        (_("case"), lambda row: row.pk),
        (_("customer"), lambda row: row.appointment.customer.name),
        (_("location"), lambda row: row.appointment.location.name),
        (_("time zone"), lambda row: row.appointment.location.zone),
        (_("service"), lambda row: row.appointment.service.name_in()),
        (_("was"), lambda row: wall_time(row.was_starts_at, row.appointment.location.zone)),
        (_("reason"), lambda row: row.reason.label_in()),
        (_("family"), lambda row: row.reason.get_family_display()),
        (_("fault"), lambda row: row.reason.get_fault_display()),
        (_("proposal"), lambda row: row.round),
        (_("state"), lambda row: row.get_state_display()),
        (_("told"), lambda row: wall_time(row.opened_at, row.appointment.location.zone)),
        (_("answer by"), lambda row: wall_time(row.respond_by, row.appointment.location.zone)),
        (_("times offered"), lambda row: row.offers_made),
        (_("hours until answered"), lambda row: _hours(row.heard_at - row.opened_at) if row.heard_at else None),
        (_("hours of notice"), lambda row: _hours(row.was_starts_at - row.opened_at)),
        (_("personal line"), lambda row: row.personal_note),
        (_("what could still change"), lambda row: row.could_change),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[RescheduleRequest]:
        heard = Answer.objects.filter(request=OuterRef("pk")).exclude(kind=AnswerKind.TELL).order_by("at")
        found: QuerySet[RescheduleRequest] = RescheduleRequest.objects.for_display().select_related("opened_by")
        return found.annotate(
            offers_made=number_of(Offer.objects.all(), "request"),
            heard_at=Subquery(heard.values("at")[:1]),
        ).order_by(*self.ordering)

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return [*in_each("reason__label"), *self.search_fields]

    @admin.display(description=_("customer"), ordering="appointment__customer__name")
    def customer(self, row: RescheduleRequest) -> str:
        return row.appointment.customer.name

    @admin.display(description=_("was"), ordering="was_starts_at")
    def was(self, row: RescheduleRequest) -> str:
        return moment(row.was_starts_at, row.appointment.location.zone)

    @admin.display(description=_("reason"), ordering=InReadersLanguage("reason__label"))
    def reason_name(self, row: RescheduleRequest) -> str:
        return row.reason.label_in()

    @admin.display(description=_("family"), ordering="reason__family")
    def family(self, row: RescheduleRequest) -> str:
        return row.reason.get_family_display()

    @admin.display(description=_("fault"), ordering="reason__fault")
    def fault(self, row: RescheduleRequest) -> str:
        return row.reason.get_fault_display()

    @admin.display(description=_("location"), ordering="appointment__location__name")
    def location(self, row: RescheduleRequest) -> str:
        return row.appointment.location.name

    @admin.display(description=_("service"), ordering=InReadersLanguage("appointment__service__name"))
    def service(self, row: RescheduleRequest) -> str:
        return row.appointment.service.name_in()

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, row: RescheduleRequest) -> SafeString:
        kind = STATE_KINDS.get(RequestState(row.state), "quiet")
        return badge(row.state, row.get_state_display(), kind)

    @admin.display(description=_("times offered"))
    def offered(self, row: RescheduleRequest) -> int:
        return row.offers_made  # type: ignore[attr-defined]

    @admin.display(description=_("answered after"))
    def answered_after(self, row: RescheduleRequest) -> str:
        heard = row.heard_at  # type: ignore[attr-defined]
        return hours_text(_hours(heard - row.opened_at) if heard else None)

    @admin.display(description=_("told"), ordering="opened_at")
    def told(self, row: RescheduleRequest) -> str:
        return moment(row.opened_at, row.appointment.location.zone)

    @admin.display(description=_("answer by"))
    def respond_by_at(self, row: RescheduleRequest) -> str:
        return moment(row.respond_by, row.appointment.location.zone)

    @admin.display(description=_("no answer by then"))
    def expired(self, row: RescheduleRequest) -> str:
        return moment(row.expired_at, row.appointment.location.zone)

    @admin.display(description=_("closed"))
    def closed(self, row: RescheduleRequest) -> str:
        return moment(row.closed_at, row.appointment.location.zone)

    @admin.display(description=_("responsible"))
    def contact_name(self, row: RescheduleRequest) -> str:
        return person(row.contact)

    @admin.display(description=_("sent by"))
    def opened_by_name(self, row: RescheduleRequest) -> str:
        return person(row.opened_by)

    @admin.display(description=_("proposal"))
    def round_number(self, row: RescheduleRequest) -> int:
        return row.round

    @admin.display(description=_("cause as told"))
    def told_as(self, row: RescheduleRequest) -> SafeString:
        said = ((code, languages.name(code), text) for code, text in row.wording.items() if text)
        return format_html_join("", '<p lang="{}">{}: {}</p>', said)

    @admin.display(description=_("appointment"))
    def appointment_link(self, row: RescheduleRequest) -> SafeString:
        here = link(reverse("admin:appointments_appointment_change", args=[row.appointment_id]), row.appointment)
        desk = desk_page("appointment", row.appointment_id)
        return format_html("{} · {}", here, link(desk, gettext("open at the desk"))) if desk else here

    @admin.display(description=_("messages"))
    def messages_link(self, row: RescheduleRequest) -> SafeString:
        return message_link(row.appointment)

    def facts(self, request: HttpRequest, obj: RescheduleRequest) -> list[FactsTable]:
        zone = obj.appointment.location.zone
        return [_offers(obj, zone), _answers(obj, zone)]


def _offers(round_: RescheduleRequest, zone: str) -> FactsTable:
    language = languages.active()
    kinds = {OfferState.LIVE: "held", OfferState.TAKEN: "good"}
    return FactsTable(
        title=gettext("Times offered"),
        head=(
            gettext("time"),
            gettext("with"),
            gettext("why this one"),
            gettext("reserved until"),
            gettext("state"),
        ),
        rows=[
            (
                span(offer.starts_at, offer.ends_at, zone, language, "short"),
                offer.provider or "–",
                offer.get_why_display(),
                moment(offer.kept_until, zone) if offer.kept_until else gettext("not reserved"),
                badge(offer.state, offer.get_state_display(), kinds.get(OfferState(offer.state), "quiet")),
            )
            for offer in round_.offers.select_related("provider")
        ],
        empty=gettext("No times were offered."),
    )


def _answers(round_: RescheduleRequest, zone: str) -> FactsTable:
    return FactsTable(
        title=gettext("What the customer answered"),
        head=(gettext("when"), gettext("answer"), gettext("own words"), gettext("how")),
        rows=[
            (
                moment(answer.at, zone),
                answer.get_kind_display(),
                Truncator(answer.words).chars(WORDS_SHOWN) or "–",
                gettext("by phone, written down by %(name)s") % {"name": person(answer.recorded_by)}
                if answer.recorded_by
                else gettext("through the link"),
            )
            for answer in round_.answers.select_related("recorded_by").order_by("-at", "-pk")[:ANSWERS_SHOWN]
        ],
        empty=gettext("No answer yet."),
    )


def _hours(length: timedelta) -> float:
    return round(length / timedelta(hours=1), 2)


@admin.register(Feedback)
class FeedbackAdmin(FoundByCustomer, FactsAdmin):
    list_display = ("customer", "when", "handling_words", "outcome_words", "words")
    list_filter = ("handling", "appointment__location", "appointment__service")
    date_hierarchy = "at"
    search_fields = ("words",)
    list_select_related = ("appointment__customer", "appointment__location", "appointment__service")
    fields = ("customer", "appointment", "when", "handling_words", "outcome_words", "words")

    @admin.display(description=_("customer"), ordering="appointment__customer__name")
    def customer(self, row: Feedback) -> str:
        return row.appointment.customer.name

    @admin.display(description=_("when"), ordering="at")
    def when(self, row: Feedback) -> str:
        return moment(row.at, row.appointment.location.zone)

    @admin.display(description=_("how we handled it"), ordering="handling")
    def handling_words(self, row: Feedback) -> str:
        return gettext("%(n)d of 5") % {"n": row.handling} if row.handling else "–"

    @admin.display(description=_("how it ended"), ordering="outcome")
    def outcome_words(self, row: Feedback) -> str:
        return gettext("%(n)d of 5") % {"n": row.outcome} if row.outcome else "–"
