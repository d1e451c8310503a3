"""Doors through which capacity changes under bookings: each asks once, and leaves a disruption behind.

What is saved is saved on trial: when somebody booked can no longer come, it is taken back and the page asks, with the
list; the tick carries the list's fingerprint, so that a list that has grown meanwhile is asked about again.
"""

from typing import Any, ClassVar, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from appointments.admin.base import HouseAdmin
from appointments.admin.capacity.conflicts import KnowingForm, told, told_free
from appointments.domain import actors, overlooked
from appointments.domain.actors import Actor
from appointments.domain.affected import WhatIsMissing
from appointments.domain.colleagues import places_of
from appointments.domain.moving import offers
from appointments.domain.schedule import faults
from appointments.domain.schedule.conflicts import Conflict, fingerprint
from appointments.domain.setup import changing
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.models import Appointment, Location
from appointments.models.appointment import AppointmentQuerySet

TICK = "will_move_all"


class Asked(Exception):
    def __init__(self, hits: list[Conflict]) -> None:
        super().__init__("somebody is booked there")
        self.hits = hits


class DoorAdmin(HouseAdmin):
    """An admin of something that appointments need. `booked_on` says which appointments need `obj`."""

    source: ClassVar[DisruptionSource] = DisruptionSource.HOURS

    def booked_on(self, obj: Any) -> AppointmentQuerySet:
        raise NotImplementedError

    def missing_in(self, obj: Any, location: Location) -> WhatIsMissing:
        """What cannot be had of `obj` at `location`, from now on and for nobody knows how long."""
        return WhatIsMissing(DisruptionScope.PLACE, location, timezone.now())

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Asked as asked:
            return self._ask(request, asked.hits)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            stored = type(obj)._default_manager.get(pk=obj.pk)
            form.faults_before = faults.faults_of(self.booked_on(stored), now=timezone.now())
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        asked = [one for formset in formsets for one in formset.forms if isinstance(one, KnowingForm) and one.hits]
        for one in asked:
            one.leave_disruptions(by=_who(request))
        if change:
            self._ask_or_leave(request, form, known={hit.appointment for one in asked for hit in one.hits})
        transaction.on_commit(_strike_out)
        say_who_is_free(request)
        if asked:
            messages.warning(request, told([hit for one in asked for hit in one.hits], saved=True))

    def _ask_or_leave(self, request: HttpRequest, form: Any, *, known: set[Appointment]) -> None:
        now = timezone.now()
        found = changing.newly_hit(self.booked_on(form.instance), before=form.faults_before, now=now)
        hit = [one for one in found if one not in known]
        if not hit:
            return
        hits = changing.as_conflicts(hit)
        if request.POST.get(TICK) != fingerprint(hits):
            raise Asked(hits)
        changing.leave(
            hit,
            lambda location: self.missing_in(form.instance, location),
            source=self.source_of(form),
            note=str(form.instance),
            by=_who(request),
            now=now,
        )
        messages.warning(request, told(hits, saved=True))

    def source_of(self, form: Any) -> DisruptionSource:
        """What has happened to it."""
        if "is_active" in form.changed_data:
            return DisruptionSource.SWITCHED_OFF
        return DisruptionSource.ZONE if "zone" in form.changed_data else self.source

    def _ask(self, request: HttpRequest, hits: list[Conflict]) -> HttpResponse:
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self.opts.verbose_name,
            "told": told(hits),
            "tick": TICK,
            "fingerprint": fingerprint(hits),
            "sent": [(name, value) for name, value in sent if name not in ("csrfmiddlewaretoken", TICK)],
        }
        return TemplateResponse(request, "admin/asked.html", context, status=409)


def say_who_is_free(request: HttpRequest) -> None:
    """Who can come again by what was saved or deleted waits no more, and the page says who that is."""
    places = places_of(cast("User", request.user))
    free = overlooked.let_go(by=_who(request), now=timezone.now())
    if own := [one for one in free if places is None or one.location_id in places]:
        messages.success(request, told_free(own))


def _strike_out() -> None:
    offers.strike_out(now=timezone.now())


def _who(request: HttpRequest) -> Actor:
    return actors.staff(cast("User", request.user))
