"""The first day: six steps, each with a proposal, each of which can wait."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain.messages.ways import mail_server
from appointments.domain.setup import business as businesses
from appointments.domain.setup import catalogue, checklist, countries, shipped
from appointments.enums import ResourceKind
from appointments.errors import DomainError
from appointments.forms.setup.business import BusinessForm
from appointments.forms.setup.people import LinesForm
from appointments.forms.setup.places import PlaceForm
from appointments.forms.setup.reasons import ShippedForm
from appointments.forms.setup.services import TradeForm, usable
from appointments.forms.setup.shapes import ShapesForm
from appointments.forms.setup.weeks import WeekForm
from appointments.models import Location, Resource, Service, Setup
from appointments.roles import MAY_MANAGE_PEOPLE
from appointments.views.managers.find import (
    business_for,
    by,
    for_the_whole_business,
    in_charge,
    in_charge_of_it,
    invitations_for,
)
from appointments.views.managers.setup.tone import sounds

reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@in_charge
def overview(request: HttpRequest) -> HttpResponse:
    """Where the owner stands, and the next step."""
    return render(request, "appointments/setup/overview.html", {"list": checklist.checklist()})


@reads_and_writes
@in_charge
@for_the_whole_business
def business(request: HttpRequest) -> HttpResponse:
    form = BusinessForm(request.POST or None, business=business_for(request), country=home(request))
    if request.method == "POST" and form.is_valid():
        businesses.write_down(form.instance, country=form.cleaned_data["country"], by=by(request), now=timezone.now())
        return onwards("business")
    return page(request, "business", form, **sounds(form["tone"].value()))


@reads_and_writes
@in_charge
@for_the_whole_business
def places(request: HttpRequest) -> HttpResponse:
    """The first place, or another one."""
    country, now = home(request), timezone.now()
    form = PlaceForm(request.POST or None, place=Location(), country=country)
    week = WeekForm(request.POST or None, week=countries.proposal(country).week())
    if request.method == "POST" and form.is_valid() & week.is_valid():
        catalogue.open_place(form.instance, week.week(), nights=week.nights, by=by(request), now=now)
        return onwards("places")
    return page(request, "places", form, week=week, there=Location.objects.all())


@reads_and_writes
@in_charge
def people(request: HttpRequest) -> HttpResponse:
    """Who works here, and which rooms and devices there are, several at once."""
    now = timezone.now()
    lines = LinesForm(request.POST or None, prefix="people", by=in_charge_of_it(request), now=now)
    if request.method == "POST" and lines.is_valid():
        try:
            catalogue.add_people(lines.written(), by=by(request), now=now)
        except DomainError as error:  # somebody was faster, or it is not theirs to give
            lines.non_form_errors().append(error.message)
        else:
            return onwards("people")
    return page(request, "people", lines, there=Resource.objects.select_related("location"))


@reads_and_writes
@in_charge
@for_the_whole_business
def services(request: HttpRequest) -> HttpResponse:
    """Those of a trade, to be ticked; another trade is asked for by GET."""
    trade = asked_trade(request)
    givers = list(usable(ResourceKind.PROVIDER))
    form = ShapesForm(request.POST if request.method == "POST" else None, trade=trade, people=givers)
    if request.method == "POST" and form.is_valid():
        businesses.remember_trade(trade)
        shipped.add_services(form.wanted(), by=by(request), now=timezone.now())
        return onwards("services")
    more = {"trade": TradeForm(initial={"trade": trade}), "chosen": trade, "givers": givers}
    return page(request, "services", form, there=Service.objects.all(), **more)


@reads_and_writes
@in_charge
@for_the_whole_business
def reasons(request: HttpRequest) -> HttpResponse:
    form = ShippedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        shipped.add_reasons(form.cleaned_data["reasons"], by=by(request), now=timezone.now())
        return onwards("reasons")
    return page(request, "reasons", form)


@require_safe
@in_charge
def bring(request: HttpRequest) -> HttpResponse:
    """Appointments from elsewhere or by hand, and a first message to oneself."""
    may_invite = request.user.has_perm(MAY_MANAGE_PEOPLE)
    invited = invitations_for(request).standing() if may_invite else ()
    return page(request, "bring", None, invited=invited, has_mail=mail_server.is_said())


@require_POST
@in_charge
def later(request: HttpRequest, step: str) -> HttpResponse:
    """This step is left out for now."""
    if step not in checklist.DONE:
        raise Http404
    checklist.leave_out(step)
    return onwards(step)


@require_POST
@in_charge
def put_away(request: HttpRequest) -> HttpResponse:
    """The list is not shown on the board any more; the steps stay where they are."""
    checklist.put_away(now=timezone.now())
    messages.success(request, _("The list is put away. You find everything under “Settings” in your menu."))
    return redirect("home")


def page(request: HttpRequest, step: str, form: Any, **more: Any) -> HttpResponse:
    found = checklist.checklist()
    context = {"list": found, "step": found.step(step), "form": form, **more}
    status = 422 if request.method == "POST" else 200
    return render(request, f"appointments/setup/steps/{step}.html", context, status=status)


def onwards(step: str) -> HttpResponse:
    """The next one in their order; after the last one, the list."""
    following = checklist.checklist().after(step)
    return redirect(reverse(f"setup-{following}") if following else reverse("setup"))


def home(request: HttpRequest) -> str:
    return businesses.home_country(otherwise=settings.PHONENUMBER_DEFAULT_REGION)


def asked_trade(request: HttpRequest) -> str:
    """The kind of business that was chosen on the page, else the one of last time."""
    asked = request.POST.get("trade") or request.GET.get("trade") or Setup.current().trade
    return asked if asked in shipped.TRADES else next(iter(shipped.TRADES))
