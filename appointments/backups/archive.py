"""A backup's file: a ZIP with `manifest.json` and the dump. Written whole or not at all, and read with suspicion."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from appointments.errors import DomainError

PRODUCT, FORMAT = "reschedule", 1
MANIFEST, DUMP = "manifest.json", "database"


class BadBackup(DomainError):
    """Not a file that can be loaded here; the message says why."""


@dataclass(frozen=True)
class Manifest:
    """`migrations` are "app.name"; `waiting` counts the messages that had not left; `made_at` is ISO 8601 in UTC."""

    product: str
    format: int
    version: str
    engine: str
    made_at: str
    waiting: int
    migrations: list[str]
    sha256: str = ""


@contextmanager
def folder_beside(file: Path) -> Iterator[Path]:
    """A folder on the same disk for what is half done; nobody else may look in."""
    with TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as name:
        yield Path(name)


def write(file: Path, *, dump: Path, manifest: dict[str, Any]) -> Manifest:
    """`file` appears when everything in it has reached the disk. Nobody but the owner may read it."""
    complete = Manifest(**manifest, product=PRODUCT, format=FORMAT, sha256=_digest(dump))
    unfinished = dump.with_name("archive.zip")
    with unfinished.open("xb") as output:
        os.fchmod(output.fileno(), 0o600)
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(complete), indent=1))
            archive.write(dump, DUMP)
        output.flush()
        os.fsync(output.fileno())
    unfinished.replace(file)
    _sync_folder(file.parent)
    return complete


def read(file: Path) -> Manifest:
    """What the file says that it is. Raises BadBackup when it is none of ours, or from a later version of them."""
    try:
        with zipfile.ZipFile(file) as archive:
            found = json.loads(archive.read(MANIFEST))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BadBackup(_("%(file)s is not a backup of this product.") % {"file": file}) from error
    if not isinstance(found, dict) or found.get("product") != PRODUCT:
        raise BadBackup(_("%(file)s is not a backup of this product.") % {"file": file})
    if found.get("format") != FORMAT:
        raise BadBackup(_("%(file)s was made by a later version. Install that one first.") % {"file": file})
    try:
        return Manifest(**{field.name: found[field.name] for field in fields(Manifest)})
    except KeyError as error:
        raise BadBackup(_("%(file)s is damaged.") % {"file": file}) from error


def extract(file: Path, manifest: Manifest, *, to: Path) -> Path:
    """The dump, in the folder `to`. Raises BadBackup when it is not what was written."""
    dump = to / DUMP
    try:
        with zipfile.ZipFile(file) as archive, archive.open(DUMP) as source, dump.open("xb") as target:
            shutil.copyfileobj(source, target)
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise BadBackup(_("%(file)s is damaged.") % {"file": file}) from error
    if _digest(dump) != manifest.sha256:
        raise BadBackup(_("%(file)s is damaged.") % {"file": file})
    return dump


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    """A name is on the disk when its folder is."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
