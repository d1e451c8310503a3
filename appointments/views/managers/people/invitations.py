"""Inviting somebody, sending it again, handing over a link, taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain.messages.addresses import address
from appointments.domain.people import invitations
from appointments.errors import DomainError
from appointments.forms.people.colleagues import InviteForm
from appointments.models import Invitation
from appointments.views.managers.find import invitation_for, manager, with_the_people, zone_for


@require_http_methods(["GET", "HEAD", "POST"])
@with_the_people
def invite(request: HttpRequest) -> HttpResponse:
    """Whom, as what, for which places. Without an address the answer holds the link to hand over."""
    by = manager(request)
    form = InviteForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("email", "role", "nonce")}
        try:
            made = invitations.invite(
                form.cleaned_data["name"], places=form.chosen_places(), by=by, now=timezone.now(), **said
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            if not made.email:
                return _with_link(request, made)
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": made.email})
            return redirect("invitation", made.pk)
    return render(request, "appointments/people/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@with_the_people
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, invitation_for(request, pk))


@require_POST
@with_the_people
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """By e-mail, with a new link."""
    found = invitation_for(request, pk)
    try:
        invitations.send_again(found, by=manager(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("A new letter is on its way. The link in the one before opens nothing any more."))
    return redirect("invitation", pk)


@require_POST
@with_the_people
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A link to copy: shown once, and in this answer only, since nobody keeps it."""
    return _with_link(request, invitation_for(request, pk))


@require_POST
@with_the_people
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = invitation_for(request, pk)
    try:
        invitations.take_back(found, by=manager(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Taken back. Its link opens nothing any more."))
    return redirect("people")


def _with_link(request: HttpRequest, found: Invitation) -> HttpResponse:
    try:
        token = invitations.new_link(found, by=manager(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("invitation", found.pk)
    return _show(request, invitation_for(request, found.pk), link=address("join", token))


def _show(request: HttpRequest, found: Invitation, *, link: str = "") -> HttpResponse:
    now = timezone.now()
    context = {"invitation": found, "is_open": found.is_open(now), "link": link, "now": now, "zone": zone_for(request)}
    return render(request, "appointments/people/invitation.html", context)
