"""manage.py backup FILE: everything there is, in one file, while people go on working."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.backups import archive, engines
from notifications.enums import MessageState
from notifications.models import Message


class Command(BaseCommand):
    help = "Writes everything there is into one new file, while people go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="A new file; the folder must exist.")

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["file"]).absolute()
        if file.exists():
            raise CommandError(_("%(file)s exists already.") % {"file": file})
        if not file.parent.is_dir():
            raise CommandError(_("There is no folder %(folder)s.") % {"folder": file.parent})
        now = timezone.now()
        try:
            with archive.folder_beside(file) as folder:
                dump = folder / archive.DUMP
                engines.dump(dump)
                archive.write(file, dump=dump, manifest=self._manifest(made_at=now.isoformat()))
        except engines.EngineTrouble as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            _("%(file)s holds everything as of %(time)s (UTC).") % {"file": file, "time": f"{now:%Y-%m-%d %H:%M:%S}"}
        )

    def _manifest(self, *, made_at: str) -> dict[str, Any]:
        applied = MigrationRecorder(connection).applied_migrations()
        return {
            "version": settings.VERSION,
            "engine": connection.vendor,
            "made_at": made_at,
            "waiting": Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING]).count(),
            "migrations": sorted(f"{app}.{name}" for app, name in applied),
        }
