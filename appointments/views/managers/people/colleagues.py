"""Who works here: their role and places, retiring and coming back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain.colleagues import name_of
from appointments.domain.messages.addresses import address
from appointments.domain.pages import people as page
from appointments.domain.people import passwords, ranks, retiring
from appointments.domain.second_step import removing, standing
from appointments.errors import DomainError
from appointments.forms.people.colleagues import RetireForm, RoleForm
from appointments.forms.people.second_step import ResetForm
from appointments.views.account.find import asking_again
from appointments.views.managers.find import (
    invitations_for,
    manager,
    people_for,
    person_for,
    with_the_people,
    zone_for,
)


@require_safe
@with_the_people
def everybody(request: HttpRequest) -> HttpResponse:
    """Everybody who works here, who is invited, and who did work here."""
    now = timezone.now()
    shown = page.people(people_for(request), invitations_for(request), now=now)
    return render(request, "appointments/people/people.html", {"people": shown, "now": now, "zone": zone_for(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@with_the_people
def colleague(request: HttpRequest, pk: int) -> HttpResponse:
    """One colleague, with their role and places to change."""
    found, by = person_for(request, pk), manager(request)
    line = page.line_of(found)
    initial = {"role": line.role, "places": [one.pk for one in line.places]}
    form = RoleForm(request.POST or None, by=by, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            ranks.give(found, role=form.cleaned_data["role"], places=form.chosen_places(), by=by, now=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Kept. It holds from the next page that %(name)s opens.") % {"name": line.name})
            return redirect("people")
    context = {"line": line, "form": form, "may_change": ranks.may_look_after(by, found), "is_oneself": by == found}
    context |= {"zone": zone_for(request), "now": timezone.now(), "stands": standing.of(found)}
    return render(request, "appointments/people/colleague.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@with_the_people
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody stops working here; what they have promised goes to whom the form names."""
    found, owed = person_for(request, pk), retiring.owed_by(person_for(request, pk))
    form = RetireForm(request.POST if request.method == "POST" else None, user=found, is_owing=owed.is_something)
    if request.method == "POST" and form.is_valid():
        try:
            went = retiring.retire(found, to=form.taker(), by=manager(request), now=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _retired(name_of(found), went))
            return redirect("people")
    context = {"line": page.line_of(found), "owed": owed, "form": form}
    return render(request, "appointments/people/retire.html", context, status=422 if form.errors else 200)


@require_POST
@with_the_people
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A link to choose a new password by, to hand over: shown in this answer only."""
    found, by = person_for(request, pk), manager(request)
    try:
        key = passwords.link_for(found, by=by, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("colleague", pk)
    context = {"line": page.line_of(found), "link": address("new-password", key)}
    return render(request, "appointments/people/password_link.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@with_the_people
@asking_again
def second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """A colleague has lost phone and codes: everything beside the password is taken away, with a reason."""
    found, form = person_for(request, pk), ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            removing.reset(found, why=form.cleaned_data["why"], by=manager(request), now=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            said = _("%(name)s signs in with the password alone now, and is signed out everywhere.")
            messages.success(request, said % {"name": name_of(found)})
            return redirect("colleague", pk)
    context = {"line": page.line_of(found), "stands": standing.of(found), "form": form}
    return render(request, "appointments/people/second_step.html", context, status=422 if form.errors else 200)


@require_POST
@with_the_people
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = person_for(request, pk)
    try:
        retiring.bring_back(found, by=manager(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, _("%(name)s can sign in again, with the password as it was.") % {"name": name_of(found)}
        )
    return redirect("people")


def _retired(name: str, went: retiring.Owed) -> str:
    said = _("%(name)s is retired and signed out everywhere.") % {"name": name}
    if count := went.promises + went.complaints + went.plans + went.changes:
        handed = ngettext("%(count)d thing was handed over.", "%(count)d things were handed over.", count)
        said = f"{said} {handed % {'count': count}}"
    return said
