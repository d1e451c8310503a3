"""The settings: the business, its places, its people and devices, its services, its reasons."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appointments.domain.pages import settings as shown
from appointments.domain.people import reach
from appointments.domain.setup import business as businesses
from appointments.domain.setup import catalogue, countries, hours
from appointments.forms.setup.business import PromisesForm
from appointments.forms.setup.people import PersonForm
from appointments.forms.setup.places import PlaceForm
from appointments.forms.setup.reasons import OwnReasonForm
from appointments.forms.setup.services import ServiceForm
from appointments.forms.setup.weeks import OwnWeekForm, WeekForm
from appointments.models import Reason, Resource, Service
from appointments.roles import MAY_CHANGE_THE_BUSINESS, MAY_MANAGE_PEOPLE, MAY_READ_AUDIT
from appointments.views.managers.find import (
    business_for,
    by,
    for_the_whole_business,
    in_charge,
    in_charge_of_it,
    in_the_settings,
    new_place_for,
    place_for,
    reason_for,
    resource_for,
    service_for,
)
from appointments.views.managers.setup.asking import called, called_as, done, page, saved_or_asked
from appointments.views.managers.setup.steps import home, reads_and_writes
from appointments.views.managers.setup.tone import sounds


@require_safe
@in_the_settings
def overview(request: HttpRequest) -> HttpResponse:
    """What the reader may set up or look at; each page has a door of its own."""
    may = request.user.has_perm
    context: dict[str, Any] = {"may_manage_people": may(MAY_MANAGE_PEOPLE), "may_read_audit": may(MAY_READ_AUDIT)}
    if may(MAY_CHANGE_THE_BUSINESS):
        reader = in_charge_of_it(request)
        context |= {"settings": shown.settings(reader), "not_yours": reach.not_yours(reader)}
    return render(request, "appointments/setup/settings/overview.html", context)


@reads_and_writes
@in_charge
@for_the_whole_business
def business(request: HttpRequest) -> HttpResponse:
    form = PromisesForm(request.POST or None, business=business_for(request), country=home(request))
    if request.method == "POST" and form.is_valid():
        businesses.write_down(form.instance, by=by(request), now=timezone.now())
        return done(request)
    return page(request, "business", None, form=form, title=_("Business"), **sounds(form["tone"].value()))


@reads_and_writes
@in_charge
def place(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A place with its hours; without `pk` a new one."""
    found, now = place_for(request, pk) if pk else new_place_for(request), timezone.now()
    form = PlaceForm(request.POST or None, place=found, country=home(request))
    today = now.astimezone(found.tzinfo).date()
    usual = hours.week_of(found, today=today) if pk else countries.proposal(home(request)).week()
    week = WeekForm(request.POST or None, week=usual, nights=bool(pk) and hours.works_at_night(found))
    asked = None
    if request.method == "POST" and form.is_valid() & week.is_valid():
        if not pk:
            catalogue.open_place(form.instance, week.week(), nights=week.nights, by=by(request), now=now)
            return done(request)
        save = partial(catalogue.change_place, form.instance, week.week(), nights=week.nights, by=by(request), now=now)
        asked = saved_or_asked(request, lambda agreed: save(changed=form.changed_data, agreed=agreed), form=week)
    title = found.name if pk else _("New place")
    return page(request, "place", asked, form=form, week=week, title=title, place=found, year=today.year)


@reads_and_writes
@in_charge
def resource(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A person, a room or a device with their own hours or those of the place; without `pk` a new one."""
    found, now = resource_for(request, pk) if pk else Resource(), timezone.now()
    today = now.astimezone(found.location.tzinfo).date() if pk else timezone.localdate(now)
    own = hours.week_of(found, today=today) if pk else {}
    form = PersonForm(
        request.POST or None,
        person=found,
        has_hours=any(own.values()),
        by=in_charge_of_it(request),
        **called_as(request),
    )
    usual = own if any(own.values()) or not pk else hours.week_of(found.location, today=today)
    week = OwnWeekForm(request.POST or None, week=usual, nights=bool(pk) and hours.works_at_night(found))
    asked = None
    if request.method == "POST" and form.is_valid() & week.is_valid_beside(
        form.cleaned_data.get("same_hours"), place=form.place(), today=today
    ):
        wanted = dict.fromkeys(range(7), "") if form.cleaned_data["same_hours"] else week.week()
        if not pk:
            gives = form.cleaned_data.get("services") or ()
            catalogue.add_resource(form.instance, wanted, gives=gives, nights=week.nights, by=by(request), now=now)
            return done(request)
        save = partial(catalogue.change_resource, form.instance, wanted, nights=week.nights, by=by(request), now=now)
        asked = saved_or_asked(request, lambda agreed: save(changed=form.changed_data, agreed=agreed), form=week)
    title = found.name if pk else _("New person, room or device")
    return page(request, "person", asked, form=form, week=week, title=title)


@reads_and_writes
@in_charge
@for_the_whole_business
def service(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A service with whoever gives it; without `pk` a new one."""
    found, now = service_for(request, pk) if pk else Service(), timezone.now()
    form = ServiceForm(request.POST or None, service=found, name=called(request))
    asked = None
    if request.method == "POST" and form.is_valid():
        if not pk:
            catalogue.add_service(form.instance, form.needs(), by=by(request), now=now)
            return done(request)
        save = partial(catalogue.change_service, form.instance, form.needs(), by=by(request), now=now)
        asked = saved_or_asked(request, lambda agreed: save(changed=form.changed_data, agreed=agreed), form=form)
    return page(request, "form", asked, form=form, title=found.name_in() if pk else _("New service"))


@reads_and_writes
@in_charge
@for_the_whole_business
def reason(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A reason in the business's own words; without `pk` a new one."""
    found = reason_for(request, pk) if pk else Reason()
    form = OwnReasonForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        catalogue.write_reason(form.instance, by=by(request), now=timezone.now())
        for doubt in form.doubts:
            messages.warning(request, doubt)
        return done(request)
    return page(request, "form", None, form=form, title=found.label_in() if pk else _("New reason"))
