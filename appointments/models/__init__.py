"""The tables, one file for each noun."""

from appointments.models.answer import Answer, Feedback
from appointments.models.appointment import Appointment, Occupancy
from appointments.models.business import Business, Closure, Location, Setup, SpecialDay
from appointments.models.catalogue import Requirement, Service
from appointments.models.desk import AtWork, SavedView
from appointments.models.disruption import AffectedAppointment, Disruption
from appointments.models.history import AppointmentEvent
from appointments.models.imports import ImportedFile, ImportRun, Statement
from appointments.models.link import Link
from appointments.models.people import Customer, CustomerMerge, TwoPeople
from appointments.models.plan import DisruptionPlan, PlanLine
from appointments.models.playbook import (
    AnotherWay,
    PracticeRun,
    Solution,
    SolutionComment,
    SolutionRead,
    SolutionUse,
    SolutionVersion,
    SolutionVote,
)
from appointments.models.privacy import PurgeDay, RetentionPeriod, WordsGone
from appointments.models.promise import CallAttempt, Promise
from appointments.models.reason import Reason
from appointments.models.recovery import (
    CaseEntry,
    CasePoint,
    Compensation,
    CompensationAuthority,
    CompensationBudget,
    CompensationRule,
    CompensationTable,
    CorrectiveAction,
    MisuseNote,
    RecoveryCase,
)
from appointments.models.rescheduling import Offer, RescheduleRequest
from appointments.models.resources import Absence, Break, Resource, WeeklyHours
from appointments.models.staff import AuditEntry, AuthenticatorApp, Colleague, Invitation, Passkey, RecoveryCode

__all__ = [
    "Absence",
    "AffectedAppointment",
    "AnotherWay",
    "Answer",
    "Appointment",
    "AppointmentEvent",
    "AtWork",
    "AuditEntry",
    "AuthenticatorApp",
    "Break",
    "Business",
    "CallAttempt",
    "CaseEntry",
    "CasePoint",
    "Closure",
    "Colleague",
    "Compensation",
    "CompensationAuthority",
    "CompensationBudget",
    "CompensationRule",
    "CompensationTable",
    "CorrectiveAction",
    "Customer",
    "CustomerMerge",
    "Disruption",
    "DisruptionPlan",
    "Feedback",
    "ImportRun",
    "ImportedFile",
    "Invitation",
    "Link",
    "Location",
    "MisuseNote",
    "Occupancy",
    "Offer",
    "Passkey",
    "PlanLine",
    "PracticeRun",
    "Promise",
    "PurgeDay",
    "Reason",
    "RecoveryCase",
    "RecoveryCode",
    "Requirement",
    "RescheduleRequest",
    "Resource",
    "RetentionPeriod",
    "SavedView",
    "Service",
    "Setup",
    "Solution",
    "SolutionComment",
    "SolutionRead",
    "SolutionUse",
    "SolutionVersion",
    "SolutionVote",
    "SpecialDay",
    "Statement",
    "TwoPeople",
    "WeeklyHours",
    "WordsGone",
]
