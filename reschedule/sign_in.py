"""Guessing at passwords is slowed: by address, and by name and address together, but never by name alone.

A stranger who guesses at a colleague's name shuts out only his own address; the colleague gets in from everywhere else.
Built on django-axes: its tables (so all web processes count together), its commands, its pages in the admin.
"""

import logging
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import Permission, User
from django.contrib.auth.views import LoginView
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator

from appointments.client_address import client_address
from appointments.domain.second_step import memory, passkeys, standing
from appointments.domain.setup import owner
from appointments.models import Colleague

logger = logging.getLogger("appointments.access")

WRONG_FOR_NAME = 8
"""Wrong passwords for one name from one address: more than anybody needs who has forgotten which one it was."""
WRONG_FROM_ADDRESS = 40
"""Wrong passwords from one address whatever the names: room for an office where five get theirs wrong at once."""
WRONG_CODES = 20
"""Wrong codes for one colleague from all addresses together: a million codes last for years."""
NOWHERE = "::"
"""For what counts wherever it comes from."""
PAUSE = timedelta(minutes=15)
"""What is older than this does not count any more: the longest one waits. 40 in it are 3,840 guesses a day at most."""
LONGEST_NAME = 255
"""What the tables of django-axes have room for; names of our users are shorter."""
KNOWN_FOR = timedelta(days=90)
"""Who has signed in from an address in this time is not stopped there by the wrong passwords of others."""


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """As Django's; while a new installation waits for its owner there is nobody to sign in. It is the door of the admin
    too. Whoever has a second step is not signed in before they have shown it.
    """

    template_name = "registration/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and not request.user.is_authenticated and owner.is_awaited():
            return redirect("first-owner")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "passkeys": passkeys.address()}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user, now = form.get_user(), timezone.now()
        if standing.is_set_up(user):
            give_back(get_client_username(self.request, form.cleaned_data), client_address(self.request))
            self.request.session.flush()
            memory.wait(self.request.session, user, wanted=self.get_success_url(), now=now)
            return redirect("sign-in-second-step")
        answer = super().form_valid(form)
        memory.confirm(self.request.session, now=now)
        return answer


class Colleagues(ModelBackend):
    """As Django's. Who is signed in is read with every page, and with that whether they work for some places only, so
    that nobody else costs a question about it (`domain.colleagues.places_of`), and how their second step stands. What
    somebody may do by role and by right is one question, too.
    """

    def get_user(self, user_id: int) -> User | None:
        chosen = Colleague.places.through.objects.filter(colleague__user=OuterRef("pk"))
        user = standing.known(User.objects.annotate(has_places=Exists(chosen))).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Each as "app.codename"."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        known: set[str] | None = getattr(user_obj, "_perm_cache", None)  # where Django keeps them
        if known is None:
            known = user_obj._perm_cache = {f"{app}.{name}" for app, name in _permissions_of(user_obj)}
        return known


def _permissions_of(user: User) -> QuerySet[Permission, tuple[str, str]]:
    by_role, by_right = Q(group__in=user.groups.all()), Q(user=user)
    theirs = Permission.objects.all() if user.is_superuser else Permission.objects.filter(by_role | by_right)
    return theirs.order_by().values_list("content_type__app_label", "codename").distinct()


class AxesRequest(HttpRequest):
    """With what django-axes writes on it."""

    axes_ip_address: str | None
    axes_locked_out: bool
    axes_credentials: dict[str, Any] | None


class Wrong(NamedTuple):
    """Wrong passwords for one name, from the address in question, up to `at`."""

    name: str | None
    times: int
    at: datetime


class ByAddress(AxesDatabaseHandler):
    """Claims an attempt before the password is looked at, so many at once are counted like one after the other."""

    def is_allowed(self, request: AxesRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether the password may be looked at. Where no address can be known there is nothing fair to count by."""
        return claim(_name_in(request, credentials), request.axes_ip_address)

    def is_locked(self, request: AxesRequest, credentials: dict[str, Any] | None = None) -> bool:
        name = _name_in(request, credentials)
        return paused_until(name, request.axes_ip_address) is not None

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: AxesRequest | None = None, **kwargs: Any
    ) -> None:
        """It has been counted already; the last one that was allowed learns at once that it was the last."""
        if request is not None and self.is_locked(request, credentials):
            logger.warning("Signing in is paused for %s after wrong passwords", request.axes_ip_address)
            request.axes_locked_out, request.axes_credentials = True, credentials


def _name_in(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """The name that is tried, as it is counted: one that no column holds is nobody's, and counts by its beginning."""
    name: str | None = get_client_username(request, credentials)
    return name[:LONGEST_NAME] if name else name


def paused_until(name: str | None, address: str | None, *, beyond: int = 0) -> datetime | None:
    """When `name` may be tried again from `address`; None when that is now. `beyond`: so many more are allowed."""
    if address is None:
        return None
    rows = AccessAttempt.objects.filter(ip_address=address, attempt_time__gt=timezone.now() - PAUSE)
    wrong = [
        Wrong(*row)
        for row in rows.order_by("attempt_time").values_list("username", "failures_since_start", "attempt_time")
    ]
    for_name = _few_enough_from([one for one in wrong if one.name == name], WRONG_FOR_NAME + beyond)
    from_address = _few_enough_from(wrong, WRONG_FROM_ADDRESS + beyond)
    if from_address is not None and _is_known(name, address):
        from_address = None
    return max(filter(None, (for_name, from_address)), default=None)


def _few_enough_from(wrong: Sequence[Wrong], limit: int) -> datetime | None:
    """When fewer than `limit` will count: the oldest are forgotten first. None when that is so already."""
    counted, until = sum(one.times for one in wrong), None
    for one in wrong:
        if counted < limit:
            break
        counted, until = counted - one.times, one.at + PAUSE
    return until


def _is_known(name: str | None, address: str) -> bool:
    recent = AccessLog.objects.filter(attempt_time__gt=timezone.now() - KNOWN_FOR)
    return recent.filter(username=name, ip_address=address).exists()


def count(name: str | None, address: str) -> None:
    """One more for this pair, or the first one when those before it are forgotten."""
    now = timezone.now()
    pair = AccessAttempt.objects.filter(username=name, ip_address=address, user_agent="")
    if pair.filter(attempt_time__lte=now - PAUSE).update(failures_since_start=1, attempt_time=now):
        return
    first = {"failures_since_start": 1, "attempt_time": now}
    __, created = AccessAttempt.objects.get_or_create(username=name, ip_address=address, user_agent="", defaults=first)
    if not created:
        pair.update(failures_since_start=F("failures_since_start") + 1, attempt_time=now)


def pause(request: HttpRequest | None = None) -> timedelta:
    """What django-axes calls the time to cool off."""
    return PAUSE


def claim(name: str | None, address: str | None) -> bool:
    """Whether what was shown for `name` may be looked at; it is counted before, as a wrong password is."""
    if address is None:
        return True
    if paused_until(name, address) is not None:
        return False
    count(name, address)
    return paused_until(name, address, beyond=1) is None


def give_back(name: str | None, address: str | None) -> None:
    """What was claimed for a password that was right. It was no wrong one, though nobody is signed in by it yet; those
    before it, and wrong codes, go on counting.
    """
    mine = AccessAttempt.objects.filter(username=name and name[:LONGEST_NAME], ip_address=address, user_agent="")
    mine.update(failures_since_start=F("failures_since_start") - 1)
    mine.filter(failures_since_start__lte=0).delete()


def claim_for(user: User) -> bool:
    """Whether one more code may be looked at for somebody whose password was right, from wherever it is shown: six
    digits can be guessed by many machines. It is counted before.
    """
    count(name_of_codes(user), NOWHERE)
    recent = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - PAUSE)
    mine = recent.filter(username=name_of_codes(user), ip_address=NOWHERE).first()
    return mine is None or mine.failures_since_start <= WRONG_CODES


def forget_wrong_codes(user: User) -> None:
    AccessAttempt.objects.filter(username=name_of_codes(user), ip_address=NOWHERE).delete()


def name_of_codes(user: User) -> str:
    """Under which name they count, as no sign-in is called."""
    return f"{user.get_username()} (second step)"[:LONGEST_NAME]


def paused(request: AxesRequest, original: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """The page that says when one may try again. It keeps the page that was asked for."""
    return paused_page(request, _name_in(request, credentials), request.axes_ip_address)


def paused_page(request: HttpRequest, name: str | None, address: str | None) -> HttpResponse:
    until = paused_until(name, address)
    seconds = max(1, math.ceil((until - timezone.now()).total_seconds())) if until else 1
    asked_for = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    context = {"minutes": math.ceil(seconds / 60), "asked_for": asked_for, "field": REDIRECT_FIELD_NAME}
    page = render(request, "registration/locked.html", context, status=429)
    page["Retry-After"] = str(seconds)
    return page
