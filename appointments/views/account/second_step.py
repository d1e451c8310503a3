"""One's own second step at sign-in: an app, passkeys, codes on paper. Changing it asks for the password again."""

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain.second_step import app as apps
from appointments.domain.second_step import memory, passkeys, removing, showing, standing
from appointments.errors import DomainError
from appointments.forms.people.second_step import AppForm, ConfirmForm, NewPasskeyForm, RenameForm
from appointments.models import Passkey
from appointments.views.account.find import WANTED, asking_again, oneself, wanted_page, zone_of


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """What is set up, what can be, and whether something has to be."""
    user = oneself(request)
    context = {"stands": standing.of(user), "is_required": standing.is_required_of(user), "zone": zone_of(user)}
    context |= {"passkeys": passkeys.address(), "is_inside": memory.has_shown(request.session)}
    return render(request, "appointments/account/second_step.html", context | {"now": timezone.now()})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
@asking_again
def app(request: HttpRequest) -> HttpResponse:
    """A key to scan or to type, and the first code of it. Nothing is kept before that comes back."""
    user, now = oneself(request), timezone.now()
    form = AppForm(request.POST or None)
    found = apps.offered(user, str(form.data.get("sealed", "")), now=now)
    if form.is_bound and form.is_valid() and found is not None:
        try:
            codes = apps.add(user, found, form.cleaned_data["code"], here=_here(request), now=now)
        except DomainError as error:
            form.add_error("code", error.message)
        else:
            return _added(request, codes, by=showing.APP)
    elif form.is_bound and found is None:
        form.add_error(None, _("This page is too old. Scan the new picture below, please."))
    context = {"form": form, "offered": found or apps.offer(user)}
    return render(request, "appointments/account/new_app.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@asking_again
def new_passkey(request: HttpRequest) -> HttpResponse:
    """Its name, and what the device has signed."""
    user, now = oneself(request), timezone.now()
    form = NewPasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        state = memory.take_challenge(request.session, now=now)
        try:
            name, here = form.cleaned_data["name"], _here(request)
            codes = passkeys.add(user, form.said(), state=state or {}, name=name, here=here, now=now)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return _added(request, codes, by=showing.PASSKEY)
    context = {"form": form, "passkeys": passkeys.address()}
    return render(request, "appointments/account/new_passkey.html", context, status=422 if form.errors else 200)


@require_POST
@never_cache
def challenge(request: HttpRequest) -> HttpResponse:
    """What a new passkey has to sign."""
    now = timezone.now()
    if not memory.is_confirmed(request.session, now=now):
        return JsonResponse({"error": _("Please load the page again and type your password.")}, status=403)
    try:
        options, state = passkeys.begin_adding(oneself(request))
    except DomainError as error:
        return JsonResponse({"error": error.message}, status=409)
    memory.challenge(request.session, state, now=now)
    return JsonResponse(options)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@asking_again
def passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name for one."""
    found = Passkey.objects.filter(user=oneself(request), pk=pk).first()
    if found is None:
        raise Http404
    form = RenameForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        removing.rename(oneself(request), passkey=pk, name=form.cleaned_data["name"], now=timezone.now())
        return redirect("second-step")
    context = {"form": form, "passkey": found}
    return render(request, "appointments/account/passkey.html", context, status=422 if form.errors else 200)


@require_POST
@never_cache
@asking_again
def remove(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A passkey, or without a number the app."""
    try:
        removing.remove(oneself(request), passkey=pk, here=_here(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Removed. It opens nothing any more, and every other browser is signed out."))
    return redirect("second-step")


@require_POST
@never_cache
@asking_again
def codes(request: HttpRequest) -> HttpResponse:
    """Ten new ones, shown in this answer only."""
    try:
        made = removing.new_codes(oneself(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("second-step")
    return _shown_once(request, made)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """The password once more. It counts with those typed at the door, so nobody guesses it here either."""
    form, wanted = ConfirmForm(request.POST or None), wanted_page(request)
    if request.method == "POST" and form.is_valid():
        name, password = oneself(request).get_username(), form.cleaned_data["password"]
        if authenticate(request, username=name, password=password) == request.user:
            memory.confirm(request.session, now=timezone.now())
            return HttpResponseRedirect(wanted) if wanted else redirect("second-step")
        form.add_error("password", _("This is not your password. It tells capital from small letters."))
    context = {"form": form, "wanted": wanted, "field": WANTED}
    return render(request, "appointments/account/confirm.html", context, status=422 if form.errors else 200)


def _added(request: HttpRequest, codes: list[str], *, by: str) -> HttpResponse:
    request.session.cycle_key()  # whoever has a copy of the old one has not shown anything
    memory.came_in(request.session, by=by)
    if codes:
        return _shown_once(request, codes)
    messages.success(request, _("Added. Every other browser is signed out."))
    return redirect("second-step")


def _shown_once(request: HttpRequest, codes: list[str]) -> HttpResponse:
    context = {"codes": codes, "username": oneself(request).get_username()}
    return render(request, "appointments/account/recovery_codes.html", context)


def _here(request: HttpRequest) -> str:
    return str(request.session.session_key)
