"""The door of the desk: every page of this folder enters here, and finds its rows here.

Each function authorises, scopes to the places of the colleague, and finds, in one call, so that no page can forget.
Every page is closed by default (LoginRequiredMiddleware); the desk needs a permission too.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from appointments.domain import affected
from appointments.domain.colleagues import within_reach
from appointments.domain.disruptions.blocking import may_see
from appointments.domain.pages.queues.kinds import QUEUES, Queue
from appointments.enums import AbsenceKind, AppointmentState, DisruptionScope, DisruptionSource, PlanState, RequestState
from appointments.models import (
    Absence,
    AffectedAppointment,
    Appointment,
    CasePoint,
    Compensation,
    Customer,
    CustomerMerge,
    Disruption,
    DisruptionPlan,
    Location,
    PlanLine,
    Promise,
    RecoveryCase,
    RescheduleRequest,
    Resource,
    SavedView,
)
from appointments.models.appointment import AppointmentQuerySet
from appointments.models.disruption import AffectedQuerySet, DisruptionQuerySet
from appointments.models.people import CustomerQuerySet
from appointments.models.promise import PromiseQuerySet
from appointments.models.recovery import CaseQuerySet, CompensationQuerySet
from appointments.models.rescheduling import RequestQuerySet
from appointments.roles import MAY_SEND_AGAIN, MAY_WORK_AT_THE_DESK

logger = logging.getLogger("appointments.access")

LAST_PLACE = "location"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def at_the_desk(view: View[P]) -> View[P]:
    """For colleagues; to others the page does not exist. What the desk shows is about people: no browser keeps it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        colleague(request)
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def colleague(request: HttpRequest) -> User:
    """The reader, who has the permission `appointments.work_desk`. Raises Http404 for anybody else, and notes it."""
    user = request.user
    if not (isinstance(user, User) and user.has_perm(MAY_WORK_AT_THE_DESK)):
        logger.warning("Refused %r to user %s, who does not work at the desk", request.path, user.pk)
        raise Http404
    return user


def appointments_for(request: HttpRequest) -> AppointmentQuerySet:
    """The appointments of the reader's places, with what pages show of them."""
    return within_reach(Appointment.objects.for_display(), colleague(request), place="location")


def rounds_for(request: HttpRequest) -> RequestQuerySet:
    return within_reach(RescheduleRequest.objects.for_display(), colleague(request), place="appointment__location")


def promises_for(request: HttpRequest) -> PromiseQuerySet:
    return within_reach(Promise.objects.for_display(), colleague(request), place="appointment__location")


def cases_for(request: HttpRequest) -> CaseQuerySet:
    """The complaints about appointments of the reader's places."""
    return within_reach(RecoveryCase.objects.all(), colleague(request), place="appointment__location")


def case_for(request: HttpRequest, pk: int) -> RecoveryCase:
    return get_object_or_404(cases_for(request).for_display(), pk=pk)


def point_for(request: HttpRequest, pk: int, point_pk: int) -> CasePoint:
    """One point of a complaint."""
    found = case_for(request, pk)
    point = get_object_or_404(CasePoint, case=found, pk=point_pk)
    point.case = found
    return point


def codes_for(request: HttpRequest) -> CompensationQuerySet:
    """What was given to customers of the reader's places."""
    return within_reach(Compensation.objects.for_display(), colleague(request), place="appointment__location")


def code_for(request: HttpRequest, pk: int) -> Compensation:
    return get_object_or_404(codes_for(request), pk=pk)


def customer_for(request: HttpRequest, pk: int) -> Customer:
    """Of the reader's places, or of none yet."""
    reachable = appointments_for(request).filter(customer=pk)
    found = get_object_or_404(Customer, pk=pk)
    if found.appointments.exists() and not reachable.exists():
        raise Http404
    return found


def merge_for(request: HttpRequest, pk: int) -> CustomerMerge:
    """Two records that were put together; the one that was kept is of the reader's places, or of none yet."""
    return get_object_or_404(CustomerMerge.objects.filter(kept__in=known_for(request)), pk=pk)


def known_for(request: HttpRequest) -> CustomerQuerySet:
    """Every customer whose page the reader may open, by the same rule."""
    own = Appointment.objects.filter(customer=OuterRef("pk"))
    reachable = within_reach(own, colleague(request), place="location")
    known: CustomerQuerySet = Customer.objects.filter(Exists(reachable) | ~Exists(own))
    return known


def resources_for(request: HttpRequest) -> QuerySet[Resource]:
    """Who and what is in use at the reader's places."""
    rows = Resource.objects.filter(is_active=True, location__is_active=True).select_related("location")
    return within_reach(rows, colleague(request), place="location")


def blocked_for(request: HttpRequest, pk: int) -> Absence:
    """A time that was blocked at the desk. Raises Http404 also for one whose title is not for the reader."""
    rows = Absence.objects.filter(kind=AbsenceKind.BLOCKED).select_related("resource__location", "written_by")
    found = get_object_or_404(within_reach(rows, colleague(request), place="resource__location"), pk=pk)
    if not may_see(found, colleague(request)):
        raise Http404
    return found


def hits_for(request: HttpRequest) -> AffectedQuerySet:
    """What has to move at the reader's places."""
    return within_reach(affected.to_move(), colleague(request), place="appointment__location")


def queue_for(request: HttpRequest, code: str) -> Queue:
    colleague(request)
    if code not in QUEUES:
        raise Http404
    return QUEUES[code]


def saved_views_for(request: HttpRequest) -> QuerySet[SavedView]:
    """The reader's own, of queues that there are."""
    found: QuerySet[SavedView] = SavedView.objects.filter(owner=colleague(request), queue__in=QUEUES)
    return found


def saved_view_for(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(saved_views_for(request), pk=pk)


def sender(request: HttpRequest) -> User:
    """The reader, who may send a message once more that did not arrive. Raises Http404 for anybody else."""
    user = colleague(request)
    if not user.has_perm(MAY_SEND_AGAIN):
        raise Http404
    return user


def places_for(request: HttpRequest) -> QuerySet[Location]:
    """The places whose boards the reader sees, in the order of the business: those in use, and while somebody is still
    booked there those that are not.
    """
    coming = Appointment.objects.filter(
        location=OuterRef("pk"), state=AppointmentState.BOOKED, ends_at__gt=timezone.now()
    )
    shown = Location.objects.filter(Q(is_active=True) | Exists(coming))
    return within_reach(shown, colleague(request), place="pk")


def usual_place(request: HttpRequest) -> Location | None:
    """Where the reader works: the place seen last, else the one they belong to."""
    places = places_for(request)
    last = places.filter(code=request.session.get(LAST_PLACE, "")).first()
    return last or places.filter(resources__user=colleague(request)).first() or places.first()


def ours(address: str, *, else_to: str) -> str:
    """`address` if it is one of our pages."""
    return address if address.startswith("/") and url_has_allowed_host_and_scheme(address, None) else else_to


def here_and_now(request: HttpRequest) -> dict[str, Any]:
    """Where and on which day somebody who says that something is not available most probably means."""
    now, place = timezone.now(), usual_place(request)
    return {"now": now, "place": place, "today": now.astimezone(place.tzinfo).date() if place else None}


def appointment_for(request: HttpRequest, pk: int) -> Appointment:
    """Raises Http404 also for one of a place that is not the reader's."""
    return get_object_or_404(appointments_for(request), pk=pk)


def round_for(request: HttpRequest, pk: int) -> RescheduleRequest:
    return get_object_or_404(rounds_for(request), pk=pk)


def taken_back_for(request: HttpRequest, pk: int) -> RescheduleRequest:
    """Raises Http404 also for one that was not taken back."""
    return get_object_or_404(rounds_for(request), pk=pk, state=RequestState.WITHDRAWN)


def promise_for(request: HttpRequest, pk: int, **more: Any) -> Promise:
    """`more`: what it has to be besides, such as its kind."""
    return get_object_or_404(promises_for(request), pk=pk, **more)


def affected_for(request: HttpRequest, pk: int) -> AffectedAppointment:
    rows = within_reach(AffectedAppointment.objects.for_display(), colleague(request), place="appointment__location")
    return get_object_or_404(rows, pk=pk)


def disruption_for(request: HttpRequest, pk: int) -> Disruption:
    """One that colleagues have said; what has rows of its own (an absence …) ends with those."""
    said = Disruption.objects.filter(source=DisruptionSource.SAID).for_display().with_state()
    return get_object_or_404(within_reach(said, colleague(request), place="location"), pk=pk)


def late_for(request: HttpRequest, pk: int) -> Disruption:
    """One that says that people run late."""
    return get_object_or_404(disruptions_for(request).filter(source=DisruptionSource.LATE), pk=pk)


def disruptions_for(request: HttpRequest) -> DisruptionQuerySet:
    """Those of the reader's places, wherever we know them from; of one appointment only there is no plan."""
    rows = Disruption.objects.exclude(scope=DisruptionScope.APPOINTMENT).for_display().with_state()
    return within_reach(rows, colleague(request), place="location")


def any_disruption_for(request: HttpRequest, pk: int, *, bare: bool = False) -> Disruption:
    """`bare`: without what says what it is, in one query."""
    rows = disruptions_for(request)
    return get_object_or_404(rows.prefetch_related(None) if bare else rows, pk=pk)


def plan_for(request: HttpRequest, pk: int) -> DisruptionPlan:
    """The plan of a disruption that is being made or sent, else the last one. Raises Http404 where there is none."""
    newest = newest_plan_for(request, pk)
    if newest is None:
        raise Http404
    return newest


def newest_plan_for(request: HttpRequest, pk: int) -> DisruptionPlan | None:
    """The same; None where there is none."""
    plans = DisruptionPlan.objects.for_display().prefetch_related("stand_ins")
    found = within_reach(plans, colleague(request), place="disruption__location").filter(disruption=pk)
    newest: DisruptionPlan | None = found.exclude(state=PlanState.DROPPED).order_by("-pk").first()
    return newest


def line_for(request: HttpRequest, pk: int, appointment_pk: int) -> PlanLine:
    """The line of one appointment in that plan."""
    plan = plan_for(request, pk)
    line = get_object_or_404(plan.lines.for_display(), appointment=appointment_pk)
    line.plan = plan
    return line


def place_for(request: HttpRequest, code: str) -> Location:
    return get_object_or_404(places_for(request), code=code)


def resource_for(request: HttpRequest, place: Location, pk: int) -> Resource:
    """One of a place that the reader sees, in use or not: what was booked with it stays to be seen."""
    reachable = within_reach(Resource.objects.all(), colleague(request), place="location")
    found = get_object_or_404(reachable, pk=pk, location=place)
    found.location = place
    return found
