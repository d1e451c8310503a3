"""An appointment once more, every so many weeks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from appointments.domain.diary.repeating import Repeated, repeat
from appointments.forms.diary.repeating import RepeatForm
from appointments.views.desk.find import appointment_for, at_the_desk, colleague


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """How often and which of those times. `step` of a POST: `times` looks which are free, `send` books the ticked."""
    found, now = appointment_for(request, pk), timezone.now()
    form, step = RepeatForm(request.POST or None, appointment=found, now=now), request.POST.get("step", "")
    if step == "send" and form.is_valid():
        said = {"tells": form.cleaned_data["tells"], "form": form.cleaned_data["nonce"]}
        repeated = repeat(found, form.starts(), by=colleague(request), now=now, **said)
        _say(request, repeated)
        return redirect("appointment", repeated.booked[0].pk if repeated.booked else pk)
    if step != "send":
        form.errors.clear()
    context = {"appointment": found, "form": form, "now": now}
    return render(request, "appointments/diary/repeat.html", context, status=422 if form.errors else 200)


def _say(request: HttpRequest, repeated: Repeated) -> None:
    count = len(repeated.booked)
    if count:
        messages.success(
            request, ngettext("Booked %(count)s time more.", "Booked %(count)s times more.", count) % {"count": count}
        )
    for one in repeated.failed:
        what = {"day": f"{one.shown:%Y-%m-%d %H:%M}", "why": one.why_not}
        messages.error(request, _("Not booked, %(day)s: %(why)s") % what)
