"""The door of somebody's own account: a link is the key before they have one, signing in afterwards."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from appointments.domain.colleagues import within_reach
from appointments.domain.links import DeadLink
from appointments.domain.people import invitations, passwords
from appointments.domain.second_step import memory
from appointments.forms.people.passwords import NewPasswordForm
from appointments.models import Business, Invitation, Location
from appointments.views import dead_links

P = ParamSpec("P")
WANTED = "next"
InvitedView = Callable[Concatenate[HttpRequest, Invitation, str, P], HttpResponse]


def by_invitation(view: InvitedView[P]) -> Callable[..., HttpResponse]:
    """Opens a view to whoever holds the link of an invitation. Unknown, used, taken back and run out look alike."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            found = invitations.read(token, now=timezone.now())
            return private(view(request, found, token, *args, **kwargs))
        except DeadLink:
            return private(dead_link(request))

    return login_not_required(opened)


def by_password_link(view: Callable[Concatenate[HttpRequest, str, NewPasswordForm, str, P], HttpResponse]) -> Any:
    """Opens a view to whoever holds a link to choose a new password, with the form for its owner."""

    @wraps(view)
    def opened(request: HttpRequest, key: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            user = passwords.read(key)
        except DeadLink:
            return private(dead_link(request))
        form = NewPasswordForm(request.POST or None, user=user)
        return private(view(request, user.get_username(), form, key, *args, **kwargs))

    return login_not_required(opened)


def asking_again(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Opens a view to whoever has typed their password within the last minutes; others do so first. What was sent is
    not carried along: it is sent again from the page on which it stands.
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if memory.is_confirmed(request.session, now=timezone.now()):
            return view(request, *args, **kwargs)
        wanted = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("second-step")
        return redirect(f"{reverse('confirm-password')}?{urlencode({WANTED: wanted})}")

    return opened


def wanted_page(request: HttpRequest) -> str:
    """The page of ours to go on to; empty for one that is not ours."""
    wanted = request.POST.get(WANTED) or request.GET.get(WANTED, "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else ""


def oneself(request: HttpRequest) -> User:
    """Whoever is signed in: everybody looks after their own account, whatever else they may do."""
    return cast("User", request.user)


def zone_of(user: User) -> str:
    """The clock that they think in: of the first of their places."""
    places = within_reach(Location.objects.order_by("position", "name"), user, place="pk")
    return places.values_list("zone", flat=True).first() or "UTC"


def dead_link(request: HttpRequest) -> HttpResponse:
    """What opens nothing, and whom to ask."""
    if dead_links.too_many(request):
        return HttpResponse(_("Please wait ten minutes and try again."), status=429, content_type="text/plain")
    return render(request, "appointments/account/dead.html", {"business": Business.current()}, status=404)


def private(response: HttpResponse) -> HttpResponse:
    """The address holds a key: no browser keeps the page, and nobody else's page learns the address. Our own may: with
    "no-referrer" browsers do not say either from where a form comes, and it is refused as another site's.
    """
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
