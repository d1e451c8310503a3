"""What somebody did to the settings, to colleagues, or with what leaves the house."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class AuditAction(TextChoices):
    ADDED = "added", pgettext_lazy("audit", "added")
    CHANGED = "changed", pgettext_lazy("audit", "changed")
    REMOVED = "removed", pgettext_lazy("audit", "removed")
    EXPORTED = "exported", pgettext_lazy("audit", "exported")
    INVITED = "invited", pgettext_lazy("audit", "invited")
    NEW_LINK = "new_link", pgettext_lazy("audit", "made a new link")
    TAKEN_BACK = "taken_back", pgettext_lazy("audit", "took back")
    RELEASED = "released", pgettext_lazy("audit", "let leave")
    DROPPED = "dropped", pgettext_lazy("audit", "dropped")
    JOINED = "joined", pgettext_lazy("audit", "joined")
    RETIRED = "retired", pgettext_lazy("audit", "retired")
    RETURNED = "returned", pgettext_lazy("audit", "brought back")
    NEW_PASSWORD = "new_password", pgettext_lazy("audit", "chose a new password")
    SIGNED_OUT = "signed_out", pgettext_lazy("audit", "signed out everywhere")
    NEW_FACTOR = "new_factor", pgettext_lazy("audit", "changed the second step")
