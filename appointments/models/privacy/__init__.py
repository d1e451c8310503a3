"""How long what is about people is kept."""

from appointments.models.privacy.keeping import PurgeDay, RetentionPeriod, WordsGone

__all__ = ["PurgeDay", "RetentionPeriod", "WordsGone"]
