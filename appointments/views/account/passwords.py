"""A password that was forgotten, one that a link lets somebody choose, and one's own."""

from functools import partial

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from appointments.domain.links import DeadLink
from appointments.domain.people import passwords
from appointments.forms.people.passwords import ForgottenForm, NewPasswordForm, OwnPasswordForm
from appointments.views import dead_links
from appointments.views.account.find import by_password_link, dead_link, oneself


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same answer whether anybody has the address or not; an address that keeps asking has to wait."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if dead_links.too_many(request, what="forgotten"):
            form.add_error(None, _("Please wait ten minutes and try again."))
            return render(request, "appointments/account/forgotten.html", {"form": form}, status=429)
        passwords.forgotten(form.cleaned_data["email"], now=timezone.now())
        return render(request, "appointments/account/forgotten_sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "appointments/account/forgotten.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@by_password_link
def new(request: HttpRequest, user_name: str, form: NewPasswordForm, key: str) -> HttpResponse:
    """By a link. Whoever has chosen it signs in with it, so that everything asked there is asked."""
    if request.method == "POST" and form.is_valid():
        try:
            passwords.choose(key, form.cleaned_data["password"], now=timezone.now())
        except DeadLink:
            return dead_link(request)
        messages.success(request, _("The new password holds. You are signed out everywhere; please sign in with it."))
        return redirect("sign-in")
    context = {"form": form, "username": user_name}
    return render(request, "appointments/account/new_password.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """One's own, by whoever knows the one before; that counts with those typed at the door."""
    user = oneself(request)
    form = OwnPasswordForm(request.POST or None, user=user, is_right=partial(_is_right, request, user))
    if request.method == "POST" and form.is_valid():
        here = str(request.session.session_key)
        passwords.change(user, form.cleaned_data["password"], here=here, now=timezone.now())
        update_session_auth_hash(request, user)
        messages.success(request, _("The new password holds. Every other browser is signed out."))
        return redirect("signed-in")
    return render(request, "appointments/account/own_password.html", {"form": form}, status=422 if form.errors else 200)


def _is_right(request: HttpRequest, user: User, said: str) -> bool:
    return authenticate(request, username=user.get_username(), password=said) == user
