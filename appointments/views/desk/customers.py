"""The page of one customer, and correcting what we know of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appointments.domain import actors, customers
from appointments.domain.customers.merging import who_stays
from appointments.domain.customers.undoing import undoable
from appointments.domain.pages.customers.whole import whole
from appointments.errors import DomainError
from appointments.forms.customers import CustomerForm
from appointments.views.desk import recent
from appointments.views.desk.find import appointments_for, at_the_desk, colleague, customer_for


@require_safe
@at_the_desk
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one person at the reader's places; a record that went into another one leads to that."""
    found, now = customer_for(request, pk), timezone.now()
    if (stays := who_stays(found)) != found:
        return redirect("customer", stays.pk)
    recent.note(request, "customer", pk)
    context = {"customer": found, "whole": whole(found, appointments_for(request), now=now), "now": now}
    context |= {"alike": customers.alike(found), "undoable": undoable(found, now=now)}
    return render(request, "appointments/customers/customer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """How to greet them and how to reach them."""
    found = who_stays(customer_for(request, pk))
    form = CustomerForm(request.POST or None, customer=found)
    if request.method == "POST" and form.is_valid():
        by, seen = actors.staff(colleague(request)), form.cleaned_data["seen"]
        try:
            customers.correct(found, form.values(), seen=seen, by=by, now=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Kept."))
            return redirect("customer", found.pk)
    context = {"customer": found, "form": form}
    return render(request, "appointments/customers/correct.html", context, status=422 if form.errors else 200)
