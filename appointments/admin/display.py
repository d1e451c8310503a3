"""How values are said on the managers' pages: times with their zone, states as words, tables of facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from appointments.domain.colleagues import name_of
from appointments.models import Appointment
from notifications.text import languages
from notifications.text.habits import Style, habits
from notifications.text.when import when


def moment(value: datetime | None, zone: str = "", *, style: Style = "short") -> str:
    """A time as people say it, with its zone named; in the colleague's own zone unless `zone` is given."""
    if value is None:
        return "–"
    return when(value, zone or str(timezone.get_current_timezone()), languages.active(), style)


def badge(value: str, label: Any, kind: str) -> SafeString:
    """A state as a word with a shape beside it. `kind`: good, warn, bad, held or quiet."""
    return format_html('<span class="state state-{}" data-state="{}">{}</span>', kind, value, label)


def link(url: str, text: Any) -> SafeString:
    """A link, or just the text when there is nowhere to go."""
    return format_html('<a href="{}">{}</a>', url, text) if url else format_html("{}", text)


def person(user: User | None) -> str:
    """A colleague by name."""
    return name_of(user) or "–"


def hours_text(hours: float | None) -> str:
    """Hours for reading: "45 min", "3.5 h", "2 d 4 h", "3 d"; "–" for None."""
    if hours is None:
        return "–"
    sign, left = ("−" if hours < 0 else ""), abs(hours)
    if left < 1:
        return gettext("%(sign)s%(minutes)d min") % {"sign": sign, "minutes": round(left * 60)}
    if left < 48:
        return gettext("%(sign)s%(hours)s h") % {"sign": sign, "hours": habits(languages.active()).number(left)}
    days, hours_left = divmod(round(left), 24)
    if not hours_left:
        return gettext("%(sign)s%(days)d d") % {"sign": sign, "days": days}
    return gettext("%(sign)s%(days)d d %(hours)d h") % {"sign": sign, "days": days, "hours": hours_left}


def desk_page(name: str, *args: Any) -> str:
    """The address of a page of the desk, or "" in an installation whose desk has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class FactsTable:
    """`rows` as wide as `head`; `empty` is what stands there when nothing has happened; `more` leads to the rest."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    empty: str
    more: SafeString | str = ""


def message_link(appointment: Appointment) -> SafeString:
    """Leads to the messages about an appointment, with why they failed and the button to send them again."""
    try:
        url = reverse("admin:notifications_message_changelist")
    except NoReverseMatch:
        url = ""
    query = urlencode({"about__exact": appointment.about})
    return link(f"{url}?{query}" if url else "", gettext("Messages about this appointment"))
