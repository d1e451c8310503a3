"""Those who work here, and what they changed of how the business is set up."""

from appointments.models.staff.audit import AuditEntry
from appointments.models.staff.colleague import Colleague, Invitation

__all__ = ["AuditEntry", "Colleague", "Invitation"]
