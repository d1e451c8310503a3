"""Whether keys of a single letter work for a colleague, at this browser: some speak to it, and letters fall out."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from appointments.context_processors import letters_cookie
from appointments.views.desk.find import at_the_desk, colleague

REMEMBERED = timedelta(days=365)


@require_POST
@at_the_desk
def letters(request: HttpRequest) -> HttpResponse:
    """Off or on, and back to the page where it was said."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    response = redirect(asked if is_ours else "home")
    name = letters_cookie(colleague(request))
    if request.POST.get("letters") == "off":
        secure = bool(settings.SESSION_COOKIE_SECURE)
        response.set_cookie(name, "off", max_age=REMEMBERED, httponly=True, samesite="Lax", secure=secure)
    else:
        response.delete_cookie(name, samesite="Lax")
    return response
