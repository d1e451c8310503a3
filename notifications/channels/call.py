"""Phone calls: nothing is sent. A colleague says the words, when somebody listens who hands out such tasks."""

from __future__ import annotations

from django.utils.translation import gettext as _

from notifications.channels.base import BaseChannel, Reachable
from notifications.enums import Channel
from notifications.signals import phone_needed


class CallChannel(BaseChannel):
    name = Channel.CALL
    texts = ("call.txt",)
    spoken = True

    def address(self, to: Reachable) -> str:
        return to.phone

    def why_not(self, address: str) -> str:
        return "" if address else _("There is no phone number.")

    def is_set_up(self) -> bool:
        return phone_needed.has_listeners()
