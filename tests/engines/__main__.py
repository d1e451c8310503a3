"""Run a command with engines beside it: `python -m tests.engines --postgres --redis -- pytest -k race`.

The command sees DATABASE_URL and TEST_DATABASE_URL, TEST_REDIS_URL; the engines end with it.
"""

import argparse
import os
import signal
import subprocess
import sys
from contextlib import ExitStack

from tests.engines import EngineMissing, postgres, redis


def main() -> int:
    """The command's exit code, or 3 when an engine is missing."""
    parser = argparse.ArgumentParser(description="Run a command with real engines beside it.")
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL as the default database")
    parser.add_argument("--redis", action="store_true", help="Redis, in TEST_REDIS_URL")
    parser.add_argument("command", nargs="+")
    wanted = parser.parse_args()
    # Ended by a signal, the engines must still be stopped: turn it into an ordinary way out.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    environment = dict(os.environ)
    with ExitStack() as engines:
        try:
            if wanted.postgres:
                given = postgres.given_url()
                url = given or engines.enter_context(postgres.PostgresServer()).url
                environment |= {"DATABASE_URL": url, "TEST_DATABASE_URL": url}
            if wanted.redis and not redis.given_url():
                environment["TEST_REDIS_URL"] = engines.enter_context(redis.RedisServer()).url
        except EngineMissing as missing:
            print(missing, file=sys.stderr)
            return 3
        return subprocess.run(wanted.command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
