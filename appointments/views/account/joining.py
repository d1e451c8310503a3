"""Taking up an invitation: opening the link changes nothing, sending the form does."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments.domain.people import invitations
from appointments.domain.second_step import memory
from appointments.errors import DomainError
from appointments.forms.people.joining import JoinForm
from appointments.models import Business, Invitation
from appointments.views.account.find import by_invitation


@require_http_methods(["GET", "HEAD", "POST"])
@by_invitation
def join(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """A name and a password of one's own; whoever has sent them is signed in, in a session that is new."""
    form = JoinForm(request.POST or None, invitation=invitation)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("username", "name", "password")}
        try:
            user = invitations.accept(token, now=timezone.now(), **said)
        except DomainError as error:
            form.add_error("username", error.message)
        else:
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
            memory.confirm(request.session, now=timezone.now())
            messages.success(request, _("Welcome. From now on you sign in with the name and password you chose."))
            return redirect("home")
    context = {"invitation": invitation, "form": form, "business": Business.current()}
    return render(request, "appointments/account/join.html", context, status=422 if form.errors else 200)
