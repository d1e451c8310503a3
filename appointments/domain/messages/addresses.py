"""Where a message leads: pages by their full address, with markers that become secrets only in what leaves."""

from functools import lru_cache
from urllib.parse import urljoin

from django.conf import settings
from django.urls import get_script_prefix, reverse

from appointments.models import RescheduleRequest

LINK = "link"
"""The secret that opens the page of the appointment which a message is about."""


def link_of(round_: RescheduleRequest) -> str:
    """The name of the secret that opens the page of a round which is told with another one."""
    return f"{LINK}_{round_.pk}"


def link_to(appointment_pk: int) -> str:
    """The name of the secret that opens the page of an appointment which is confirmed with another one."""
    return f"{LINK}_to_{appointment_pk}"


def page_url(link: str = LINK) -> str:
    """The customer's page; `[[link]]` becomes the secret only in the bytes that leave."""
    return _under_public_url(_path_of_page(link, get_script_prefix()))


@lru_cache(maxsize=100)
def _path_of_page(link: str, _prefix: str) -> str:
    """Nearly every page is `LINK`, and nearly every message leads to it."""
    return reverse("answer", args=[f"[[{link}]]"])


def address(name: str, *args: str | int) -> str:
    """The full address of a page, always under PUBLIC_URL; markers such as `[[link]]` stay readable."""
    return _under_public_url(reverse(name, args=args))


def _under_public_url(path: str) -> str:
    readable = path.replace("%5B%5B", "[[").replace("%5D%5D", "]]")
    return urljoin(settings.PUBLIC_URL + "/", readable.lstrip("/"))
