"""A program that clears away what has had its time, and may be told to die on the way.

Its arguments: how many lines of the rule layer it lives for (0 lets it live), and what time it is.
"""

import sys
from datetime import datetime

import django

from tests.reliability.mover import Fuse


def main() -> None:
    """In steps of two rows, so that it can die between any of them; prints how many lines were left, negated."""
    django.setup()
    from appointments.domain.privacy import purging

    purging.BATCH = 2
    lines, now = int(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
    fuse = Fuse(lines)
    if lines:
        sys.settrace(fuse)
    purging.purge(now=now)
    sys.settrace(None)
    print(-fuse.left)


if __name__ == "__main__":
    main()
