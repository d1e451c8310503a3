"""manage.py revoke_links 4711: the customer's links of one appointment open nothing any more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.domain import links
from appointments.models import Appointment


class Command(BaseCommand):
    help = "Makes every link to one appointment dead at once, for instance when a message went to the wrong person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("appointment", type=int, help="The number in the address of its page at the desk.")

    def handle(self, *args: Any, **options: Any) -> None:
        appointment = Appointment.objects.filter(pk=options["appointment"]).first()
        if appointment is None:
            raise CommandError(_("There is no such appointment."))
        count = links.revoke(appointment, now=timezone.now())
        self.stdout.write(_("Links revoked: %(count)d") % {"count": count})
