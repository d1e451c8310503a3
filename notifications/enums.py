"""The words of the post office: how a message travels, where it stands, how much it hurries."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    WHATSAPP = "whatsapp", _("WhatsApp")
    CALL = "call", _("phone call")
    CONSOLE = "console", _("console")


class MessageState(TextChoices):
    """SENT means that the next post office took it; only a receipt makes it DELIVERED or BOUNCED."""

    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("on its way")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    BOUNCED = "bounced", _("came back: please act")
    FAILED = "failed", _("failed: please act")
    PARKED = "parked", _("stopped: the text cannot be written")
    DROPPED = "dropped", _("not sent: no longer true")
    CANCELLED = "cancelled", _("taken back")


class Urgency(TextChoices):
    NOW = "now", _("at once, at any hour")
    SOON = "soon", _("soon; at night by e-mail only")
    NORMAL = "normal", _("waits for the morning")


class Outcome(TextChoices):
    """What one attempt at one message came to, and what was heard of it later."""

    SENT = "sent", _("sent")
    LATER = "later", _("did not work, will be tried again")
    AWAY = "away", _("nobody answered, will be tried again")
    PERHAPS = "perhaps", _("perhaps sent: the answer never came")
    REFUSED = "refused", _("refused for good")
    UNREACHABLE = "unreachable", _("no way to reach the person by this channel")
    UNREADABLE = "unreadable", _("the text could not be written")
    DROPPED = "dropped", _("dropped")
    AGAIN = "again", _("sent again by hand")
    DELIVERED = "delivered", _("delivered")
    BOUNCED = "bounced", _("came back")
    REPLIED = "replied", _("answered")


ARRIVED = (MessageState.SENT, MessageState.DELIVERED)
"""With the person, as far as we know."""

LEFT = (*ARRIVED, MessageState.BOUNCED)
"""Out of our hands, with the time it left."""

TROUBLE = (MessageState.FAILED, MessageState.PARKED, MessageState.BOUNCED)
"""A person has to look at these."""

FINISHED = (*ARRIVED, *TROUBLE, MessageState.DROPPED, MessageState.CANCELLED)
"""Nothing leaves from these any more, so links and ready bytes are wiped; who sends again writes a new message."""
