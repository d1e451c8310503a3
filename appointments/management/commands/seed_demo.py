"""manage.py seed_demo: the sample business, into an empty database."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.demo import build


class Command(BaseCommand):
    help = "Fills an empty database with the sample business."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="Another number makes other people and other days.")
        parser.add_argument("--scale", choices=sorted(build.SCALES), default="full")
        parser.add_argument(
            "--keep", action="store_true", help="Be content when the sample business is there already, as it is."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                _("The logins of the sample business have known passwords. It is only for trying out (EMBEDDED=true).")
            )
        if options["keep"] and not build.is_empty():
            self._must_be_the_sample()
            return
        try:
            built = build.fill(now=timezone.now(), seed=options["seed"], scale=options["scale"])
        except build.NotEmpty as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            _("%(customers)d customers, %(appointments)d appointments, %(moves)d moves, %(waiting)d more under way.")
            % vars(built)
        )

    def _must_be_the_sample(self) -> None:
        """Opening a real business with the demo's open mailbox would show customers' mail to anybody."""
        if not build.is_the_sample():
            raise CommandError(
                _("The data in %(folder)s is not the sample business. Choose another folder with RESCHEDULE_DATA.")
                % {"folder": settings.DATA_DIR}
            )
