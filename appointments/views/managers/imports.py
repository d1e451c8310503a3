"""Appointments from elsewhere: upload a file, look at what would happen, bring it in, take it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain.imports.page import listed, sample, undoing, uploads, work
from appointments.errors import DomainError
from appointments.exports import FORMATS, Table, download
from appointments.forms.imports.choices import ChoicesForm
from appointments.forms.imports.upload import UploadForm
from appointments.models import ImportRun
from appointments.roles import MAY_CHANGE_THE_BUSINESS
from appointments.upload_limit import was_stopped
from appointments.views.managers.exporting import take_home
from appointments.views.managers.find import first_place_for, import_for, importer, may_import


@require_http_methods(["GET", "HEAD", "POST"])
@may_import
def imports(request: HttpRequest) -> HttpResponse:
    """What was brought in, and the form for the next file. A POST uploads it, and shows what it would do."""
    now = timezone.now()
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*sent, is_too_large=was_stopped(request))
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            place = first_place_for(request)
            run = uploads.keep(file.read(), name=file.name, place=place, by=importer(request), now=now)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            return _asked(request, run, work.check_as_kept)
    context = {
        "form": form,
        "runs": listed.newest(importer(request)),
        "zone": listed.zone_of(first_place_for(request)),
        **LIMITS,
    }
    return render(request, "appointments/imports/list.html", context, status=422 if form.errors else 200)


LIMITS = {"megabytes": uploads.MEGABYTES, "most_rows": work.MOST_ROWS}


@require_http_methods(["GET", "HEAD", "POST"])
@may_import
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: what it would do or did, and how it is to be read. A POST keeps that and checks it anew."""
    run = import_for(request, pk)
    page = listed.page_of(run)
    form = None
    if page.is_draft:
        bound = request.POST if request.method == "POST" else None
        form = ChoicesForm(bound, chosen=page.chosen, columns=page.columns, unknown=page.unknown)
        if form.is_bound and form.is_valid():
            return _asked(request, run, lambda found: work.check(found, form.wanted()))
    elif request.method == "POST":
        return redirect("import", pk)
    may_add = importer(request).has_perm(MAY_CHANGE_THE_BUSINESS)
    context = {
        "run": run,
        "page": page,
        "form": form,
        "may_add": may_add,
        "zone": listed.zone_of(first_place_for(request)),
        **LIMITS,
    }
    response = render(request, "appointments/imports/one.html", context, status=422 if form and form.errors else 200)
    if getattr(request, "htmx", False) and not page.is_busy:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@may_import
def bring_in(request: HttpRequest, pk: int) -> HttpResponse:
    """As it was checked. Twice is once."""
    return _asked(request, import_for(request, pk), work.bring_in)


@require_POST
@may_import
def throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    run = import_for(request, pk)
    try:
        uploads.throw_away(run)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("import", pk)
    messages.success(request, _("“%(name)s” was thrown away. Nothing of it was imported.") % {"name": run.name})
    return redirect("imports")


@require_http_methods(["GET", "HEAD", "POST"])
@may_import
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What undoing takes away and what stays; a POST does it."""
    run = import_for(request, pk)
    if request.method == "POST":
        try:
            undoing.undo(run, by=importer(request), now=timezone.now())
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("import", pk)
    if not listed.can_be_undone(run):
        return redirect("import", pk)
    context = {"run": run, "outcome": listed.shown(undoing.look(run)), "zone": listed.zone_of(first_place_for(request))}
    return render(request, "appointments/imports/undo.html", context)


@require_safe
@may_import
def left_out(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The rows that were left out, each with the reason, as a file."""
    run = import_for(request, pk)
    if kind not in FORMATS or not run.report or "left" not in run.report:
        raise Http404
    rows = [[line or "", why] for line, why in run.report["left"]]
    head = [_("Row"), _("Why it was left out")]
    return take_home(request, Table(name=f"left-out-{run.pk}", head=head, rows=rows), kind)


@require_safe
@may_import
def sample_file(request: HttpRequest) -> HttpResponseBase:
    """A small file as we like it best, with our own services and people."""
    place = first_place_for(request)
    if place is None:
        raise Http404
    head, rows = sample.table(place, now=timezone.now())
    return download(Table(name=_("appointments-example"), head=head, rows=rows), "csv")


def _asked(request: HttpRequest, run: ImportRun, ask: Any) -> HttpResponse:
    """Does what was asked at once where the file is small; a large one is left to the worker, and the page watches."""
    try:
        ask(run)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        work.at_once(run, now=timezone.now())
    return redirect("import", run.pk)
