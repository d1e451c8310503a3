"""The managers' pages: our words on top, groups instead of apps, the clock of the place, and the reports.

Beside and not inside `appointments.admin`: the site has to exist before the modules there register with it.
"""

import logging
import zoneinfo
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.adminlookups import NotAsked, OnlyWhatIsListed, OnlyWithinReach
from appointments.domain.colleagues import places_of, within_reach
from appointments.domain.people import reach
from appointments.models import Location, Resource
from appointments.roles import MAY_IMPORT, MAY_WORK_AT_THE_DESK

log = logging.getLogger("appointments.admin")

DIARY = _("The diary")
# A group: its title and the models in it, in reading order. What is not named comes last, under OTHERS.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        _("Why appointments move"),
        (
            "Reason",
            "Disruption",
            "RescheduleRequest",
            "Promise",
            "Feedback",
            "RecoveryCase",
            "CorrectiveAction",
            "Solution",
        ),
    ),
    (
        _("What we give"),
        ("CompensationTable", "CompensationBudget", "CompensationAuthority", "Compensation"),
    ),
    (DIARY, ("Appointment", "AppointmentEvent")),
    (_("People and places"), ("Customer", "Resource", "Service", "Location", "SpecialDay", "Business")),
    (_("Messages"), ("Message", "DeliveryAttempt")),
)
OTHERS = _("Signing in")
# What each page is good for, for somebody who sees it for the first time.
PURPOSES: dict[str, Any] = {
    "ComplaintsReport": _(
        "By cause, whether our answer helped, and how customers felt at first and once it was settled."
    ),
    "GivenReport": _("By month: what it was worth, what of it was used, what ran out."),
    "PromisesReport": _("By kind: kept by the first hour, later with a word before, broken."),
    "ReasonsReport": _("How often, how late, how quickly settled; every figure leads to its cases."),
    "Reason": _("What we tell customers, in every language, and who answers for it."),
    "Disruption": _("What could not take place, whom it hit, and what became of each."),
    "RescheduleRequest": _("Each proposal: why, what was offered, what the customer answered."),
    "Promise": _("What we said we would do, by when, and whether we did."),
    "Feedback": _("How customers say we handled it, and how it ended."),
    "RecoveryCase": _("What went wrong for whom, how it was put right, and what we change."),
    "CorrectiveAction": _("What we change so that less has to move: owner, due date, and whether it helped."),
    "CompensationTable": _("Who gets what when a move was our doing: drafted, tried on the past, put in force."),
    "CompensationBudget": _("What is set aside for a month, a quarter or a year."),
    "CompensationAuthority": _("Up to which worth each role gives something alone."),
    "Compensation": _("Each thing that was given, what it cost, and whether it was used."),
    "Solution": _("What helps when something has to move, who uses it, and how often it did."),
    "Appointment": _("Every appointment with its history. Moving one happens at the desk."),
    "Imports": _("From a table or a calendar: look first, then bring it in, and undo it as a whole."),
    "AppointmentEvent": _("Who did what, when and why. Nobody can change it."),
    "Customer": _("How to greet them and how to reach them."),
    "Resource": _("Staff, rooms and equipment: hours, breaks, absences."),
    "Service": _("Duration, buffers, what it needs, what stays the same when it moves."),
    "Location": _("Address, time zone, hours and closures."),
    "SpecialDay": _("Days that differ from the calendar of public holidays."),
    "Business": _("Name, and the times we give and promise."),
    "Message": _("What was sent, what failed and why, and the button to send it again."),
    "AccessAttempt": _("Wrong passwords, and who has to wait because of them."),
}


def home_zone(user: Any) -> zoneinfo.ZoneInfo:
    """The zone a colleague thinks in: of the place where they work, else of the first one that is theirs."""
    works_here = Exists(Resource.objects.filter(user=user.pk, location=OuterRef("pk")))
    own = within_reach(Location.objects.all(), user, place="pk")
    places = own.annotate(works_here=works_here).order_by("-works_here", "position", "name")
    return zoneinfo.ZoneInfo(places.values_list("zone", flat=True).first() or "UTC")


class ManagersSite(admin.AdminSite):
    """Django's admin site, told in the words of this business."""

    site_title = _("Reschedule")
    site_header = _("Reschedule for managers")
    index_title = _("Overview")

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """As Django's; besides, times are read and written as the clock of the colleague's place shows them."""
        inner = super().admin_view(view, cacheable)

        def in_home_zone(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return inner(request, *args, **kwargs)
            with timezone.override(home_zone(request.user)):
                try:
                    _refuse_nul(request)
                    response = inner(request, *args, **kwargs)
                except SuspiciousOperation as error:
                    log.warning("refused %s at %r: %r", request.user.pk, request.path, str(error))
                    response = self._refused(request, getattr(view, "__self__", None))
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                return response

        wrapped = update_wrapper(in_home_zone, inner)
        wrapped.login_url = reverse_lazy("admin:login", current_app=self.name)  # type: ignore[attr-defined]
        return wrapped

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """As Django's; besides, every list answers only what it is known to be asked, of what is the reader's."""
        given = admin_class or admin.ModelAdmin
        first = (OnlyWhatIsListed, OnlyWithinReach)
        narrowed = type(given.__name__, (*first, given), {"__module__": given.__module__})
        super().register(model_or_iterable, narrowed, **options)

    def _refused(self, request: HttpRequest, of: Any) -> HttpResponse:
        """A plain page for an address that asks what it may not, with the way back to the list it is about."""
        back = reverse("admin:index", current_app=self.name)
        if isinstance(of, admin.ModelAdmin):
            back = reverse(f"admin:{of.opts.app_label}_{of.opts.model_name}_changelist", current_app=self.name)
        context = {**self.each_context(request), "title": gettext("This cannot be asked here"), "back": back}
        return TemplateResponse(request, "admin/refused.html", context, status=400)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from appointments.views.managers import compensation, complaints, given, promises, reports

        tables = "appointments/compensationtable/<int:pk>"
        return [
            path(f"{tables}/past/", self.admin_view(compensation.tried), name="compensation-tried"),
            path(f"{tables}/in-force/", self.admin_view(compensation.put_in_force), name="compensation-in-force"),
            path(f"{tables}/copy/", self.admin_view(compensation.copy), name="compensation-copy"),
            path("reports/reasons/", self.admin_view(reports.reasons), name="reasons-report"),
            path("reports/reasons/<slug:kind>/", self.admin_view(reports.reasons_file), name="reasons-report-file"),
            path("reports/complaints/", self.admin_view(complaints.report), name="complaints-report"),
            path("reports/complaints/<slug:kind>/", self.admin_view(complaints.file), name="complaints-report-file"),
            path("reports/given/", self.admin_view(given.report), name="given-report"),
            path("reports/given/<slug:kind>/", self.admin_view(given.file), name="given-report-file"),
            path("reports/promises/", self.admin_view(promises.report), name="promises-report"),
            path("reports/promises/<slug:kind>/", self.admin_view(promises.file), name="promises-report-file"),
            *super().get_urls(),
        ]

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Chosen on the page that signs every other browser out, and writes it down."""
        return redirect("own-password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """As Django's, with how it stands for whoever may read the reports."""
        from appointments.domain.pages.managers_home import home

        context = dict(extra_context or {})
        if request.user.has_perm("appointments.view_reschedulerequest"):
            context["home"] = home(
                now=timezone.now(), today=timezone.localdate(), places=places_of(cast("User", request.user))
            )
        return super().index(request, context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        context["may_read_reports"] = request.user.has_perm("appointments.view_reschedulerequest")
        context["own_places"] = reach.named(request.user) if isinstance(request.user, User) else ""
        context["desk_url"] = reverse("home") if request.user.has_perm(MAY_WORK_AT_THE_DESK) else ""
        return context

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """In our groups; for one app (its own page) as Django has it."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        groups = grouped(apps)
        if request.user.has_perm("appointments.view_reschedulerequest") and groups:
            groups[0]["models"][:0] = _report_entries()
        if request.user.has_perm(MAY_IMPORT):
            _diary(groups)["models"].append(_import_entry())
        return groups


def _diary(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """The group of the diary; at the end where the reader may see nothing else of it."""
    for group in groups:
        if group["name"] == DIARY:
            return group
    groups.append(_as_app(DIARY, "group-diary", []))
    return groups[-1]


def _import_entry() -> dict[str, Any]:
    return {
        "name": _("Bring your appointments"),
        "object_name": "Imports",
        "admin_url": reverse("imports"),
        "add_url": None,
        "view_only": True,
        "purpose": PURPOSES["Imports"],
    }


def _report_entries() -> list[dict[str, Any]]:
    """The reports in the place of models: entries of the first group."""
    names = {
        "ReasonsReport": (_("Report: why appointments move"), "admin:reasons-report"),
        "ComplaintsReport": (_("Report: what caused complaints"), "admin:complaints-report"),
        "GivenReport": (_("Report: what we gave"), "admin:given-report"),
        "PromisesReport": (_("Report: promises kept"), "admin:promises-report"),
    }
    return [
        {
            "name": title,
            "object_name": name,
            "admin_url": reverse(address),
            "add_url": None,
            "view_only": True,
            "purpose": PURPOSES[name],
        }
        for name, (title, address) in names.items()
    ]


def _refuse_nul(request: HttpRequest) -> None:
    """PostgreSQL cannot even be asked for a NUL."""
    asked = [text for name, values in request.GET.lists() for text in (name, *values)]
    if any("\x00" in text for text in (request.path, *asked)):
        raise NotAsked("NUL in the address")


def grouped(apps: list[Any]) -> list[Any]:
    """The models of all `apps` under the titles of `GROUPS`, empty groups left out."""
    found = {
        model["object_name"]: {**model, "purpose": PURPOSES.get(model["object_name"], "")}
        for app in apps
        for model in app["models"]
    }
    groups = [
        _as_app(title, f"group-{number}", [found.pop(name) for name in names if name in found])
        for number, (title, names) in enumerate(GROUPS)
    ]
    groups.append(_as_app(OTHERS, "group-others", list(found.values())))
    return [group for group in groups if group["models"]]


def _as_app(title: Any, label: str, members: list[Any]) -> dict[str, Any]:
    """The shape in which Django's templates expect an app."""
    return {"name": title, "app_label": label, "app_url": "", "has_module_perms": bool(members), "models": members}
