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
where_now(sender=Message, message)
    Asked before a message leaves: where is this person reached at present? A receiver answers the Recipient, or None
    for people it does not know. An address that was corrected meanwhile is used by what still waits.
write_again(sender=Message, message, now)
    Somebody wants a message that has ended sent again. Its links are gone; a receiver who wrote it answers the new
    message, made by outbox.enqueue_again() with a new link, or None when it is not theirs.
phone_needed(sender=Message, message, script, now)
    The channel CALL was reached: somebody has to phone and say `script`. Same transaction as the message becoming
    SENT "to the call desk". A receiver answers whether it has seen to it; when none has, the message is DROPPED.
    Without any receiver the channel counts as unavailable.
message_delivered(sender=Message, message, now)
    A receipt says that it arrived.
message_bounced(sender=Message, message, why, now)
    It had left and came back. Inside the transaction that records it, so that whatever is done instead exists exactly
    when the news does. The message itself is not changed: a new one, or a call, has to tell the person.
message_undeliverable(sender=Message, message, why, now)
    The same, and nothing will ever reach this address.
message_replied(sender=Message, message, words, now)
    The person answered it, in these words.
"""

from django.dispatch import Signal

before_send = Signal()
message_sent = Signal()
message_failed = Signal()
phone_needed = Signal()
where_now = Signal()
write_again = Signal()
message_delivered = Signal()
message_bounced = Signal()
message_undeliverable = Signal()
message_replied = Signal()
