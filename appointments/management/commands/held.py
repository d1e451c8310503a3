"""manage.py held: what waits for a person since the database was restored or copied."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.domain.messages.held import deciding
from appointments.domain.messages.held.deciding import Reason
from appointments.domain.messages.held.reading import held
from notifications import restores

THROUGH = "manage.py held"


class Command(BaseCommand):
    help = "Lists the messages that are held since a restore, by kind; with an option, decides about all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        decision = parser.add_mutually_exclusive_group()
        decision.add_argument("--hold", action="store_true", help="Hold all that waits now: it may have left before.")
        decision.add_argument("--release", action="store_true", help="Let them leave, if they are still true.")
        decision.add_argument("--drop", action="store_true", help="Take them back for good.")
        parser.add_argument("--by", default="", metavar="USERNAME", help="Who decides so: a colleague's user name.")
        reasons = "; ".join(f"{one.value}: {one.label}" for one in Reason)
        parser.add_argument("--reason", default="", help=f"Why they are dropped. {reasons}")
        parser.add_argument("--note", default="", help="In your own words; stands beside each of them.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["hold"]:
            self.stdout.write(_("Held: %(count)d") % {"count": restores.hold_all(now=timezone.now())})
        elif options["release"]:
            by = _who(options["by"])
            count = deciding.release(held(), by=by, now=timezone.now(), through=THROUGH)
            self.stdout.write(_("Released: %(count)d") % {"count": count})
        elif options["drop"]:
            by, reason = _who(options["by"]), _why(options["reason"], options["note"])
            dropped = deciding.drop(
                held(), reason=reason, note=options["note"].strip(), by=by, now=timezone.now(), through=THROUGH
            )
            self.stdout.write(deciding.said(dropped))
        else:
            self._list()

    def _list(self) -> None:
        for kind, count in held().order_by("kind").values_list("kind").annotate(count=Count("pk")):
            self.stdout.write(f"{count:6} {kind}")
        self.stdout.write(_("Held: %(count)d") % {"count": held().count()})


def _who(username: str) -> User:
    """A colleague: it stands beside each message and in the list of changes. Raises `CommandError`."""
    username = username or _asked(_("Who decides so? The user name: "))
    if not username:
        raise CommandError(_("Say who decides so: --by and the user name of a colleague."))
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(_("Nobody signs in as %(name)s.") % {"name": username})
    return user


def _why(reason: str, note: str) -> Reason:
    """Raises `CommandError` for a reason that is none of the list."""
    reason = reason or _asked(_("Why? One of %(reasons)s: ") % {"reasons": ", ".join(Reason.values)})
    if reason not in Reason.values:
        raise CommandError(_("Say why with --reason and one of: %(reasons)s.") % {"reasons": ", ".join(Reason.values)})
    if reason == Reason.OTHER and not note.strip():
        raise CommandError(_("Say which one, with --note."))
    return Reason(reason)


def _asked(question: str) -> str:
    """Of whoever sits at the terminal; a script is not asked."""
    return input(question).strip() if sys.stdin.isatty() else ""
