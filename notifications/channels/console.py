"""Messages on the console, for trying things out."""

from __future__ import annotations

import sys

from notifications.channels.base import Courier, Parcel, Receipt


class ConsoleCourier(Courier):
    def send(self, parcel: Parcel) -> Receipt:
        sys.stdout.write(f"--- {parcel.name} <{parcel.email or parcel.phone}>\n{parcel.ready.decode()}\n")
        sys.stdout.flush()
        return Receipt(detail="console")

    def close(self) -> None:
        """Nothing is open."""
