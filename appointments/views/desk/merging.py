"""Two records that are one person's: finding the other one, both side by side, putting them together, undoing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain.customers import alike, duplicates, merging, undoing
from appointments.domain.customers.undoing import Undone
from appointments.domain.pages.customers.found import found
from appointments.errors import DomainError
from appointments.forms.diary.asked import SearchForm
from appointments.forms.merging import MergeForm, label_of
from appointments.models import Customer
from appointments.views.desk.find import appointments_for, at_the_desk, colleague, customer_for, merge_for

SHOWN = 12


@require_safe
@at_the_desk
def same(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the words mean; without any, who is alike."""
    customer, form = customer_for(request, pk), SearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    rows = found(words, appointments_for(request), now=timezone.now(), page=SHOWN).rows
    people = [one for one, _theirs in rows if one != customer] if words else alike(customer)
    context = {"customer": customer, "typed": words, "people": people, "form": form}
    return render(request, "appointments/customers/same.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Both side by side, and which value of each stays."""
    kept, gone = customer_for(request, pk), customer_for(request, other)
    form = MergeForm(request.POST or None, kept=kept, gone=gone)
    if request.method == "POST" and form.is_valid():
        by, seen, now = colleague(request), form.cleaned_data["seen"], timezone.now()
        try:
            merging.merge(kept, gone, form.chosen(), seen=seen, by=by, now=now)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Put together. You can undo it for a day."))
            return redirect("customer", pk)
    context = {"kept": kept, "gone": gone, "form": form, "moves": merging.what_moves(gone)}
    return render(request, "appointments/customers/merge.html", context, status=422 if form.errors else 200)


@require_POST
@at_the_desk
def two(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """They are two people, and nobody asks again."""
    one, another = customer_for(request, pk), customer_for(request, other)
    if one != another:
        duplicates.two_people(one, another, by=colleague(request), now=timezone.now())
        messages.success(request, _("Noted: %(one)s and %(other)s are two people.") % {"one": one, "other": another})
    return redirect("customer", pk)


@require_POST
@at_the_desk
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """They are two after all."""
    done = merge_for(request, pk)
    try:
        left = undoing.undo(done, by=colleague(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _said(left, done.kept, done.gone))
    return redirect("customer", done.kept_id)


def _said(left: Undone, kept: Customer, gone: Customer) -> str:
    """What was put back, and what was not."""
    said = [_("Undone: %(kept)s and %(gone)s are two again.") % {"kept": kept, "gone": gone}]
    if left.corrected:
        names = ", ".join(label_of(name) for name in left.corrected)
        said.append(_("Corrected since, so left as it is: %(fields)s.") % {"fields": names})
    if left.booked:
        stays = ngettext(
            "%(count)s appointment was booked since and stays with %(kept)s.",
            "%(count)s appointments were booked since and stay with %(kept)s.",
            left.booked,
        )
        said.append(stays % {"count": left.booked, "kept": kept})
    if left.elsewhere:
        theirs = ngettext(
            "%(count)s appointment belongs to somebody else by now and stays there.",
            "%(count)s appointments belong to somebody else by now and stay there.",
            left.elsewhere,
        )
        said.append(theirs % {"count": left.elsewhere})
    return " ".join(said)
