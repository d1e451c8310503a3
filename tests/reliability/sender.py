"""A program that sends what plans there are to send, and may be told to die on the way.

Its arguments: how many lines of the rule layer it lives for (0 lets it live), the hour it takes it to be, and after how
many customers its time is over.
"""

import sys
from datetime import datetime
from itertools import count
from types import SimpleNamespace

import django

from tests.reliability.mover import Fuse


def main() -> None:
    """Prints how many customers were told, and how many lines were left."""
    django.setup()
    from appointments.domain.disruptions import sending

    lines, now, customers = int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])
    clock = count()
    sending.time = SimpleNamespace(monotonic=lambda: next(clock))  # type: ignore[assignment]
    fuse = Fuse(lines)
    if lines:
        sys.settrace(fuse)
    told = sending.send_due(now=now, seconds=customers)
    sys.settrace(None)
    print(told, fuse.left)


if __name__ == "__main__":
    main()
