"""Who is no longer signed in is sent to sign in, and from there back to the page on which they were."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
TYPED = "typed"
"""Says in an address that something was typed which has not been taken."""


class SignInFirst(LoginRequiredMiddleware):
    """As Django's, but what was sent is not the address to come back to: an address that takes a form may show no page.

    A script that sends a part of a page gets the way to sign in for the whole page.
    """

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        """Of a page that says it is open nobody asks who reads it, unless it does: what open boards ask every few
        seconds may not cost a query for that.
        """
        is_open = not getattr(view_func, "login_required", True)
        return None if is_open else super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method in SAFE:
            return super().handle_no_permission(request, view_func)
        asked = {REDIRECT_FIELD_NAME: _page_of(request), TYPED: "1"}
        answer = HttpResponseRedirect(f"{resolve_url(self.get_login_url(view_func))}?{urlencode(asked)}")
        if request.headers.get("HX-Request") == "true":
            answer.status_code, answer["HX-Redirect"] = 401, answer.url
            del answer["Location"]
        return answer


def _page_of(request: HttpRequest) -> str:
    """The page of ours on which the form stood; the address it was sent to, if nobody says."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours and page else request.get_full_path()
