"""What the boards of the diary say of what stands in them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.domain.pages.diary.carrying import Carried, Spot
from appointments.domain.pages.diary.columns import Block
from appointments.domain.pages.diary.filters import Filters
from appointments.domain.pages.diary.scale import Moments, Scale
from appointments.domain.pages.diary.times import Load
from appointments.domain.schedule.spans import Span
from appointments.enums import AppointmentState, RequestState
from appointments.models import Resource
from appointments.templatetags.desk import rows
from notifications.text import languages
from notifications.text.habits import habits
from notifications.text.when import Zone, clock, when

register = template.Library()
MINUTE = timedelta(minutes=1)


class Said(NamedTuple):
    """What a block says: its hour, how it stands, the tone of that ("" where all is as it should be, which needs no
    words), all of it in one line, and its classes. `at` is where it lies, with its buffers after that; `moves` says
    whether it can be dragged elsewhere as long as it has not ended.
    """

    hour: str
    stands: str
    tone: str
    whole: str
    looks: str
    at: str
    moves: bool


@register.simple_tag
def saying(block: Block, scale: Scale, zone: Zone) -> Said:
    """In full it is "09:20 Ana Wijaya, Consultation, confirmed, 09:20–09:40", however little room there is: first
    what can be read on the block, so that whoever speaks to the computer names it by that (WCAG 2.5.3).
    """
    language = languages.active()
    hour, until = (clock(moment, zone, language) for moment in block.span)
    stands = _stands(block, zone)
    what = " · ".join(filter(None, (block.service, block.with_whom, block.district)))
    rest = (what, stands) if block.kind == "appointment" else (stands, what)
    parts = (f"{hour} {block.customer}", *rest, f"{hour}–{until}")
    at = f"{minutes(block.span, scale)} {minutes(block.occupied, scale)}"
    moves = block.kind == "appointment" and block.state == AppointmentState.BOOKED
    return Said(hour, stands, _tone(block), ", ".join(filter(None, parts)), _looks(block, scale), at, moves)


@register.filter
def minutes(span: Moments, scale: Scale) -> str:
    """From which minute to which one `span` lies below the top of a column, for scripts: "75 105"."""
    first, last = (round(one / MINUTE) for one in scale.places(span))
    return f"{first} {last}"


@register.filter
def minute(moment: datetime, scale: Scale) -> str:
    """The same for a moment."""
    return minutes(Span(moment, moment), scale).split()[0]


def _stands(block: Block, zone: Zone) -> str:
    if block.kind == "hold" and block.until:
        return _("reserved until %(until)s") % {"until": when(block.until, zone, languages.active(), "short")}
    if block.kind == "offer":
        return _("offered, not reserved")
    if block.must_move:
        return _("has to move")
    if block.round_state == RequestState.OPEN:
        return _("new times offered")
    if block.round_state == RequestState.WITH_US:
        return _("our turn to answer")
    if block.state == AppointmentState.MISSED:
        return _("did not come")
    return _("took place") if block.state == AppointmentState.COMPLETED else pgettext("appointment", "confirmed")


def _tone(block: Block) -> str:
    if block.kind != "appointment":
        return "plain"
    if block.must_move or block.round_state == RequestState.WITH_US or block.state == AppointmentState.MISSED:
        return "warn"
    return "held" if block.round_state == RequestState.OPEN else ""


def _looks(block: Block, scale: Scale) -> str:
    words = ["block", block.kind, block.state, rows(block.span, scale)]
    if block.must_move:
        words.append("must-move")
    if block.round_state:
        words.append(f"round-{block.round_state}")
    if block.lane:
        words.append(f"lane lane-{block.lane}")
    return " ".join(words)


@register.filter
def on_day(addresses: Mapping[date, str], day: date) -> str:
    """The address that leads to `day`."""
    return addresses[day]


@register.simple_tag
def spot_of(carried: Carried, resource: Resource, day: date) -> Spot | None:
    """What a cell of the week says to the appointment that is carried over it."""
    return carried.spots.get((resource.pk, day))


@register.filter
def tone(block: Block) -> str:
    """How its state is told apart at a glance; "" where all is as it should be, which needs no words."""
    if block.kind != "appointment":
        return "plain"
    if block.must_move or block.round_state == RequestState.WITH_US or block.state == AppointmentState.MISSED:
        return "warn"
    return "held" if block.round_state == RequestState.OPEN else ""


@register.simple_tag
def in_full(block: Block, zone: Zone, said: str) -> str:
    """All of it in one line, however little room its place on the board has: "09:20–09:40, Ana Wijaya, Consultation,
    confirmed".
    """
    language = languages.active()
    hours = f"{clock(block.span.start, zone, language)}–{clock(block.span.end, zone, language)}"
    parts = (hours, block.customer, block.service, block.with_whom, block.district, said)
    return ", ".join(part for part in parts if part)


@register.filter
def taken(load: Load) -> str:
    """How full it is, in words: "62 % taken"."""
    return _("closed") if load.percent is None else _("%(percent)s %% taken") % {"percent": load.percent}


@register.filter
def weekday_short(day: date) -> str:
    """The name of a day in its shortest form: "Tue"."""
    return habits(languages.active()).words("days.short")[day.weekday()]


@register.filter
def month_short(day: date) -> str:
    """A month with its year: "Nov 2026"."""
    return f"{habits(languages.active()).words('months.short')[day.month - 1]} {day.year}"


@register.filter
def letting_go_of(filters: Filters, name: str) -> str:
    """The end of an address that asks for the others; without any it says so, or the last ones would be remembered."""
    return filters.without(name).query or "?kind="
