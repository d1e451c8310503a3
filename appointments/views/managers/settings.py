"""What can be set up here, each on a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appointments.roles import MAY_MANAGE_PEOPLE, MAY_READ_AUDIT
from appointments.views.managers.find import in_the_settings


@require_safe
@in_the_settings
def index(request: HttpRequest) -> HttpResponse:
    """The pages that the reader may open."""
    may = request.user.has_perm
    context = {"may_manage_people": may(MAY_MANAGE_PEOPLE), "may_read_audit": may(MAY_READ_AUDIT)}
    return render(request, "appointments/settings/index.html", context)
