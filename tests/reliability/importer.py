"""A program that carries out an import, as the worker would, and may be told to die on the way.

Its arguments: how many lines of the rule layer it lives for (0 lets it live), and the import.
"""

import sys

import django


def main() -> None:
    """Prints how many lines were left, negated."""
    django.setup()
    from appointments.domain.imports.page import work
    from tests.clock import NOW
    from tests.reliability.mover import Fuse

    lines, pk = int(sys.argv[1]), int(sys.argv[2])
    fuse = Fuse(lines)
    if lines:
        sys.settrace(fuse)
    work.carry_out(pk, now=NOW)
    sys.settrace(None)
    print(-fuse.left)


if __name__ == "__main__":
    main()
