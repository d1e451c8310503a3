"""A connection that answers, or an OperationalError within two seconds.

A pool waits for a connection as if it were sure to come, and a line to a server that froze looks like one to a server
that thinks. So every line is asked before it is used, and whoever got none in a moment knocks at the server itself: a
busy one is waited for, one that is away is not.
"""

from __future__ import annotations

import select
from time import monotonic
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.conninfo import make_conninfo
from psycopg.pq import ConnStatus, PGconn, PollingStatus
from psycopg.pq.abc import PGconn as Line
from psycopg_pool import PoolTimeout

ANSWER_SECONDS = 0.7
"""A living server answers an empty question in this time; also how long the pool is waited for at a time."""
KNOCK_SECONDS = 1.0
"""A living server says its first word to somebody new in this time, however busy it is."""
BUSY_SECONDS = 10.0
"""How long a page waits while the server lives and all connections are taken."""

NOT_FOR_LIBPQ = ("autocommit", "context", "cursor_factory", "prepare_threshold", "row_factory")


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not self.pool:
            return super().get_new_connection(conn_params)
        until = monotonic() + BUSY_SECONDS
        while True:
            try:
                connection = super().get_new_connection(conn_params)
            except PoolTimeout:
                if monotonic() > until:
                    raise
            else:
                if answers(connection.pgconn):
                    return connection
                connection.close()
                self.pool.putconn(connection)
            knock(conn_params)


def answers(line: Line) -> bool:
    """Whether the server at the other end of an idle line answers an empty question in time."""
    until = monotonic() + ANSWER_SECONDS
    try:
        line.send_query(b"")
        line.flush()
        while True:
            while line.is_busy():
                if not _ready(line, select.POLLIN, until):
                    return False
                line.consume_input()
            if line.get_result() is None:
                return True
    except psycopg.OperationalError:
        return False


def knock(conn_params: dict[str, Any]) -> None:
    """Raises OperationalError unless the server speaks at once to somebody new, and lets him in in the end."""
    login = {name: value for name, value in conn_params.items() if name not in NOT_FOR_LIBPQ}
    until = monotonic() + KNOCK_SECONDS
    line = PGconn.connect_start(make_conninfo(**login).encode())
    try:
        state = PollingStatus.WRITING if line.status != ConnStatus.BAD else PollingStatus.FAILED
        while state not in (PollingStatus.OK, PollingStatus.FAILED):
            listens = state == PollingStatus.READING
            if not _ready(line, select.POLLIN if listens else select.POLLOUT, until):
                raise psycopg.OperationalError("the database server does not answer")
            if listens:
                until = monotonic() + BUSY_SECONDS
            state = PollingStatus(line.connect_poll())
        if state == PollingStatus.FAILED:
            raise psycopg.OperationalError(line.error_message.decode(errors="replace"))
    finally:
        line.finish()


def _ready(line: Line, event: int, until: float) -> bool:
    poll = select.poll()
    poll.register(line.socket, event)
    return bool(poll.poll(max(0.0, until - monotonic()) * 1000))
