"""Run with production settings: opens a small clinic and prints, as JSON, who works there and whom it expects.

python -m tests.production.open_clinic 3      # three appointments
"""

import json
import sys
from datetime import datetime, time, timedelta

import django
from django.utils import timezone


def main(count: int) -> None:
    django.setup()
    from appointments.models import Business
    from tests.factories import CustomerFactory, clinic

    world = clinic(rooms=2)
    Business.objects.update(undo_seconds=1)
    day = timezone.now().astimezone(world.location.tzinfo).date() + timedelta(days=3)
    day += timedelta(days=day.weekday() == 6)  # nobody works on Sundays
    appointments = [
        world.booked(
            datetime.combine(day, time(9 + number), world.location.tzinfo),
            customer=CustomerFactory(name=f"Ana Putri {number}", email=f"ana{number}@mail.example"),
        )
        for number in range(count)
    ]
    told = {"user": world.staff.username, "reason": world.reason.pk, "appointments": [one.pk for one in appointments]}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
