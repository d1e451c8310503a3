"""How messages of the business sound: a sample beside the choice."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.domain.messages.wording import shown
from appointments.enums import Tone
from appointments.models import Business
from appointments.views.managers.find import in_charge


@require_safe
@in_charge
def tone(request: HttpRequest) -> HttpResponse:
    """A part of the page of the business, in the tone that is being chosen there."""
    return render(request, "appointments/setup/parts/tone.html", sounds(request.GET.get("tone", "")))


def sounds(chosen: str | None) -> dict[str, Any]:
    """What the sample is written from; of a tone that there is not, in that of the business."""
    sounding = chosen if chosen in Tone.values else Business.current().tone
    return {"sounds": shown.beginning_and_end(str(sounding), now=timezone.now())}
