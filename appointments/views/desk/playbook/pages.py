"""The playbook: looking for a solution, reading one, saying what one thinks of it; and writing it, for leads."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain.pages.playbook import line_of, menu_for, shelf
from appointments.domain.recovery.playbook import another_way, opinions, starting, writing
from appointments.domain.recovery.playbook.authority import may_write
from appointments.domain.recovery.practice import scenarios
from appointments.errors import DomainError
from appointments.forms.playbook import CommentForm, ShelfForm, SolutionForm, UsesSolutions
from appointments.models import Solution
from appointments.views.desk.find import appointment_for, at_the_desk, colleague, usual_place
from appointments.views.desk.playbook.find import another_way_for, solution_for, version_for, writer
from notifications.text import languages


@require_safe
@at_the_desk
def playbook(request: HttpRequest) -> HttpResponse:
    """The shelf. `put-away` shows those that are offered no more."""
    form = ShelfForm(request.GET)
    reader, today = colleague(request), timezone.localdate()
    found = form.cleaned_data if form.is_valid() else {}
    put_away = "put-away" in request.GET
    looked_for = {"words": found.get("q", ""), "reason": found.get("reason"), "due": found.get("due", False)}
    lines = shelf(reader=reader, today=today, put_away=put_away, **looked_for)
    context = {
        "form": form,
        "lines": lines,
        "put_away": put_away,
        "may_write": may_write(reader),
        "is_narrowed": any(looked_for.values()),
        "others": another_way.waiting() if may_write(reader) and not put_away else [],
    }
    return render(request, "appointments/playbook/shelf.html", context, status=422 if form.errors else 200)


@require_safe
@at_the_desk
def menu(request: HttpRequest, pk: int) -> HttpResponse:
    """What there is for one appointment and the `reason` of the address: a part of a page for a script, else a page."""
    appointment, asked = appointment_for(request, pk), ShelfForm(request.GET)
    reason = asked.cleaned_data.get("reason") if asked.is_valid() else None
    found = menu_for(appointment, reason=reason, reader=colleague(request), now=timezone.now())
    is_part = request.headers.get("HX-Request") == "true"
    context = {"menu": found, "appointment": appointment, "form": UsesSolutions() if is_part else None, "is_open": True}
    name = "_menu" if is_part else "menu"
    return render(request, f"appointments/playbook/{name}.html", context)


@require_safe
@at_the_desk
def solution(request: HttpRequest, pk: int) -> HttpResponse:
    """What it says now; `version` of the address shows what it said before."""
    return _show(request, solution_for(request, pk), CommentForm())


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def write(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new solution, or a new version of one."""
    by, now = writer(request), timezone.now()
    found = solution_for(request, pk) if pk else None
    learned = another_way_for(request, request.GET["from"]) if "from" in request.GET and not found else None
    form = SolutionForm(request.POST or None, solution=found, today=timezone.localdate(now), learned=learned)
    if request.method == "POST" and form.is_valid():
        try:
            written = writing.write(found, by=by, now=now, **form.written())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            if learned is not None:
                another_way.take_up(learned, now=now)
            for doubt in form.doubts:
                messages.warning(request, doubt)
            return redirect("solution", written.solution_id)
    context = {"form": form, "solution": found}
    return render(request, "appointments/playbook/write.html", context, status=422 if form.errors else 200)


@require_POST
@at_the_desk
def looked_at(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing is to be made of what a colleague did instead."""
    writer(request)
    another_way.take_up(another_way_for(request, str(pk)), now=timezone.now())
    return redirect("playbook")


@require_POST
@at_the_desk
def begin(request: HttpRequest) -> HttpResponse:
    """Puts in the solutions that come with the product, for the causes there are."""
    writer(request)
    made = starting.put_in(now=timezone.now())
    number = len(made)
    said = ngettext("%(number)s solution put in.", "%(number)s solutions put in.", number) % {"number": number}
    messages.success(request, said)
    return redirect("playbook")


@require_POST
@at_the_desk
def look_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Still right; or `put-away`, or `bring-back`."""
    by, found = writer(request), solution_for(request, pk)
    try:
        if "put-away" in request.POST:
            writing.put_away(found, by=by, now=timezone.now())
        elif "bring-back" in request.POST:
            writing.bring_back(found, by=by, now=timezone.now())
        else:
            writing.still_right(found, by=by, today=timezone.localdate(), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Kept."))
    return redirect("solution", pk)


@require_POST
@at_the_desk
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    found = solution_for(request, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    opinions.comment(found, form.cleaned_data["words"], by=colleague(request), now=timezone.now())
    return redirect("solution", pk)


@require_POST
@at_the_desk
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """`worked` of a POST: yes, or anything else for no."""
    found, worked = solution_for(request, pk), request.POST.get("worked") == "yes"
    opinions.vote(found, worked=worked, by=colleague(request), now=timezone.now())
    return redirect("solution", pk)


@require_POST
@at_the_desk
def mark_read(request: HttpRequest, pk: int) -> HttpResponse:
    """The version that was on the page, which may not be the newest any more."""
    found = version_for(request, pk, request.POST.get("version", ""))
    opinions.read(found, by=colleague(request), now=timezone.now())
    return redirect("solution", pk)


def _show(request: HttpRequest, found: Solution, form: CommentForm) -> HttpResponse:
    reader, now = colleague(request), timezone.now()
    shown = version_for(request, found.pk, request.GET.get("version", ""))
    versions = list(found.versions.select_related("written_by").prefetch_related("reads__reader"))
    context = {
        "solution": found,
        "version": shown,
        "line": line_of(shown, reader=reader, today=timezone.localdate(now)),
        "versions": versions,
        "is_newest": shown.pk == versions[0].pk,
        "reads": next(one for one in versions if one.pk == shown.pk).reads.all(),
        "comments": found.comments.select_related("author"),
        "to_practise": scenarios.for_causes({one.family for one in found.reasons.all()}, languages.active()),
        "own_vote": found.votes.filter(voter=reader).first(),
        "may_write": may_write(reader),
        "form": form,
        "zone": place.zone if (place := usual_place(request)) else timezone.get_current_timezone_name(),
        "now": now,
    }
    return render(request, "appointments/playbook/solution.html", context, status=422 if form.errors else 200)
