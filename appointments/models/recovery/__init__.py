"""What went wrong, what we gave for it, and by which rules."""

from appointments.models.recovery.cases import CaseEntry, CasePoint, CaseQuerySet, RecoveryCase
from appointments.models.recovery.compensation import Compensation, CompensationQuerySet
from appointments.models.recovery.compensation_rules import (
    CompensationAuthority,
    CompensationBudget,
    CompensationRule,
    CompensationTable,
    Gives,
)
from appointments.models.recovery.patterns import MisuseNote
from appointments.models.recovery.prevention import CorrectiveAction

__all__ = [
    "CaseEntry",
    "CasePoint",
    "CaseQuerySet",
    "Compensation",
    "CompensationAuthority",
    "CompensationBudget",
    "CompensationQuerySet",
    "CompensationRule",
    "CompensationTable",
    "CorrectiveAction",
    "Gives",
    "MisuseNote",
    "RecoveryCase",
]
