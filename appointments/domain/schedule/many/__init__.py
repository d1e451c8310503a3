"""Free times for many at once: what a plan for many chooses among."""

from appointments.domain.schedule.many.search import Wanted, limits_left, ways_for_many
from appointments.domain.schedule.many.ways import NOBODY, Ways

__all__ = ["NOBODY", "Wanted", "Ways", "limits_left", "ways_for_many"]
