"""Book, move, cancel: the only code that writes on the timeline.

Locks are taken in one order everywhere: the appointment, its round, then the resources by id. Whoever writes, the
database has the last word: an overlap that slips past every check is refused there and arrives here as `SlotTaken`.
"""

from appointments.domain.booking.changes import (
    book,
    came_after_all,
    cancel,
    change_length,
    complete,
    mark_missed,
    move,
    move_locked,
    reinstate,
)
from appointments.domain.booking.days import must_have_room, on_full_days
from appointments.domain.booking.holds import hold, release_holds, sweep_holds
from appointments.domain.booking.locks import lock, lock_all, lock_as_read, lock_resources
from appointments.domain.booking.many import (
    NEW_ENTRY,
    CalendarEntry,
    PlannedAppointment,
    PlannedMove,
    book_many,
    move_many,
)
from appointments.domain.booking.rows import in_the_way, occupied_span, resources_of

__all__ = [
    "NEW_ENTRY",
    "CalendarEntry",
    "PlannedAppointment",
    "PlannedMove",
    "book",
    "book_many",
    "came_after_all",
    "cancel",
    "change_length",
    "complete",
    "hold",
    "in_the_way",
    "lock",
    "lock_all",
    "lock_as_read",
    "lock_resources",
    "mark_missed",
    "move",
    "move_locked",
    "move_many",
    "must_have_room",
    "occupied_span",
    "on_full_days",
    "reinstate",
    "release_holds",
    "resources_of",
    "sweep_holds",
]
