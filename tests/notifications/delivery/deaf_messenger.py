"""A messenger whose timetable dies as it starts, but only the first time: `… deaf_messenger FILE`.

FILE is made the first time, and tells the second one to be well.
"""

import sys
from pathlib import Path


def main() -> None:
    import django
    from celery.beat import Service
    from django.core.management import call_command

    django.setup()
    been_here = Path(sys.argv[1])
    if not been_here.exists():
        been_here.touch()
        Service.start = lambda self, embedded_process=False: None
    call_command("messenger")


if __name__ == "__main__":
    main()
