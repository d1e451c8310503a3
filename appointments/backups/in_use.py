"""Whether anything serves this installation: web servers and workers say so as long as they live, by a lock on a file.

The lock goes with its process, however that ends. It holds for one machine, as SQLite does.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from appointments.errors import DomainError

_held: list[int] = []


class InUse(DomainError):
    """Somebody else has the installation; the message says what to do."""


def serve() -> None:
    """This process serves, until it ends. Raises InUse while the database is on its way to another one.

    Where the folder takes no locks nothing is known, and nobody is kept from serving.
    """
    try:
        file = _open()
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise InUse(_("The database is being moved. Start again when that is done.")) from error
    except OSError:
        return
    _held.append(file)


@contextmanager
def alone() -> Iterator[None]:
    """Inside, nothing serves and nothing can begin to. Raises InUse when something does."""
    file = _open()
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise InUse(_("Something is still running here. Stop web server, worker and beat, then try again.")) from error
    finally:
        os.close(file)


def _open() -> int:
    return os.open(Path(settings.DATA_DIR) / "serving.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
