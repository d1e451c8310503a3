"""Messages on the console, for trying things out."""

from __future__ import annotations

import sys

from notifications.channels.base import Outgoing, Receipt, Sender


class ConsoleSender(Sender):
    def send(self, outgoing: Outgoing) -> Receipt:
        sys.stdout.write(f"--- {outgoing.name} <{outgoing.email or outgoing.phone}>\n{outgoing.ready.decode()}\n")
        sys.stdout.flush()
        return Receipt(detail="console")

    def close(self) -> None:
        """Nothing is open."""
