"""A proxy as operators put before the web server: it hands requests on and says from whom it has them."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

NOT_HANDED_ON = {"connection", "transfer-encoding", "date", "server"}


class _Handler(BaseHTTPRequestHandler):
    server: _Listener

    def do_GET(self) -> None:
        self._hand_on()

    do_POST = do_GET

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        told = ", ".join(self.headers.get_all("X-Forwarded-For", []))
        del self.headers["X-Forwarded-For"]
        heard = str(self.client_address[0])
        if self.server.adds:
            self.headers["X-Forwarded-For"] = f"{told}, {heard}" if told else heard
        elif self.server.adds is not None:
            self.headers["X-Forwarded-For"] = heard
        line = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=60)
        try:
            line.request(self.command, self.path, body=body, headers=dict(self.headers.items()))
            answer = line.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in NOT_HANDED_ON:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
        finally:
            line.close()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test speaks for itself."""


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    behind: int
    adds: bool | None


class Proxy:
    """Listens on a port of its own. `adds`: to what the client said, or in its place; None says nothing at all."""

    def __init__(self, *, behind: int, adds: bool | None) -> None:
        self.listener = _Listener(("127.0.0.1", 0), _Handler)
        self.listener.behind, self.listener.adds = behind, adds
        self.port = int(self.listener.server_address[1])
        self.thread = threading.Thread(target=self.listener.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.listener.shutdown()
        self.listener.server_close()
        self.thread.join()
