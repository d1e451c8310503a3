"""What could not take place, whom it hit, what became of each of them, and the plans by which they were moved."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import FactsAdmin, number_of
from appointments.admin.display import FactsTable, badge, desk_page, link, moment, person
from appointments.domain import affected
from appointments.domain.disruptions import cases
from appointments.domain.disruptions.cases import Became, Case
from appointments.enums import DisruptionScope, DisruptionState, LineState
from appointments.exports import wall_time
from appointments.models import AffectedAppointment, Disruption, DisruptionPlan, PlanLine
from appointments.roles import MAY_WORK_AT_THE_DESK

MOST_SHOWN = 200
STATE_KINDS = {
    DisruptionState.OPEN: "warn",
    DisruptionState.AGAIN: "bad",
    DisruptionState.CLOSED: "good",
    DisruptionState.CALLED_OFF: "quiet",
}
LINE_KINDS = {LineState.SENT: "good", LineState.CALL: "held", LineState.FAILED: "bad"}


class StateFilter(admin.SimpleListFilter):
    """Open, closed, called off."""

    title = _("state")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DisruptionState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Disruption]) -> QuerySet[Disruption] | None:
        value = self.value()
        if value is None:
            return None
        if value not in DisruptionState.values:
            raise IncorrectLookupParameters(self.parameter_name)
        return queryset.filter(state=value)  # type: ignore[misc]  # annotated by `with_state`


@admin.register(Disruption)
class DisruptionAdmin(FactsAdmin):
    list_display = ("what", "place", "since", "until", "why", "state_word", "hit", "waiting", "untold", "entered")
    list_filter = (StateFilter, "source", "scope", "location", "reason")
    date_hierarchy = "starts_at"
    search_fields = ("note", "resources__name")
    ordering = ("-starts_at", "-pk")
    fieldsets = (
        (None, {"fields": ("what", "place", "since", "until", "why", "known_from", "note")}),
        (_("Who"), {"fields": ("entered", "called_off")}),
        (_("How it ended"), {"fields": ("state_word", "closed", "lessons")}),
    )
    export_name = "disruptions"
    export_columns = (
        (_("what"), lambda row: row.what),
        (_("location"), lambda row: row.location.name),
        (_("time zone"), lambda row: row.location.zone),
        (_("from"), lambda row: wall_time(row.starts_at, row.location.zone)),
        (_("until"), lambda row: wall_time(row.ends_at, row.location.zone)),
        (_("reason"), lambda row: str(row.reason or "")),
        (_("known from"), lambda row: row.get_source_display()),
        (_("state"), lambda row: str(DisruptionState(row.state).label)),
        (_("hit"), lambda row: row.n_hit),
        (_("still to move"), lambda row: row.n_waiting),
        (_("untold"), lambda row: row.n_untold),
        (_("what we would do better"), lambda row: row.lessons),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Disruption]:
        counted = Disruption.objects.for_display().select_related("closed_by").with_state()
        numbers = counted.annotate(
            n_hit=number_of(AffectedAppointment.objects.all(), "disruption"),
            n_waiting=number_of(affected.to_move(), "disruption"),
            n_untold=number_of(affected.untold(), "disruption"),
        )
        return numbers.order_by(*self.ordering)

    def get_fieldsets(self, request: HttpRequest, obj: Disruption | None = None) -> Any:
        """The report is a page of the desk: whoever does not work there is not sent to a page that is not there, nor is
        anybody where it is about one appointment, of which there is no report.
        """
        main, *others = super().get_fieldsets(request, obj)
        is_of_one = obj is None or obj.scope == DisruptionScope.APPOINTMENT
        if is_of_one or not request.user.has_perm(MAY_WORK_AT_THE_DESK):
            return [main, *others]
        return [(main[0], {**main[1], "fields": (*main[1]["fields"], "report")}), *others]

    @admin.display(description=_("what"))
    def what(self, row: Disruption) -> str:
        return row.what

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

    @admin.display(description=_("state"))
    def state_word(self, row: Any) -> SafeString:
        state = DisruptionState(row.state)
        return badge(state, state.label, STATE_KINDS[state])

    @admin.display(description=_("report"))
    def report(self, row: Disruption) -> SafeString:
        return link(desk_page("disruption-report", row.pk), gettext("How it went"))

    @admin.display(description=_("hit"), ordering="n_hit")
    def hit(self, row: Any) -> int:
        return int(row.n_hit)

    @admin.display(description=_("still to move"), ordering="n_waiting")
    def waiting(self, row: Any) -> SafeString | int:
        return badge("waiting", row.n_waiting, "bad") if row.n_waiting else 0

    @admin.display(description=_("untold"), ordering="n_untold")
    def untold(self, row: Any) -> SafeString | int:
        return badge("untold", row.n_untold, "bad") if row.n_untold else 0

    @admin.display(description=_("entered by"), ordering="declared_at")
    def entered(self, row: Disruption) -> str:
        return f"{person(row.declared_by)}, {moment(row.declared_at, row.location.zone)}"

    @admin.display(description=_("called off"))
    def called_off(self, row: Disruption) -> str:
        return moment(row.ended_at, row.location.zone)

    @admin.display(description=_("closed by"))
    def closed(self, row: Disruption) -> str:
        return f"{person(row.closed_by)}, {moment(row.closed_at, row.location.zone)}" if row.closed_at else "–"

    def facts(self, request: HttpRequest, obj: Disruption) -> list[FactsTable]:
        lines = PlanLine.objects.filter(plan__disruption=obj).for_display().order_by("-plan", "appointment__starts_at")
        return [_whom(obj, cases.of(obj)), _plans(obj), _lines(obj, lines[:MOST_SHOWN])]


def _whom(disruption: Disruption, found: Iterable[Case]) -> FactsTable:
    zone = disruption.location.zone
    return FactsTable(
        title=gettext("Whom it hits"),
        head=(
            gettext("appointment"),
            gettext("found"),
            gettext("knew"),
            gettext("what became of it"),
            gettext("new time"),
        ),
        rows=[
            (
                _appointment(one.row.appointment),
                moment(one.row.found_at, zone),
                moment(one.known.at if one.known else None, zone),
                _became(one),
                moment(one.move.to.start if one.move else None, zone),
            )
            for one in list(found)[:MOST_SHOWN]
        ],
        empty=gettext("Nobody was booked in it."),
    )


def _became(one: Case) -> str:
    by = f" ({person(one.row.kept_by)})" if one.became == Became.KEPT and one.row.kept_by else ""
    return f"{one.became.label}{by}"


def _plans(disruption: Disruption) -> FactsTable:
    zone = disruption.location.zone
    counts = {state: Count("lines", filter=Q(lines__state=state)) for state in LineState.values}
    plans = DisruptionPlan.objects.filter(disruption=disruption).for_display().annotate(**counts)
    return FactsTable(
        title=gettext("Plans"),
        head=(gettext("made"), gettext("state"), gettext("sent by"), gettext("leaves"), gettext("lines")),
        rows=[
            (
                moment(one.made_at, zone),
                one.get_state_display(),
                person(one.asked_by),
                moment(one.send_at, zone),
                ", ".join(f"{state.label}: {count}" for state in LineState if (count := getattr(one, state.value))),
            )
            for one in plans.order_by("-made_at", "-pk")
        ],
        empty=gettext("Nobody has planned for many at once."),
    )


def _lines(disruption: Disruption, lines: Iterable[PlanLine]) -> FactsTable:
    zone = disruption.location.zone
    return FactsTable(
        title=gettext("Lines of the plans"),
        head=(gettext("appointment"), gettext("new time"), gettext("with"), gettext("state"), gettext("why not")),
        rows=[
            (
                _appointment(one.appointment),
                moment(one.starts_at, zone),
                one.provider or "–",
                badge(one.state, one.get_state_display(), LINE_KINDS.get(LineState(one.state), "quiet")),
                one.fault or "–",
            )
            for one in lines
        ],
        empty=gettext("No lines."),
    )


def _appointment(appointment: Any) -> SafeString:
    return link(reverse("admin:appointments_appointment_change", args=[appointment.pk]), appointment)
