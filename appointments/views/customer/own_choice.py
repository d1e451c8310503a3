"""The free times that a booked customer can move to by themselves: one page, one tap on a time."""

import logging
import secrets
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from appointments.domain.moving.own_choice import choice
from appointments.domain.pages import own_times
from appointments.enums import LinkPurpose
from appointments.errors import DomainError, MoveRefused, NotOffered, RoundOver, SlotTaken
from appointments.forms.own_choice import MoveForm
from appointments.models import Business, Link
from appointments.views.customer.answer import form_of, show, to_page, token_of
from appointments.views.customer.find import by_link
from notifications.text import languages

logger = logging.getLogger("appointments.access")


@by_link(LinkPurpose.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, link: Link) -> HttpResponse:
    """GET shows free times and changes nothing; a POST with one of them moves the appointment there."""
    now = timezone.now()
    if request.method != "POST":
        return _times(request, link, now=now)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _times(request, link, now=now, error=form.first_problem, status=422)
    try:
        choice.move(link.appointment, now=now, **form.chosen())
    except (RoundOver, MoveRefused) as over:
        link.appointment.refresh_from_db()
        return show(request, link, error=over.message, status=409)
    except (SlotTaken, NotOffered) as error:
        return _refused(request, link, error, now=now)
    return to_page(request)


def _refused(request: HttpRequest, link: Link, error: DomainError, *, now: datetime) -> HttpResponse:
    """Fresh times in the same answer. What no page has ever offered is worth a look by whoever reads the log."""
    told = logger.warning if isinstance(error, NotOffered) else logger.info
    told("Refused to move appointment %s: %s", link.appointment_id, type(error).__name__)
    return _times(request, link, now=now, error=error.message, status=409)


def _times(request: HttpRequest, link: Link, *, now: datetime, error: str = "", status: int = 200) -> HttpResponse:
    found = own_times.own_times(link.appointment, first=_day(request.GET.get("from", "")), now=now)
    if found is None:
        return show(request, link, error=error, status=status) if error else to_page(request)
    nonce = secrets.token_urlsafe(16)
    context = {
        **found,
        "business": Business.current(),
        "language": languages.active(),
        "nonce": nonce,
        "forms": {"other_times": form_of("other_times", link, now=now, initial={"nonce": nonce})},
        "error": error,
        "token": token_of(request),
    }
    return render(request, "appointments/customer/times.html", context, status=status)


def _day(text: str) -> date | None:
    """From which day on the customer wants to see all times; None for the nearest ones, and for what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
