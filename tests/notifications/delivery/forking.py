"""Workers that start quickly, so that many of them can be killed: `python -m tests.notifications.delivery.forking`.

Loads the project once. For each line that it reads it forks a worker and prints its process number; the worker
delivers, run after run, until it is killed or everything has left. Then this prints "ended".
"""

import os
import sys
import time


def work() -> None:
    from django.utils import timezone

    from notifications import delivery
    from notifications.models import Message

    while Message.objects.exclude(state="sent").exists():
        delivery.deliver_due(now_fn=timezone.now)
        time.sleep(0.05)


def main() -> None:
    import django
    from django.db import connections

    django.setup()
    for _line in sys.stdin:
        connections.close_all()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                work()
                code = 0
            finally:
                connections.close_all()
                os._exit(code)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
