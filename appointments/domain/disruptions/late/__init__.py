"""“We run so many minutes late today”: the rest of the day moves as far as it has to, and whoever waits longer is told.

The later hour stands unless the customer says otherwise. Whoever cannot begin later, because a room or a machine
belongs to others then, has to move as in any disruption.
"""

from appointments.domain.disruptions.late.declare import can_be_undone, declare, undo, undo_until
from appointments.domain.disruptions.late.preview import FEWEST, MOST, Late, Line, Shift, as_told, preview
from appointments.domain.disruptions.late.today import read_by

__all__ = [
    "FEWEST",
    "MOST",
    "Late",
    "Line",
    "Shift",
    "as_told",
    "can_be_undone",
    "declare",
    "preview",
    "read_by",
    "undo",
    "undo_until",
]
