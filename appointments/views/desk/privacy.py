"""What is kept of somebody: to read, to hand over, and to forget."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appointments.domain import actors
from appointments.domain.customers.merging import records_of, who_stays
from appointments.domain.pages.customers.kept import kept as sections_of
from appointments.domain.privacy import forgetting
from appointments.domain.privacy.handing_over import hand_over
from appointments.errors import DomainError
from appointments.forms.customers import ForgetForm
from appointments.models import Customer
from appointments.roles import MAY_FORGET
from appointments.views.desk.find import at_the_desk, colleague, customer_for


@require_safe
@at_the_desk
def kept(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything, row by row, as it is handed over; and the way to forget it."""
    found = _theirs(request, pk)
    return render(request, "appointments/customers/kept.html", _shown(request, found, ForgetForm(customer=found)))


@require_POST
@at_the_desk
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a file that any program reads."""
    found = _theirs(request, pk)
    if why_not := forgetting.why_not(colleague(request), records_of(found)):
        raise PermissionDenied(why_not)
    given = hand_over(found, by=actors.staff(colleague(request)), now=timezone.now())
    text = json.dumps(given, ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="customer-{found.pk}.json"'
    return answer


@require_POST
@at_the_desk
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    found = _theirs(request, pk)
    form = ForgetForm(request.POST, customer=found)
    if form.is_valid():
        try:
            forgetting.forget(found, by=actors.staff(colleague(request)), now=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Forgotten. Nothing is left of who they were."))
            return redirect("customer", found.pk)
    return render(request, "appointments/customers/kept.html", _shown(request, found, form), status=422)


def _theirs(request: HttpRequest, pk: int) -> Customer:
    """Whom the reader may hand their records and forget. Raises Http404 for anybody else."""
    if not colleague(request).has_perm(MAY_FORGET):
        raise Http404
    return who_stays(customer_for(request, pk))


def _shown(request: HttpRequest, customer: Customer, form: ForgetForm) -> dict[str, object]:
    why_not = forgetting.why_not(colleague(request), records_of(customer))
    return {
        "customer": customer,
        "sections": [] if why_not else sections_of(customer),
        "form": form,
        "standing": forgetting.standing(customer, now=timezone.now()),
        "why_not": why_not,
    }
