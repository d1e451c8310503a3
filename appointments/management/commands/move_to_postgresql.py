"""manage.py move_to_postgresql postgres://…: everything from SQLite into an empty PostgreSQL, or nothing."""

import getpass
import re
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.backups.in_use import InUse, alone
from appointments.backups.moving import comparing, copying, target
from appointments.backups.moving.target import ALIAS, CannotMove
from notifications import restores


class Command(BaseCommand):
    help = "Moves everything from SQLite into an empty PostgreSQL. Stop web server, worker and beat first."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="postgres://user:password@host:5432/name; - asks for it, and shows it nowhere.")

    def handle(self, *args: Any, **options: Any) -> None:
        url = getpass.getpass("postgres://… ") if options["url"] == "-" else options["url"]
        try:
            target.must_be_ready_here()
            with alone(), target.connected(url):
                self._move(url)
        except (CannotMove, InUse) as error:
            raise CommandError(error.message) from error
        self.stdout.write(_what_now(url, file=str(connection.settings_dict["NAME"])))

    def _move(self, url: str) -> None:
        """One transaction on either side: nobody writes here meanwhile, and there it is all or nothing."""
        there = target.connections[ALIAS]
        target.must_be_ours_or_empty(there)
        if faults := copying.without_what_they_point_to():
            raise _refused(faults)
        self._say(_("Making the tables …"))
        if not (filled := target.filled(there)):
            target.migrate(url, there)
        with transaction.atomic():
            if filled and comparing.differences():
                raise CannotMove(_("That database is not empty: %(names)s.") % {"names": ", ".join(filled[:8])})
            if not filled:
                self._copy()
            restores.hold_all(now=timezone.now())

    def _copy(self) -> None:
        try:
            with transaction.atomic(using=ALIAS):
                copying.copy(self._progress)
                self._say(_("Comparing every row …"))
                _must_be_whole()
                restores.settle_in(target.connections[ALIAS])
        except copying.RefusedRows as error:
            raise _refused(error.rows) from error

    def _progress(self, table: str, rows: int) -> None:
        self._say(f"{rows:>9,} {table}")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _must_be_whole() -> None:
    """Raises CannotMove, so that nothing stays."""
    wrong = [
        *(f"{table}: {here.rows}/{there.rows}" for table, (here, there) in comparing.differences().items()),
        *comparing.guards_that_lie_down(),
        *comparing.rules_that_are_missing(),
    ]
    if wrong:
        raise CannotMove(
            _("What arrived is not what left, so nothing was moved: %(names)s") % {"names": ", ".join(wrong)}
        )


def _refused(rows: list[copying.Refused]) -> CannotMove:
    listed = "\n".join(f"  {one}" for one in rows)
    return CannotMove(_("PostgreSQL does not take these rows, so nothing was moved. Mend them first:") + f"\n{listed}")


def _what_now(url: str, *, file: str) -> str:
    said = {"url": re.sub(r"(://[^:/@]*):[^@]*@", r"\1:PASSWORD@", url), "file": file}
    words = (
        _(
            """
Moved, and every row compared. Nothing was sent twice, and nothing was lost. Now:

  1. In .env, or where you set it:  DATABASE_URL=%(url)s
  2. Keep SECRET_KEY and RESCHEDULE_DATA as they are.
  3. Start web server, worker and beat again.

To go back, before anybody has worked with it: take DATABASE_URL away and start again. What waited is held there, so
that nothing leaves twice; release it with: manage.py held --release --by USERNAME
The old file stays where it is, with everything of your customers, until you delete it: %(file)s"""
        )
        % said
    )
    if settings.MAIL_FILE.is_file() and not settings.EMBEDDED:
        words += "\n" + _(
            "The mail server that was typed on a page counts only in the embedded installation: set EMAIL_URL."
        )
    return words
