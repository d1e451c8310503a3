"""The playbook for reading and counting: what there is, who wrote what when, and what it was used for."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import FactsAdmin, number_of
from appointments.admin.display import FactsTable, desk_page, link, moment, person
from appointments.adminlookups import reader
from appointments.domain.colleagues import places_of
from appointments.domain.recovery.playbook.uses import NOTHING_KNOWN, helped
from appointments.models import Solution, SolutionUse, SolutionVersion

MOST_SHOWN = 50


@admin.register(Solution)
class SolutionAdmin(FactsAdmin):
    list_display = ("title", "used_by", "review_by", "uses", "worked", "did_not", "put_away")
    list_filter = ("used_by", "reasons", "services")
    ordering = ("review_by", "pk")
    fieldsets = (
        (None, {"fields": ("title", "desk", "for_reasons", "for_services", "used_by", "review_by", "put_away")}),
    )
    export_name = "solutions"
    export_columns = (
        (_("title"), lambda row: str(_newest(row))),
        (_("who may use it"), lambda row: row.get_used_by_display()),
        (_("to be looked over by"), lambda row: row.review_by.isoformat()),
        (_("uses of solutions"), lambda row: row.n_uses),
        (_("worked"), lambda row: row.n_worked),
        (_("did not work"), lambda row: row.n_did_not),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Solution]:
        newest = Prefetch("versions", queryset=SolutionVersion.objects.newest(), to_attr="newest")
        counted = (
            super()
            .get_queryset(request)
            .annotate(
                n_uses=number_of(_used(reader(request)), "version__solution"),
                n_worked=Count("votes", filter=Q(votes__worked=True), distinct=True),
                n_did_not=Count("votes", filter=Q(votes__worked=False), distinct=True),
            )
        )
        return counted.prefetch_related(newest, "reasons", "services")

    @admin.display(description=_("title"))
    def title(self, row: Solution) -> str:
        return str(_newest(row))

    @admin.display(description=_("uses of solutions"), ordering="n_uses")
    def uses(self, row: Any) -> int:
        return int(row.n_uses)

    @admin.display(description=_("worked"), ordering="n_worked")
    def worked(self, row: Any) -> int:
        return int(row.n_worked)

    @admin.display(description=_("did not work"), ordering="n_did_not")
    def did_not(self, row: Any) -> int:
        return int(row.n_did_not)

    @admin.display(description=_("put away"), ordering="archived_at")
    def put_away(self, row: Solution) -> str:
        return moment(row.archived_at)

    @admin.display(description=_("reasons"))
    def for_reasons(self, row: Solution) -> str:
        return ", ".join(map(str, row.reasons.all())) or gettext("every reason")

    @admin.display(description=_("services"))
    def for_services(self, row: Solution) -> str:
        return ", ".join(map(str, row.services.all())) or gettext("every service")

    @admin.display(description=_("at the desk"))
    def desk(self, row: Solution) -> SafeString:
        return link(desk_page("solution", row.pk), gettext("Read it"))

    def facts(self, request: HttpRequest, obj: Solution) -> list[FactsTable]:
        known = helped([obj.pk]).get(obj.pk, NOTHING_KNOWN)
        used = (
            _used(reader(request))
            .filter(version__solution=obj)
            .select_related("by", "version", "round__appointment__customer", "point__case__appointment__customer")
        )
        versions = obj.versions.select_related("written_by").annotate(n_reads=Count("reads"))
        return [
            FactsTable(
                title=gettext("Versions"),
                head=(gettext("version"), gettext("title"), gettext("written"), gettext("written by"), gettext("read")),
                rows=[
                    (one.number, one.title, moment(one.written_at), person(one.written_by), one.n_reads)
                    for one in versions
                ],
                empty="–",
            ),
            FactsTable(
                title=gettext("helped %(times)s of %(of)s") % {"times": known.times, "of": known.of}
                if known.is_known
                else gettext("What it was used for"),
                head=(gettext("when"), gettext("customer"), gettext("version"), gettext("used by")),
                rows=[
                    (moment(one.at), _customer_of(one), one.version.number, person(one.by)) for one in used[:MOST_SHOWN]
                ],
                empty=gettext("Nobody has used it yet."),
            ),
        ]


def _used(user: User) -> QuerySet[SolutionUse]:
    """What it was used for at the reader's places."""
    everything, places = SolutionUse.objects.all(), places_of(user)
    if places is None:
        return everything
    at_rounds = Q(round__appointment__location__in=places)
    return everything.filter(at_rounds | Q(point__case__appointment__location__in=places))


def _newest(row: Any) -> SolutionVersion | str:
    return row.newest[0] if row.newest else "–"


def _customer_of(use: SolutionUse) -> SafeString:
    """Leads to the move or the complaint."""
    if use.point is not None:
        return link(desk_page("complaint", use.point.case_id), use.point.case.appointment.customer.name)
    return link(desk_page("request", use.round_id), use.round.appointment.customer.name if use.round else "–")
