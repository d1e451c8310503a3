"""Those who work here, and what they changed of how the business is set up."""

from appointments.models.staff.audit import AuditEntry
from appointments.models.staff.colleague import Colleague, Invitation
from appointments.models.staff.second_step import AuthenticatorApp, Passkey, RecoveryCode

__all__ = ["AuditEntry", "AuthenticatorApp", "Colleague", "Invitation", "Passkey", "RecoveryCode"]
