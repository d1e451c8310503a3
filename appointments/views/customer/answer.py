"""The customer's page. GET shows how things stand and changes nothing; each answer is one POST."""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain import reaching
from appointments.domain.messages import invites
from appointments.domain.moving import answers, offers, opened
from appointments.domain.moving.own_choice import choice, way_back
from appointments.domain.pages.customer_page import CustomerState, customer_situation, in_words
from appointments.domain.schedule import requirements
from appointments.enums import LinkPurpose, RequestState
from appointments.errors import DomainError, NotOffered, RoundOver, SlotTaken, ToldEnough
from appointments.forms.answer import AnswerForm, CallMeForm, GiveUpForm, OtherTimesForm, PickForm, TellForm
from appointments.models import Business, Link, Offer, RescheduleRequest
from appointments.views.customer.find import by_link
from notifications.text import languages

logger = logging.getLogger("appointments.access")

F = TypeVar("F", bound=AnswerForm)
Act = Callable[[Link, F, str, datetime], object]

FORMS: dict[str, type[AnswerForm]] = {
    "pick": PickForm,
    "other_times": OtherTimesForm,
    "call_me": CallMeForm,
    "keep": AnswerForm,
    "cancel": GiveUpForm,
    "tell": TellForm,
    "back": AnswerForm,
}


@by_link(LinkPurpose.ANSWER)
@require_safe
def page(request: HttpRequest, link: Link) -> HttpResponse:
    """How things stand now, whatever the link was first sent for."""
    return show(request, link)


def answering(act: Act[F]) -> Callable[..., HttpResponse]:
    """Makes a view of one answer: a POST with a valid form acts, then leads back to the page, which says what is true.

    A GET (reload, Back, a scanner) only leads there. What the rules forbid is said on the page itself, and nothing
    that was typed is lost.
    """
    name = act.__name__

    @by_link(LinkPurpose.ANSWER)
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(act)
    def view(request: HttpRequest, link: Link) -> HttpResponse:
        if request.method != "POST":
            return to_page(request)
        now = timezone.now()
        form: Any = form_of(name, link, now=now, data=request.POST)
        if not form.is_valid():
            return show(request, link, bound={name: form}, status=422)
        try:
            act(link, form, f"{form.cleaned_data['nonce']}.{name}", now)
        except RoundOver as over:
            return show(request, link, error=_too_late(link, name) or over.message, status=409)
        except ToldEnough as enough:
            return show(request, link, bound={name: form}, error=enough.message, status=429)
        except DomainError as error:
            logger.info(
                "Refused an answer (%s) for appointment %s: %s", name, link.appointment_id, type(error).__name__
            )
            return show(request, link, error=error.message, status=409)
        return to_page(request)

    return view


@answering
def pick(link: Link, form: PickForm, nonce: str, now: datetime) -> None:
    offer = Offer.objects.filter(pk=form.cleaned_data["offer"], request__appointment=link.appointment_id).first()
    if offer is None:
        appointment = _latest_round(link).appointment_id
        logger.warning("Offer %s was never made for appointment %s", form.cleaned_data["offer"], appointment)
        raise NotOffered
    try:
        answers.accept(offer, nonce=nonce, now=now)
    except SlotTaken:
        offers.refresh(_latest_round(link), gone=offer, now=now)
        raise


@answering
def other_times(link: Link, form: OtherTimesForm, nonce: str, now: datetime) -> None:
    said = form.cleaned_data
    choice.ask_other_times(
        link.appointment, form.wishes(), words=said["words"], seen=said["seen"], nonce=nonce, now=now
    )


@answering
def call_me(link: Link, form: CallMeForm, nonce: str, now: datetime) -> None:
    said = form.cleaned_data
    answers.call_me(
        choice.thread(link.appointment, now=now),
        words=said["words"],
        reached=said.get("reached", ()),
        phone=str(said.get("phone") or ""),
        nonce=nonce,
        now=now,
    )


@answering
def keep(link: Link, form: AnswerForm, nonce: str, now: datetime) -> None:
    answers.keep(_latest_round(link), nonce=nonce, now=now)


@answering
def cancel(link: Link, form: GiveUpForm, nonce: str, now: datetime) -> None:
    said = form.cleaned_data
    choice.cancel(link.appointment, words=said["words"], seen=said["seen"], nonce=nonce, now=now)


@answering
def tell(link: Link, form: TellForm, nonce: str, now: datetime) -> None:
    said = form.cleaned_data
    about = choice.thread(link.appointment, now=now)
    answers.tell(about, words=said["words"], mood=said["mood"], nonce=nonce, now=now)


@answering
def back(link: Link, form: AnswerForm, nonce: str, now: datetime) -> None:
    way_back.take(link.appointment, nonce=nonce, now=now)


@by_link(LinkPurpose.ANSWER)
@require_POST
def seen(request: HttpRequest, link: Link) -> HttpResponse:
    """A person is there: the page says so once, after the first touch or key that no script has made."""
    opened.by_somebody(link.appointment, now=timezone.now())
    return HttpResponse(status=204)


@by_link(LinkPurpose.ANSWER)
@require_safe
def calendar_file(request: HttpRequest, link: Link) -> HttpResponse:
    """The entry for the customer's calendar, as it is true now; a cancelled appointment takes its entry away."""
    now, language = timezone.now(), languages.active()
    situation = customer_situation(link.appointment, now=now)
    is_cancelled = situation.state == CustomerState.CANCELLED
    write, method = (invites.cancellation, "CANCEL") if is_cancelled else (invites.request, "REQUEST")
    response = HttpResponse(
        write(link.appointment, language=language, now=now),
        content_type=f"text/calendar; charset=utf-8; method={method}; component=VEVENT",
    )
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


def _too_late(link: Link, name: str) -> str:
    """What became of a second choice in a page that is old; "" when the round ended in another way."""
    if name == "back":
        return ""
    latest = link.appointment.requests.told().order_by("-round").first()
    if latest is not None and latest.state == RequestState.ACCEPTED:
        return _("You had chosen a time already, so this tap changed nothing. The time that holds is below.")
    return ""


def _latest_round(link: Link) -> RescheduleRequest:
    latest: RescheduleRequest | None = (
        link.appointment.requests.told().select_related("appointment", "reason", "contact").order_by("-round").first()
    )
    if latest is None:
        raise RoundOver
    return latest


def form_of(name: str, link: Link, *, now: datetime, **given: Any) -> AnswerForm:
    """Whoever has no telephone number here is asked for one before a call is promised."""
    if name == "call_me":
        given["has_number"] = bool(link.appointment.customer.phone)
        given["parts"] = reaching.lately_offered(link.appointment.location, now=now)
    if name == "other_times":
        given["ways"] = link.appointment.service.manners[1:]
        given["has_others"] = requirements.is_done_elsewhere(link.appointment)
    return FORMS[name](**given)


def show(
    request: HttpRequest,
    link: Link,
    *,
    bound: dict[str, AnswerForm] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    situation = customer_situation(link.appointment, now=now)
    shown = {"nonce": secrets.token_urlsafe(16), "reached": situation.reached}
    bound = bound or {}
    forms = bound | {name: form_of(name, link, now=now, initial=shown) for name in FORMS if name not in bound}
    chosen = request.POST.get("offer") or request.GET.get("offer") or ""
    business = Business.current()
    context = {
        **in_words(situation, language=languages.active(), now=now, business=business),
        "business": business,
        "forms": forms,
        "opened": next(iter(bound), ""),
        "error": error,
        "chosen": chosen,
        "now": now,
        "token": token_of(request),
    }
    return render(request, f"appointments/customer/{situation.state}.html", context, status=status)


def token_of(request: HttpRequest) -> str:
    """The key in the address: every form on the page leads back to it."""
    return str(request.resolver_match.kwargs["token"]) if request.resolver_match else ""


def to_page(request: HttpRequest) -> HttpResponse:
    """303, so that a reload repeats nothing. The chosen language goes along."""
    path = reverse("answer", args=[token_of(request)])
    wanted = languages.known(request.GET.get("lang", ""))
    return HttpResponseRedirect(f"{path}?lang={wanted}" if wanted else path, status=303)
