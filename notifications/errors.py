"""What can go wrong at the post office, in sentences a person can read."""

from django.utils.translation import gettext as _


class OutsideTransaction(RuntimeError):
    """enqueue() was called where the message could exist without its cause, or the cause without its message."""

    def __init__(self) -> None:
        super().__init__("enqueue() must run inside the transaction that makes the message true")


class NotResendable(Exception):
    """The message is in a state from which sending it again would be a second copy or make no sense."""


class StillOnItsWay(Exception):
    """News of a message that our records have not seen leave: whoever brings it may come again in a moment."""


class RenderError(Exception):
    """The text cannot be written; the sentence names the template and the place."""


class UnresolvedPlaceholder(RenderError):
    """A text asks for something that the message does not carry.

    placeholder: the name as written in the text, e.g. "offer.room".
    """

    def __init__(self, placeholder: str) -> None:
        self.placeholder = placeholder
        super().__init__(_("The text asks for “%(name)s”, and this message has no such thing.") % {"name": placeholder})


class MissingText(RenderError):
    """Nobody wrote this kind of message for this channel."""

    def __init__(self, kind: str, channel: str) -> None:
        super().__init__(
            _("There is no text of the kind “%(kind)s” for the channel “%(channel)s”.")
            % {"kind": kind, "channel": channel}
        )


class SomebodyWasFaster(Exception):
    """A newer version was written since this one was begun."""
