"""What we change so that less has to move: causes and changes, never a ranking of people."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import HouseAdmin
from appointments.admin.display import FactsTable, badge, person
from appointments.adminlookups import reader
from appointments.domain.colleagues import desk_colleagues, places_of
from appointments.domain.people import reach
from appointments.domain.recovery.prevention.effect import Count, Effect
from appointments.domain.reports.prevention import effect_of
from appointments.enums import Verdict
from appointments.models import CorrectiveAction, RecoveryCase
from notifications.text import languages
from notifications.text.habits import habits

LOOKS = {Verdict.BETTER: "good", Verdict.WORSE: "bad", Verdict.NO_CHANGE: "quiet", Verdict.CANNOT_TELL: "held"}


@admin.register(CorrectiveAction)
class CorrectiveActionAdmin(HouseAdmin):
    list_display = ("what", "cause", "where", "owner_name", "due", "state")
    list_filter = ("cause", "location", "service")
    list_select_related = ("cause", "service", "location", "owner")
    fieldsets = (
        (None, {"fields": ("what", "cause", ("location", "service"), ("owner", "due_on"))}),
        (_("How it went"), {"fields": ("works_since", "given_up")}),
        (_("Learned from"), {"fields": ("case",)}),
    )
    raw_id_fields = ("case",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "owner":
            options["queryset"] = desk_colleagues()
        return super().formfield_for_foreignkey(db_field, request, **options)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CorrectiveAction]:
        return super().get_queryset(request).order_by("due_on", "pk")

    def get_fieldsets(self, request: HttpRequest, obj: CorrectiveAction | None = None) -> Any:
        """A complaint of another place stays there, whatever was learned from it."""
        shown = super().get_fieldsets(request, obj)
        if obj is None or obj.case is None or reach.of(RecoveryCase.objects.filter(pk=obj.case.pk), reader(request)):
            return shown
        return [one for one in shown if "case" not in one[1]["fields"]]

    @admin.display(description=_("where"))
    def where(self, row: CorrectiveAction) -> str:
        return " · ".join(str(one) for one in (row.location, row.service) if one) or gettext("everywhere")

    @admin.display(description=_("owner"), ordering="owner__first_name")
    def owner_name(self, row: CorrectiveAction) -> str:
        return person(row.owner)

    @admin.display(description=_("due"), ordering="due_on")
    def due(self, row: CorrectiveAction) -> str:
        return date_format(row.due_on, "DATE_FORMAT")

    @admin.display(description=_("state"))
    def state(self, row: CorrectiveAction) -> SafeString:
        if row.given_up:
            return badge("given_up", gettext("given up"), "quiet")
        if row.works_since:
            since = date_format(row.works_since, "DATE_FORMAT")
            return badge("works", gettext("works since %(day)s") % {"day": since}, "good")
        is_late = row.is_late(timezone.localdate())
        return badge("late" if is_late else "planned", gettext("late") if is_late else gettext("planned"), "warn")

    def facts(self, request: HttpRequest, obj: CorrectiveAction) -> list[FactsTable]:
        found = effect_of(obj, today=timezone.localdate(), places=places_of(reader(request)))
        if found is None:
            return []
        before, after = (gettext("Before"), found.before), (gettext("Since it works"), found.after)
        return [
            FactsTable(
                title=gettext("Did it help?"),
                head=(gettext("when"), gettext("appointments"), gettext("moves"), gettext("moves per 1,000")),
                rows=[
                    *(_row(label, count) for label, count in (before, after)),
                    (badge(found.verdict, found.verdict.label, LOOKS[found.verdict]), "", "", in_words(found)),
                ],
                empty="",
            )
        ]


def _row(label: str, count: Count) -> tuple[Any, ...]:
    rate = count.rate
    said = "–" if rate is None else habits(languages.active()).number(rate)
    return (label, count.appointments, count.moves, said)


def in_words(found: Effect) -> str:
    """How sure one can be, as a sentence."""
    number = habits(languages.active()).number
    if found.verdict == Verdict.CANNOT_TELL:
        if found.more is None:
            return gettext("There is too little to compare yet.")
        return gettext("It takes about %(more)s more appointments to be able to tell.") % {"more": found.more}
    values = {"low": number(found.low, places=2), "high": number(found.high, places=2)}
    return gettext("The rate is between %(low)s and %(high)s times what it was (95 %% sure).") % values
