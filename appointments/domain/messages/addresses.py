"""Where a message leads: pages by their full address, with markers that become secrets only in what leaves."""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from appointments.models import RescheduleRequest

LINK = "link"
"""The secret that opens the page of the appointment which a message is about."""


def link_of(round_: RescheduleRequest) -> str:
    """The name of the secret that opens the page of a round which is told with another one."""
    return f"{LINK}_{round_.pk}"


def page_url(link: str = LINK) -> str:
    """The customer's page; `[[link]]` becomes the secret only in the bytes that leave."""
    return address("answer", f"[[{link}]]")


def address(name: str, *args: str | int) -> str:
    """The full address of a page, always under PUBLIC_URL; markers such as `[[link]]` stay readable."""
    path = reverse(name, args=args).replace("%5B%5B", "[[").replace("%5D%5D", "]]")
    return urljoin(settings.PUBLIC_URL + "/", path.lstrip("/"))
