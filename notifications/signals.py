"""News from the post office. It knows nobody by name; whoever wants to know, listens.

before_send(sender=Message, message, now)
    Asked immediately before a message leaves. A receiver answers None ("still true") or the reason, in words a
    member of staff understands, why it must not go: the message becomes DROPPED and keeps the reason. An exception
    counts as an attempt that failed; after a few the message is PARKED.
message_sent(sender=Message, message, now)
    Inside the transaction that records it. An exception is logged and cannot un-send the message.
message_failed(sender=Message, message, why, now)
    The last channel gave up (FAILED) or the text cannot be written (PARKED); a person has to act. Inside the
    transaction that records it, so that a promise made by a receiver exists exactly when the failure does.
phone_needed(sender=Message, message, script, now)
    The channel CALL was reached: somebody has to phone and say `script`. Same transaction as the message becoming
    SENT "to the call desk". A receiver answers whether it has seen to it; when none has, the message is DROPPED.
    Without any receiver the channel counts as unavailable.
"""

from django.dispatch import Signal

before_send = Signal()
message_sent = Signal()
message_failed = Signal()
phone_needed = Signal()
