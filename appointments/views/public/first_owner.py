"""The very first page: whoever has the code from the console makes the owner's account. Afterwards it is not there."""

import re

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from appointments.domain.second_step import memory
from appointments.domain.setup import owner
from appointments.domain.setup.countries import COUNTRIES
from appointments.errors import DomainError
from appointments.forms.setup.owner import OwnerForm
from appointments.views.public.find import until_owned


@until_owned
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def first_owner(request: HttpRequest) -> HttpResponse:
    form = OwnerForm(request.POST or None, country=_country_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = owner.make(**form.cleaned_data, now=timezone.now())
        except DomainError as error:
            form.add_error("code", error.message)
        else:
            login(request, made, backend=settings.AUTHENTICATION_BACKENDS[-1])
            memory.confirm(request.session, now=timezone.now())
            return redirect("setup-business")
    return render(request, "appointments/setup/owner.html", {"form": form}, status=422 if form.errors else 200)


def _country_of(request: HttpRequest) -> str:
    """The country in which the visitor's browser says it speaks its language, else the one of the settings."""
    spoken = re.findall(r"[a-z]{2,3}-([A-Z]{2})\b", request.headers.get("Accept-Language", ""))
    return next((one for one in spoken if one in COUNTRIES), str(settings.PHONENUMBER_DEFAULT_REGION))
