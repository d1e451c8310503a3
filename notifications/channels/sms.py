"""Text messages: kept as files by the embedded installation; there is no provider behind them otherwise."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext as _

from notifications.channels import files
from notifications.channels.base import BaseChannel, Reachable, Sender
from notifications.enums import Channel


class SmsChannel(BaseChannel):
    name = Channel.SMS
    texts: ClassVar[tuple[str, ...]] = ("sms.txt",)

    def address(self, to: Reachable) -> str:
        return to.phone

    def why_not(self, address: str) -> str:
        return "" if address else _("There is no phone number.")

    def is_set_up(self) -> bool:
        return files.in_use()

    def sender(self) -> Sender:
        return files.TextFileSender(suffix=f".{self.name}.txt")
