"""Kinds of what is kept about people, each of which has a period after which it goes."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class DataKind(TextChoices):
    MESSAGES = "messages", pgettext_lazy("kept", "Texts of messages")
    WORDS = "words", pgettext_lazy("kept", "What customers told us")
    NOTES = "notes", pgettext_lazy("kept", "Notes for colleagues")
    CUSTOMERS = "customers", pgettext_lazy("kept", "Customers who do not come any more")
    MERGES = "merges", pgettext_lazy("kept", "Details of records put together")
    LINKS = "links", pgettext_lazy("kept", "Links that customers opened")
    DRAFTS = "drafts", pgettext_lazy("kept", "Files that were not imported")
    IMPORTS = "imports", pgettext_lazy("kept", "What an import said about its rows")
    ACCESS = "access", pgettext_lazy("kept", "Attempts to sign in")
    SESSIONS = "sessions", pgettext_lazy("kept", "Devices somebody was signed in on")
    INVITATIONS = "invitations", pgettext_lazy("kept", "Invitations of colleagues")
    PRACTICE = "practice", pgettext_lazy("kept", "Results of practice")
    AUDIT = "audit", pgettext_lazy("kept", "Who changed what")


YEAR = 365
LIMITS: dict[DataKind, tuple[int, int, int]] = {
    DataKind.MESSAGES: (90, YEAR, 10 * YEAR),
    DataKind.WORDS: (90, 2 * YEAR, 10 * YEAR),
    DataKind.NOTES: (90, 2 * YEAR, 10 * YEAR),
    DataKind.CUSTOMERS: (YEAR, 3 * YEAR, 10 * YEAR),
    DataKind.MERGES: (7, 30, YEAR),
    DataKind.LINKS: (30, 180, 2 * YEAR),
    DataKind.DRAFTS: (1, 7, 30),
    DataKind.IMPORTS: (7, 30, YEAR),
    DataKind.ACCESS: (90, 90, 2 * YEAR),
    DataKind.SESSIONS: (1, 7, 90),
    DataKind.INVITATIONS: (30, 90, 2 * YEAR),
    DataKind.PRACTICE: (90, 2 * YEAR, 5 * YEAR),
    DataKind.AUDIT: (YEAR, 5 * YEAR, 10 * YEAR),
}
"""Days that a kind is kept: at least, unless somebody says otherwise, and at most."""
STEPS = (1, 7, 14, 30, 90, 180, YEAR, 2 * YEAR, 3 * YEAR, 5 * YEAR, 10 * YEAR)
"""Days that can be chosen, within those limits."""
