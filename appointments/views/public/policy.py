"""What anybody may expect of us: a page, a part of it for other sites, and a text for the telephone queue."""

from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt

from appointments.domain.pages.policy import policy
from appointments.roles import MAY_WORK_AT_THE_DESK
from appointments.views.public.find import for_everybody
from notifications.text import languages


@for_everybody
def page(request: HttpRequest) -> HttpResponse:
    """The whole policy; colleagues see besides how to show it elsewhere."""
    return render(request, "appointments/public/policy.html", _context(request))


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@for_everybody
def snippet(request: HttpRequest) -> HttpResponse:
    """How long answers take, and how many promises we kept: a small page that other sites may frame."""
    return render(request, "appointments/public/snippet.html", _context(request))


@for_everybody
def spoken(request: HttpRequest) -> HttpResponse:
    """What the telephone queue can say, as plain text."""
    return render(
        request, "appointments/public/spoken.txt", _context(request), content_type="text/plain; charset=utf-8"
    )


def _context(request: HttpRequest) -> dict[str, Any]:
    shown = policy(now=timezone.now())
    return {
        "policy": shown,
        "business": shown.business,
        "language": languages.active(),
        "is_public": True,
        "of_the_house": request.user.has_perm(MAY_WORK_AT_THE_DESK),
        "frame": f'<iframe src="{request.build_absolute_uri(reverse("policy-snippet"))}" height="200"></iframe>',
    }
