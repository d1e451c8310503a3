"""WhatsApp: like a text message, in words of its own where somebody wrote them."""

from __future__ import annotations

from notifications.channels.sms import SmsChannel
from notifications.enums import Channel


class WhatsAppChannel(SmsChannel):
    name = Channel.WHATSAPP
    texts = ("whatsapp.txt", "sms.txt")
