"""manage.py restore FILE: a backup in place of what is there; what waited in it is held until a person decides."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.backups import archive, engines
from appointments.models import Appointment, Customer, Location, Resource
from notifications import restores
from notifications.models import Message

OURS = ("appointments", "notifications")
IN_USE: tuple[type[Model], ...] = (User, Location, Resource, Customer, Appointment, Message)
"""A database with a row in one of these is somebody's."""


class Command(BaseCommand):
    help = "Loads a backup. Stop web, worker and beat first."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="Although the database is in use: it is lost.")

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["file"]).absolute()
        try:
            manifest = archive.read(file)
            self._must_fit(manifest)
            if not options["replace"] and _is_in_use():
                raise CommandError(
                    _("The database is not empty. Make a backup of it; then add --replace if it may be lost.")
                )
            with archive.folder_beside(file) as folder:
                engines.load(archive.extract(file, manifest, to=folder))
        except (archive.BadBackup, engines.EngineTrouble) as error:
            raise CommandError(error.message) from error
        call_command("migrate", interactive=False, verbosity=0)
        restores.hold_all(now=timezone.now())
        held = Message.objects.held().count()  # with those that were held when the backup was made
        self.stdout.write(_report(datetime.fromisoformat(manifest.made_at), held=held))

    def _must_fit(self, manifest: archive.Manifest) -> None:
        if manifest.engine != connection.vendor:
            raise CommandError(
                _("This backup is of %(theirs)s, and DATABASE_URL names %(ours)s.")
                % {"theirs": manifest.engine, "ours": connection.vendor}
            )
        known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
        unknown = [name for name in manifest.migrations if name.startswith(OURS) and name not in known]
        if unknown:
            raise CommandError(
                _("This backup was made by version %(version)s, which is later than this one: %(names)s.")
                % {"version": manifest.version, "names": ", ".join(unknown)}
            )


def _is_in_use() -> bool:
    there = set(connection.introspection.table_names())
    return any(model._meta.db_table in there and model._default_manager.exists() for model in IN_USE)


def _report(made_at: datetime, *, held: int) -> str:
    return _(
        """Restored: everything is as it was at %(time)s (UTC).

Messages held: %(held)d. A manager decides about them on this page, or you with manage.py held:
  %(page)s
What was promised, answered and sent after that time is not known here any more, though people were told. Compare:
  - the log of the mail server from %(time)s (UTC) on: to whom letters went
  - the calendars of colleagues, and customers who say that they have moved"""
    ) % {"time": f"{made_at:%Y-%m-%d %H:%M:%S}", "held": held, "page": settings.PUBLIC_URL + reverse("settings-held")}
