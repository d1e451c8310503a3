"""Makes a customer's links dead, when a letter or a phone fell into the wrong hands."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from appointments.domain import links
from appointments.models import Appointment


class Command(BaseCommand):
    help = (
        "Make all links of appointments dead at once: they open nothing any more, as if they had never been. "
        "The next message about the appointment brings a new one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("appointment", type=int, nargs="+", help="its number, as its page at the desk shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = set(options["appointment"])
        found = list(Appointment.objects.filter(pk__in=asked).order_by("pk"))
        if unknown := sorted(asked - {one.pk for one in found}):
            raise CommandError(f"No appointment has the number {', '.join(map(str, unknown))}. Nothing was changed.")
        for appointment in found:
            dead = links.revoke(appointment, now=timezone.now())
            self.stdout.write(f"Appointment {appointment.pk}: {dead} links are dead now.")
