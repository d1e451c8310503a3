"""manage.py held: what waits for a person since the database was restored or copied."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import restores
from notifications.models import Message


class Command(BaseCommand):
    help = "Lists the messages that are held since a restore, by kind; with an option, decides about all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        decision = parser.add_mutually_exclusive_group()
        decision.add_argument("--hold", action="store_true", help="Hold all that waits now: it may have left before.")
        decision.add_argument("--release", action="store_true", help="Let them leave, if they are still true.")
        decision.add_argument("--drop", action="store_true", help="Take them back for good.")

        parser.add_argument("--reason", default="", help="Why they are taken back; stands beside each of them.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = _("%(name)s, with manage.py held") % {"name": getpass.getuser()}
        if options["hold"]:
            self.stdout.write(_("Held: %(count)d") % {"count": restores.hold_all(now=timezone.now())})
        elif options["release"]:
            count = restores.release(Message.objects.all(), by=by, now=timezone.now())
            self.stdout.write(_("Released: %(count)d") % {"count": count})
        elif options["drop"]:
            count = restores.drop(Message.objects.all(), by=by, now=timezone.now(), reason=options["reason"])
            self.stdout.write(_("Taken back: %(count)d") % {"count": count})
        else:
            self._list()

    def _list(self) -> None:
        for kind, count in Message.objects.held().order_by("kind").values_list("kind").annotate(count=Count("pk")):
            self.stdout.write(f"{count:6} {kind}")
        self.stdout.write(_("Held: %(count)d") % {"count": Message.objects.held().count()})
