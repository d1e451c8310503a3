"""The only code that sends: `deliver_due()` and what it needs."""

from notifications.delivery.run import DeliveryReport, closing, deliver_due

__all__ = ["DeliveryReport", "closing", "deliver_due"]
