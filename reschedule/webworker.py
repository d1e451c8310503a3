"""gunicorn's threads, kept for requests that have arrived.

gunicorn gives a connection a thread as soon as somebody dials. A few dozen clients that send half a request and wait
then hold all threads, and nobody else is answered, not even a monitor that asks for /healthz. Here a request waits
without a thread until its head and a body of a form's size are there, and not for ever. One that is cut off before is
dropped, so that half a form is never taken for a whole one.

A proxy that buffers does this better (docs/examples/nginx.conf); this is for the day when somebody goes past it.
"""

import re
import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

ARRIVES_WITHIN = 10.0
"""Seconds in which head and a small body must be here."""
STANDSTILL = 10
"""Seconds without a byte after which a thread gives up a client that sends a large body, or takes no answer."""
LOOKED_AT = 64 * 1024
"""Bytes that wait in the system's own buffer; what is larger is read by a thread."""

READ_AWAY = 13 * 1024 * 1024
"""Bytes of a refused request that are read before its line is used again: more than a proxy hands on."""

END_OF_HEAD = b"\r\n\r\n"
LENGTH_OF_BODY = re.compile(rb"^content-length:[ \t]*(\d{1,9})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


def is_all_here(begun: bytes) -> bool:
    """Whether a thread can read the request that begins with `begun` without waiting for the client."""
    head, end, body = begun.partition(END_OF_HEAD)
    if len(begun) >= LOOKED_AT:
        return True
    if not end:
        return False
    told = LENGTH_OF_BODY.search(head)
    return told is None or len(body) >= min(int(told[1]), LOOKED_AT - len(head) - len(end))


class PatientWorker(ThreadWorker):
    """As gthread, except for when a connection gets its thread. All of it runs in the main thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: dict[TConn, float] = {}

    def enqueue_req(self, conn: TConn) -> None:
        read_ahead = conn.parser is not None and conn.parser.unreader.buf.getvalue()
        if self.cfg.is_ssl or read_ahead:  # what is in the socket says nothing
            self._give_thread(conn)
        else:
            self._look(conn, seen=0, until=time.monotonic() + ARRIVES_WITHIN)

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """Reads away what was refused unread. Cutting the line instead would take the answer with it, and the next
        request too, somebody else's, that a proxy has put on the same line meanwhile."""
        if not keepalive:
            return False
        return bool(conn.parser.finish_body(deadline=time.monotonic() + STANDSTILL, max_bytes=READ_AWAY))

    def murder_pending(self) -> None:
        """Called about once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [one for one, until in self.arriving.items() if until <= now]:
            self._stop_waiting(conn)
            self._drop(conn)

    def _look(self, conn: TConn, *, seen: int, until: float) -> None:
        """Gives `conn` a thread, waits for more than the `seen` bytes of it, or drops it when there will be no more."""
        begun = _peek(conn)
        if begun is not None and is_all_here(begun):
            self._give_thread(conn)
        elif begun is not None and len(begun) <= seen:
            self._drop(conn)
        else:
            # The selector reports it again only when there is more than we have seen.
            seen = len(begun or b"")
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, seen + 1)
            self.arriving[conn] = until
            self.poller.register(conn.sock, EVENT_READ, partial(self._more_came, conn, seen, until))

    def _more_came(self, conn: TConn, seen: int, until: float, _socket: Any) -> None:
        self._stop_waiting(conn)
        self._look(conn, seen=seen, until=until)

    def _stop_waiting(self, conn: TConn) -> None:
        del self.arriving[conn]
        self.poller.unregister(conn.sock)

    def _give_thread(self, conn: TConn) -> None:
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, direction, struct.pack("ll", STANDSTILL, 0))
        super().enqueue_req(conn)

    def _drop(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()


def _peek(conn: TConn) -> bytes | None:
    """What has come, and stays to be read; b"" when the client has hung up, None when nothing has come yet."""
    try:
        return bytes(conn.sock.recv(LOOKED_AT, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        return None
    except OSError:
        return b""
