"""Two questions after a move: the link shows them, each answer is one tap on a button."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from appointments.domain.messages.context import customer_of
from appointments.domain.moving import feedback
from appointments.domain.recovery import final_check
from appointments.enums import LinkPurpose, Mood
from appointments.errors import DomainError, ToldEnough
from appointments.forms.feedback import HelpedForm, MoodForm, ScoreForm, WordsForm
from appointments.models import Business, Feedback, Link
from appointments.views.customer.find import by_link
from notifications.text import languages


@by_link(LinkPurpose.FEEDBACK)
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, link: Link, token: str = "") -> HttpResponse:
    """GET shows the two questions and what was answered; POST writes one score."""
    if request.method != "POST":
        return _show(request, link)
    form = ScoreForm(request.POST)
    if not form.is_valid():
        return _show(request, link, error=_first_problem(form), status=422)
    try:
        feedback.rate(link.appointment, now=timezone.now(), **form.cleaned_data)
    except ToldEnough as enough:
        return _show(request, link, error=enough.message, status=429)
    return _back(request)


@by_link(LinkPurpose.FEEDBACK)
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, link: Link) -> HttpResponse:
    """The customer's own words beside the scores."""
    if request.method != "POST":
        return _back(request)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _show(request, link, error=_first_problem(form), typed=request.POST.get("words", ""), status=422)
    told = form.cleaned_data["words"]
    try:
        feedback.add_words(link.appointment, words=told, now=timezone.now())
    except ToldEnough as enough:
        return _show(request, link, error=enough.message, typed=told, status=429)
    return _back(request)


@by_link(LinkPurpose.FEEDBACK)
@require_http_methods(["GET", "HEAD", "POST"])
def helped(request: HttpRequest, link: Link) -> HttpResponse:
    """Whether our answer to a complaint helped: one tap."""
    if request.method != "POST":
        return _back(request)
    form = HelpedForm(request.POST)
    if not form.is_valid():
        return _show(request, link, error=_first_problem(form), status=422)
    try:
        final_check.say(link.appointment, solved=form.solved(), now=timezone.now())
    except DomainError as error:
        return _show(request, link, error=error.message, status=409)
    return _back(request)


@by_link(LinkPurpose.FEEDBACK)
@require_http_methods(["GET", "HEAD", "POST"])
def mood(request: HttpRequest, link: Link) -> HttpResponse:
    """How they feel about it, now that it is settled: one tap."""
    if request.method != "POST":
        return _back(request)
    form = MoodForm(request.POST)
    if not form.is_valid():
        return _show(request, link, error=_first_problem(form), status=422)
    try:
        final_check.feel(link.appointment, mood=form.cleaned_data["mood"])
    except DomainError as error:
        return _show(request, link, error=error.message, status=409)
    return _back(request)


@by_link(LinkPurpose.FEEDBACK)
@require_http_methods(["GET", "HEAD", "POST"])
def no_more(request: HttpRequest, link: Link) -> HttpResponse:
    """Ends questions of this kind; also what a mail program calls for one-click unsubscribe (RFC 8058)."""
    if request.method == "POST":
        feedback.ask_no_more(link.appointment.customer)
    return _show(request, link, leaving=True)


def _show(
    request: HttpRequest, link: Link, *, error: str = "", typed: str = "", leaving: bool = False, status: int = 200
) -> HttpResponse:
    asked = final_check.to_be_checked(link.appointment)
    given = Feedback.objects.filter(appointment=link.appointment).first()
    business = Business.current()
    context = {
        "appointment": link.appointment,
        "customer": customer_of(link.appointment, tone=business.tone),
        "business": business,
        "zone": link.appointment.location.zone,
        "language": languages.active(),
        "token": request.resolver_match.kwargs["token"] if request.resolver_match else "",
        "questions": feedback.asked(link.appointment, given),
        "given": given,
        "asked": asked,
        "helped": final_check.has_helped(link.appointment),
        "moods": Mood.choices if final_check.mood_asked(link.appointment) else (),
        "is_bad": feedback.is_bad(given),
        "owed": feedback.owed(link.appointment),
        "now": timezone.now(),
        "typed": typed or (given.words if given else ""),
        "error": error,
        "leaving": leaving,
    }
    return render(request, "appointments/customer/feedback.html", context, status=status)


def _first_problem(form: Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def _back(request: HttpRequest) -> HttpResponse:
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    return HttpResponseRedirect(reverse("feedback", args=[token]), status=303)
