"""Real engines for tests: a PostgreSQL, a Redis, a Chromium and a mail server that can misbehave.

Each engine comes from the environment when it is named there, else from this machine, else it is installed.
One that cannot be had raises `EngineMissing`; nothing is replaced by a stand-in and nothing is skipped.
"""


class EngineMissing(RuntimeError):
    """An engine could be neither found nor installed; the message says what was tried."""
