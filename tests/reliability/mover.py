"""A program that takes one offer, as a customer would, and may be told to die on the way.

Its arguments: how many lines of the rule layer it lives for (0 lets it live), and the offer to take. It counts the
lines of the rules as they run and kills itself with SIGKILL on the last one, in the middle of whatever it does.
"""

import os
import signal
import sys
from types import FrameType
from typing import Any

import django

COUNTED = "/appointments/domain/"


class Fuse:
    """Burns one line at a time. The tracer is Python's own, so the product knows nothing of it."""

    def __init__(self, lines: int) -> None:
        self.left = lines

    def __call__(self, frame: FrameType, event: str, argument: Any) -> "Fuse | None":
        if COUNTED not in frame.f_code.co_filename:
            return None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def main() -> None:
    """Takes the offer with the id `argv[2]`, as its customer would; prints how many lines were left, negated."""
    django.setup()
    from django.utils import timezone

    from appointments.domain.moving import answers
    from appointments.models import Offer

    lines, offer = int(sys.argv[1]), Offer.objects.select_related("request__appointment").get(pk=sys.argv[2])
    fuse = Fuse(lines)
    if lines:
        sys.settrace(fuse)
    answers.accept(offer, nonce=f"tap-{offer.pk}", now=timezone.now())
    sys.settrace(None)
    print(-fuse.left)


if __name__ == "__main__":
    main()
