"""What can be set up here, each on a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appointments.roles import MAY_MANAGE_PEOPLE
from appointments.views.managers.find import in_the_settings


@require_safe
@in_the_settings
def index(request: HttpRequest) -> HttpResponse:
    """The pages that the reader may open."""
    context = {"may_manage_people": request.user.has_perm(MAY_MANAGE_PEOPLE)}
    return render(request, "appointments/settings/index.html", context)
