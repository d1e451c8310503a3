"""Who changed what, for managers and auditors."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appointments.domain.colleagues import name_of
from appointments.domain.pages import audit as page
from appointments.exports import FORMATS, Table, wall_time
from appointments.exports import links as links_to_files
from appointments.forms.people.audit import AuditForm
from appointments.views.managers.exporting import take_home
from appointments.views.managers.find import for_the_whole_business, reading_the_audit, zone_for


@require_safe
@reading_the_audit
@for_the_whole_business
def entries(request: HttpRequest) -> HttpResponse:
    """A page of it. What cannot be asked is said, and nothing is shown then."""
    zone = zone_for(request)
    form = AuditForm(request.GET, zone=zone)
    found = page.page(form.asked()) if form.is_valid() else None
    asked = request.GET.copy()
    asked.pop("before", None)
    context: dict[str, Any] = {"form": form, "page": found, "zone": zone, "asked": asked.urlencode()}
    context["files"] = links_to_files(request, "audit-file") if found and found.lines else []
    context["is_narrowed"] = any(asked.values())
    return render(request, "appointments/audit/audit.html", context, status=200 if found else 400)


@require_safe
@reading_the_audit
@for_the_whole_business
def file(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """All that the page shows on all its pages; that it was taken home is written down, too."""
    zone = zone_for(request)
    form = AuditForm(request.GET, zone=zone)
    if kind not in FORMATS or not form.is_valid():
        raise Http404
    head = [_("When"), _("Time zone"), _("Who"), _("Did"), _("What"), _("Number"), _("Which"), _("Before"), _("After")]
    name = f"audit-{timezone.localdate():%Y-%m-%d}"
    return take_home(request, Table(name=name, head=head, rows=_cells(form.asked(), zone)), kind)


def _cells(asked: page.Asked, zone: str) -> Iterator[list[Any]]:
    for entry in page.rows(asked):
        changes = page.changes_of(entry)
        before = "\n".join(f"{label}: {was}" for label, was, _is in changes if was)
        after = "\n".join(f"{label}: {now}" for label, _was, now in changes if now)
        who = name_of(entry.actor) or entry.get_actor_kind_display()
        did = entry.get_action_display()
        yield [wall_time(entry.at, zone), zone, who, did, entry.noun_label, entry.key, entry.name, before, after]
