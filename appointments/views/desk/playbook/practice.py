"""Practising with invented customers: read, write, and see what the rules say of it. Nothing leaves."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from appointments.domain.recovery.playbook.authority import may_use
from appointments.domain.recovery.practice import results, scenarios, scoring
from appointments.domain.recovery.practice.scenarios import Scenario
from appointments.domain.recovery.practice.scoring import Score
from appointments.enums import Task, UsedBy
from appointments.forms.practice import ComplaintPracticeForm, LetterPracticeForm
from appointments.views.desk.find import at_the_desk, colleague
from notifications.text import languages


@require_safe
@at_the_desk
def practice(request: HttpRequest) -> HttpResponse:
    """What there is, with one's own results; for managers how many practise."""
    reader, now = colleague(request), timezone.now()
    own = results.own(reader)
    lines = [(one, own.get(one.code)) for one in scenarios.all_of_them(languages.active())]
    everybody = results.practised(now=now) if may_use(UsedBy.MANAGERS, reader) else None
    return render(request, "appointments/practice/list.html", {"lines": lines, "everybody": everybody})


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def scenario(request: HttpRequest, code: str) -> HttpResponse:
    """One situation; a POST is scored finding by finding, and what was written is kept nowhere."""
    found = scenarios.scenario(code, languages.active())
    if found is None:
        raise Http404
    form, score = _form(request, found), None
    if form.is_bound and form.is_valid():
        score = _score(found, form)
        results.keep(found, score, by=colleague(request), now=timezone.now())
    context = {
        "scenario": found,
        "form": form,
        "score": score,
        "is_letter": found.facts.task == Task.LETTER,
        "example": list(zip(found.points, found.replies, strict=True)),
    }
    return render(request, "appointments/practice/scenario.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, found: Scenario) -> Any:
    data = request.POST if request.method == "POST" else None
    return LetterPracticeForm(data) if found.facts.task == Task.LETTER else ComplaintPracticeForm(data, scenario=found)


def _score(found: Scenario, form: Any) -> Score:
    if found.facts.task == Task.LETTER:
        return scoring.of_letter(found, form.cleaned_data["text"])
    return scoring.of_complaint(found, form.worked())
