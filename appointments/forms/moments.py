"""What somebody typed as a time of day at a place, as the moment it stands for."""

from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.domain.pages.diary.month import FIRST, LAST
from appointments.domain.schedule.waking import must_be_an_hour_to_tell, next_quarter
from appointments.domain.schedule.wallclock import shown_by_clock
from appointments.errors import DomainError

QUARTERS = {"type": "datetime-local", "step": "900"}
"""How a browser asks for an hour that we tell people."""
WALL_CLOCK = "%Y-%m-%dT%H:%M"
"""As a browser sends a moment, and as we give it one."""
FURTHEST = timedelta(days=730)
"""Further ahead a time that somebody types is a mistake."""
NO_SUCH_DAY = gettext_lazy("There is no such day. Please choose another one.")


def on_the_calendar(day: date) -> None:
    """Of a day or a moment; raises ValidationError for one that no board shows, near which hours cannot be reckoned."""
    if not FIRST.year <= day.year <= LAST.year:
        raise forms.ValidationError(NO_SUCH_DAY)


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    """Asks for a day and an hour on the clock of a place, without its zone."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WALL_CLOCK)
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=[WALL_CLOCK, f"{WALL_CLOCK}:%S", "%Y-%m-%d %H:%M"], **options
    )


def hour_to_tell(shown: datetime, zone: tzinfo) -> datetime:
    """The same as an hour that one can tell people: on the next quarter. Raises ValidationError at night, and at the
    end of the calendar, where no quarter is next.
    """
    moment = in_utc(shown, zone)
    try:
        moment = next_quarter(moment)
        must_be_an_hour_to_tell(moment, zone)
    except OverflowError as error:
        raise forms.ValidationError(NO_SUCH_DAY) from error
    except DomainError as error:
        raise forms.ValidationError(error.message) from error
    return moment


def in_utc(shown: datetime, zone: tzinfo) -> datetime:
    """The moment at which a clock in `zone` shows `shown`; the first of two, when it goes back and shows it twice.

    Raises ValidationError for an hour that it skips when it goes forward, and at the ends of the calendar.
    """
    try:
        return shown_by_clock(shown, zone)
    except OverflowError as error:
        raise forms.ValidationError(NO_SUCH_DAY) from error
    except ValueError as error:
        raise forms.ValidationError(
            _("%(time)s does not exist on that day: the clocks go forward. Please choose another time."),
            params={"time": f"{shown:%H:%M}"},
        ) from error


def must_be_near(moment: datetime, *, now: datetime) -> None:
    """Raises ValidationError for what is more than two years ahead."""
    if moment > now + FURTHEST:
        raise forms.ValidationError(_("That is more than two years away. Please choose a nearer day."))


def shown_in(moment: datetime, zone: tzinfo) -> datetime:
    """What a clock in `zone` shows then, as a form gives it to a browser; `in_utc` is the way back."""
    return moment.astimezone(zone).replace(tzinfo=None)
