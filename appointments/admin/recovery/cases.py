"""Complaints: what went wrong for whom, how it was put right, and what we change. Causes, never a ranking of people."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import FactsAdmin, FoundByCustomer
from appointments.admin.display import FactsTable, badge, desk_page, link, moment, person
from appointments.domain import own_words
from appointments.enums import CaseStage
from appointments.exports import wall_time
from appointments.models import RecoveryCase
from appointments.roles import MAY_WORK_AT_THE_DESK


@admin.register(RecoveryCase)
class RecoveryCaseAdmin(FoundByCustomer, FactsAdmin):
    list_display = ("customer", "number", "opened", "step", "concern_word", "cause", "closed", "solved_word")
    list_filter = ("stage", "concern", "solved", "entries__origin", "cause", "appointment__location")
    date_hierarchy = "opened_at"
    search_fields = ("wants", "learned")
    ordering = ("-opened_at", "-pk")
    fieldsets = (
        (None, {"fields": ("number", "appointment_link", "step", "opened", "closed", "owner_name")}),
        (_("What it is about"), {"fields": ("concern_word", "wants", "cost", "apology_word")}),
        (_("How it ended"), {"fields": ("cause", "learned", "solved_word", "reopened")}),
    )
    export_name = "complaints"
    export_columns = (
        (_("number"), lambda row: row.number),
        (_("customer"), lambda row: row.appointment.customer.name),
        (_("location"), lambda row: row.appointment.location.name),
        (_("time zone"), lambda row: row.appointment.location.zone),
        (_("opened"), lambda row: wall_time(row.opened_at, row.appointment.location.zone)),
        (_("step"), lambda row: row.get_stage_display()),
        (_("what it is about"), lambda row: row.get_concern_display()),
        (_("cause"), lambda row: str(row.cause or "")),
        (_("what we change"), lambda row: row.learned),
        (_("closed"), lambda row: wall_time(row.closed_at, row.appointment.location.zone)),
        (_("did it answer the customer?"), lambda row: _said(row)),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecoveryCase]:
        found: QuerySet[RecoveryCase] = RecoveryCase.objects.for_display()
        return found.order_by(*self.ordering)

    def get_fieldsets(self, request: HttpRequest, obj: RecoveryCase | None = None) -> Any:
        """Worked on at the desk: whoever does not work there is not sent to a page that is not there."""
        main, *others = super().get_fieldsets(request, obj)
        if not request.user.has_perm(MAY_WORK_AT_THE_DESK):
            return [main, *others]
        return [(main[0], {**main[1], "fields": (*main[1]["fields"], "desk")}), *others]

    @admin.display(description=_("customer"), ordering="appointment__customer__name")
    def customer(self, row: RecoveryCase) -> str:
        return row.appointment.customer.name

    @admin.display(description=_("opened"), ordering="opened_at")
    def opened(self, row: RecoveryCase) -> str:
        return moment(row.opened_at, row.appointment.location.zone)

    @admin.display(description=_("closed"), ordering="closed_at")
    def closed(self, row: RecoveryCase) -> str:
        return moment(row.closed_at, row.appointment.location.zone)

    @admin.display(description=_("step"), ordering="stage")
    def step(self, row: RecoveryCase) -> SafeString:
        kind = "quiet" if row.stage == CaseStage.CLOSED else "warn" if row.reopened else "held"
        return badge(row.stage, row.get_stage_display(), kind)

    @admin.display(description=_("what it is about"), ordering="concern")
    def concern_word(self, row: RecoveryCase) -> str:
        return row.get_concern_display() or "–"

    @admin.display(description=_("apology"))
    def apology_word(self, row: RecoveryCase) -> str:
        return row.get_apology_display() or "–"

    @admin.display(description=_("did it answer the customer?"), ordering="solved")
    def solved_word(self, row: RecoveryCase) -> str:
        return _said(row) or "–"

    @admin.display(description=_("owner"))
    def owner_name(self, row: RecoveryCase) -> str:
        return person(row.owner)

    @admin.display(description=_("appointment"))
    def appointment_link(self, row: RecoveryCase) -> SafeString:
        return link(reverse("admin:appointments_appointment_change", args=[row.appointment_id]), row.appointment)

    @admin.display(description=_("at the desk"))
    def desk(self, row: RecoveryCase) -> SafeString:
        return link(desk_page("complaint", row.pk), gettext("Work on it"))

    def facts(self, request: HttpRequest, obj: RecoveryCase) -> list[FactsTable]:
        zone = obj.appointment.location.zone
        return [
            FactsTable(
                title=gettext("What came in"),
                head=(gettext("when"), gettext("how we know"), gettext("own words")),
                rows=[
                    (moment(one.at, zone), one.get_origin_display(), own_words.said(one.words) or "–")
                    for one in obj.entries.all()
                ],
                empty=gettext("Nothing has come in."),
            ),
            FactsTable(
                title=gettext("Points"),
                head=(gettext("point"), gettext("settled by"), gettext("our answer"), gettext("done")),
                rows=[
                    (one.words, one.get_action_display() or "–", one.reply or "–", moment(one.done_at, zone))
                    for one in obj.points.all()
                ],
                empty=gettext("Nobody has listened yet."),
            ),
        ]


def _said(row: RecoveryCase) -> str:
    """As the customer says; "" before they have."""
    return "" if row.solved is None else gettext("yes") if row.solved else gettext("no")
