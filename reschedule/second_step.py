"""Signing in with something beside the password, or with a passkey alone; and that nobody gets round it.

Until it is shown nobody is signed in: the session only remembers whose password was right. What is shown counts with
the wrong passwords (`reschedule.sign_in`): by address, and by name and address together; and, as only whoever has the
password comes so far, by its owner too, from wherever.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from appointments.client_address import client_address
from appointments.domain.second_step import memory, passkeys, showing, standing
from appointments.errors import DomainError
from appointments.forms.people.second_step import PasskeyForm, ShowForm
from reschedule.sign_in import (
    NOWHERE,
    claim,
    claim_for,
    count,
    forget_wrong_codes,
    name_of_codes,
    paused_page,
    paused_until,
)
from reschedule.signed_out import SignInFirst

BEFORE_IT_IS_SET_UP = frozenset(
    {"second-step", "second-step-app", "new-passkey", "passkey-challenge", "confirm-password", "sign-out"}
)
"""What opens for somebody who has to set it up first."""
CHALLENGE = "passkey_challenge"
NOBODY = ""
"""The name under which passkeys count that open nothing."""


class SecondStepFirst(SignInFirst):
    """Whoever is signed in has shown their second step, by whichever door they came; whoever has to have one and has
    none sets it up before anything else opens.
    """

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        if standing.is_set_up(request.user):
            if memory.has_shown(request.session):
                return None
            logout(request)
            return self.handle_no_permission(request, view_func)
        if not standing.is_required_of(request.user):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        return None if name in BEFORE_IT_IS_SET_UP else self._to_set_it_up(request)

    def _to_set_it_up(self, request: HttpRequest) -> HttpResponse:
        answer = redirect("second-step")
        if request.headers.get("HX-Request") == "true":
            answer.status_code, answer["HX-Redirect"] = 401, answer.url
            del answer["Location"]
        return answer


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@login_not_required
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The page after the password: a code of the app, a passkey, or a code on paper."""
    waiting = memory.waiting(request.session, now=timezone.now())
    if waiting is None:
        messages.info(request, _("Please sign in once more: it took too long, or was done already."))
        return redirect("sign-in")
    form = ShowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, address = waiting.user.get_username(), client_address(request)
        if not claim(name, address):
            return paused_page(request, name, address)
        if not claim_for(waiting.user):
            return paused_page(request, name_of_codes(waiting.user), NOWHERE)
        if by := _shown(request, waiting.user, form):
            forget_wrong_codes(waiting.user)
            memory.confirm(request.session, now=timezone.now())
            return _let_in(request, waiting.user, by=by, wanted=waiting.wanted)
        if paused_until(name, address) is not None:
            return paused_page(request, name, address)
        form.add_error(None, _refusal(form.cleaned_data["how"]))
    context = {"form": form, "stands": standing.of(waiting.user), "passkeys": passkeys.address()}
    return render(request, "registration/second_step.html", context, status=422 if form.errors else 200)


@require_POST
@login_not_required
@never_cache
def challenge(request: HttpRequest) -> HttpResponse:
    """What a passkey has to sign: one of the person whose password was right, else any that the device has."""
    now = timezone.now()
    waiting = memory.waiting(request.session, now=now)
    try:
        options, state = passkeys.begin_signing_in(waiting.user if waiting else None, now=now)
    except DomainError as error:
        return JsonResponse({"error": error.message}, status=409)
    answer = JsonResponse(options)
    if waiting is not None:
        memory.challenge(request.session, state, now=now)
    else:
        # Anybody may ask, as often as they like: a session each would fill the database.
        answer.set_cookie(
            CHALLENGE,
            memory.sealed(state, now=now),
            max_age=memory.CHALLENGE_FOR,
            path=reverse("sign-in"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
    return answer


@require_POST
@login_not_required
@never_cache
def passkey(request: HttpRequest) -> HttpResponse:
    """A passkey alone: it has looked at its owner (finger, face, PIN), so it is two things in one."""
    address, form, now = client_address(request), PasskeyForm(request.POST), timezone.now()
    kept = request.COOKIES.get(CHALLENGE, "")
    state = memory.take_challenge(request.session, now=now) or memory.unsealed(kept, now=now)
    owner = passkeys.accept(form.said(), state=state, user=None, now=now) if state and form.is_valid() else None
    if owner is None:
        # Who has a passkey comes in whatever others have shown from there: a signature cannot be guessed.
        if paused_until(NOBODY, address) is not None:
            return paused_page(request, NOBODY, address)
        if address is not None and state is not None:
            count(NOBODY, address)
        messages.error(request, _("This passkey opens nothing here. Sign in with name and password."))
        return redirect("sign-in")
    answer = _let_in(request, owner, by=showing.PASSKEY, wanted=_safe(request, request.POST.get("next", "")))
    answer.delete_cookie(CHALLENGE, path=reverse("sign-in"), samesite="Strict")
    return answer


def _shown(request: HttpRequest, user: User, form: ShowForm) -> str:
    """With what they have come in; empty for what is not theirs."""
    now, how = timezone.now(), form.cleaned_data["how"]
    state = memory.take_challenge(request.session, now=now) if how == showing.PASSKEY else None
    said = form.said() if how == showing.PASSKEY else form.cleaned_data["code"]
    return how if showing.accept(user, how, said, state=state, now=now) else ""


def _let_in(request: HttpRequest, user: User, *, by: str, wanted: str) -> HttpResponse:
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    memory.came_in(request.session, by=by)
    if by == showing.RECOVERY:
        left = showing.codes_left(user)
        messages.warning(request, _("That recovery code is used up. Codes left: %(count)d.") % {"count": left})
        return redirect("second-step")
    return HttpResponseRedirect(wanted) if wanted else redirect(settings.LOGIN_REDIRECT_URL)


def _refusal(how: str) -> str:
    return {
        showing.APP: _("This code is not right, or was used already. Wait for the next one."),
        showing.RECOVERY: _("This is none of your recovery codes, or it was used already."),
        showing.PASSKEY: _("This passkey is not yours, or it took too long. Please try it once more."),
    }[how]


def _safe(request: HttpRequest, wanted: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else ""
