"""A file that is uploaded: kept until it is brought in, with what was chosen for the last one like it."""

import hashlib
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain.imports.page.chosen import Chosen, at_first
from appointments.domain.imports.page.columns import columns_of
from appointments.domain.imports.reading.rows import shorten
from appointments.domain.imports.reading.table.find import Meant
from appointments.domain.transactions import one_transaction
from appointments.enums import ImportState
from appointments.errors import DomainError
from appointments.models import ImportRun, Location

LARGEST = 10 * 1024 * 1024


def keep(data: bytes, *, name: str, place: Location | None, by: User, now: datetime) -> ImportRun:
    """The import that begins with it. The same file again, by the same colleague, is the same import, as long as it is
    not brought in.

    Raises `DomainError` for an empty file, one that is too large, and where there is no place yet.
    """
    if not data:
        raise DomainError(_("The file is empty."))
    if len(data) > LARGEST:
        raise DomainError(_("The file is larger than %(limit)d MB. Please import it in parts.") % {"limit": MEGABYTES})
    if place is None:
        raise DomainError(_("There is no location yet; add one in the settings."))
    return _keep(data, name=shorten(name, 150) or _("without a name"), place=place, by=by, now=now)


MEGABYTES = LARGEST // 1024**2


@one_transaction
def _keep(data: bytes, *, name: str, place: Location, by: User, now: datetime) -> ImportRun:
    digest = hashlib.sha256(data).hexdigest()
    same: ImportRun | None = ImportRun.objects.filter(by=by, digest=digest, name=name, state=ImportState.DRAFT).first()
    if same is not None:
        return same
    headings = columns_of(data, name=name, meant=Meant()).headings
    chosen = _as_last_time(headings, at_first(place, now=now))
    return ImportRun.objects.create(
        by=by,
        name=name,
        digest=digest,
        data=data,
        size=len(data),
        headings=headings,
        uploaded_at=now,
        choices=chosen.as_json(),
    )


def _as_last_time(headings: str, chosen: Chosen) -> Chosen:
    """With what was chosen for the last file with these headings; the days are those of today."""
    last: ImportRun | None = (
        ImportRun.objects.filter(headings=headings, ended_at__isnull=False).order_by("-ended_at", "-pk").first()
        if headings
        else None
    )
    if last is None or not Location.objects.filter(pk=last.choices.get("location"), is_active=True).exists():
        return chosen
    return replace(
        Chosen.of(last.choices), first_day=chosen.first_day, last_day=chosen.last_day, skip_errors=False, newest=False
    )


def throw_away(run: ImportRun) -> None:
    """A file that is not to be brought in after all. Raises `DomainError` for one that is."""
    if not ImportRun.objects.filter(pk=run.pk, state=ImportState.DRAFT).delete()[0]:
        raise DomainError(_("This file is being imported, or has been."))
