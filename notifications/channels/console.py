"""Messages on the console, for trying things out."""

from __future__ import annotations

import sys

from notifications.channels.base import BaseChannel, Outgoing, Reachable, Receipt, Sender
from notifications.enums import Channel


class ConsoleChannel(BaseChannel):
    name = Channel.CONSOLE
    texts = ("email.txt",)
    letter = True
    silent = True
    offered = False

    def address(self, to: Reachable) -> str:
        return to.email or to.phone

    def why_not(self, address: str) -> str:
        return ""

    def is_set_up(self) -> bool:
        return True

    def sender(self) -> Sender:
        return ConsoleSender()


class ConsoleSender(Sender):
    def send(self, outgoing: Outgoing) -> Receipt:
        sys.stdout.write(f"--- {outgoing.name} <{outgoing.address}>\n{outgoing.ready.decode()}\n")
        sys.stdout.flush()
        return Receipt(detail="console")

    def close(self) -> None:
        """Nothing is open."""
