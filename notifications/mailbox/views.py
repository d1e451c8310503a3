"""The demo mailbox: what customers would find in theirs. It exists only in a demo (settings.DEMO_MAILBOX)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.mailbox import mailbox

View = Callable[..., HttpResponse]

LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A letter may look as it likes and open its links in a new tab, and nothing else."""


def demo_only(view: View) -> View:
    """Everybody may look in a demo; anywhere else there is nothing here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO_MAILBOX:
            raise Http404
        return view(request, *args, **kwargs)

    return require_safe(never_cache(login_not_required(guarded)))


@demo_only
def mail_list(request: HttpRequest) -> HttpResponse:
    to = request.GET.get("to", "")[:100]
    context = {"mails": mailbox.newest(to=to), "to": to, "now": timezone.now()}
    return render(request, "notifications/mailbox/list.html", context)


@demo_only
def mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "notifications/mailbox/detail.html", {"mail": _mail(name), "now": timezone.now()})


@demo_only
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The letter itself, for the frame on the page of the mail."""
    return letter(_mail(name).html)


@demo_only
def mail_file(request: HttpRequest, name: str, number: int) -> HttpResponse:
    files = _mail(name).files
    if not 1 <= number <= len(files):
        raise Http404
    file = files[number - 1]
    safe = "".join(c for c in file.filename if c.isascii() and (c.isalnum() or c in "-_.")) or "file"
    return HttpResponse(
        file.content,
        content_type=file.mimetype,
        headers={"Content-Disposition": f'attachment; filename="{safe}"'},
    )


def letter(html: str) -> HttpResponse:
    """A page of its own for the rich form of a message, under a policy of its own."""
    page = html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(
        page,
        headers={
            "Content-Security-Policy": LETTER_POLICY,
            "Referrer-Policy": "no-referrer",
            "X-Frame-Options": "SAMEORIGIN",
        },
    )


def _mail(name: str) -> mailbox.Mail:
    mail = mailbox.open_mail(name)
    if mail is None:
        raise Http404
    return mail
