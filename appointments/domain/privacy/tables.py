"""What each table of the database holds, and with that how long: each is named once, and a house test finds others."""

from enum import StrEnum

from appointments.enums import DataKind


class Otherwise(StrEnum):
    """Kept in another way than for a period."""

    FIGURES = "figures"
    """Times, kinds, outcomes and numbers: what reports count. Whose they are goes with the customer."""
    OURS = "ours"
    """How the business is set up, what it gives and what it has learned."""
    COLLEAGUES = "colleagues"
    """Who works here: named as long as what they did is kept."""
    OWN_DAY = "own day"
    """Each row says when it goes."""
    MACHINE = "machine"
    """What the program needs to run: nothing of anybody."""


Holds = tuple[DataKind | Otherwise, ...]
FIGURES, OURS, COLLEAGUES = (Otherwise.FIGURES,), (Otherwise.OURS,), (Otherwise.COLLEAGUES,)
SAID_AND_NOTED: Holds = (DataKind.WORDS, DataKind.NOTES)

TABLES: dict[str, Holds] = {
    # Of customers.
    "appointments.Customer": (DataKind.CUSTOMERS,),
    "appointments.CustomerMerge": (DataKind.MERGES,),
    "appointments.TwoPeople": FIGURES,
    "appointments.MisuseNote": (Otherwise.OWN_DAY,),
    "appointments.Link": (DataKind.LINKS,),
    "notifications.Message": (DataKind.MESSAGES,),
    "notifications.DeliveryAttempt": (DataKind.MESSAGES,),
    # Of appointments: the words go by their kind, the rows stay.
    "appointments.Appointment": SAID_AND_NOTED,
    "appointments.AppointmentEvent": (DataKind.NOTES,),
    "appointments.RescheduleRequest": (DataKind.NOTES,),
    "appointments.Answer": (DataKind.WORDS,),
    "appointments.Feedback": (DataKind.WORDS,),
    "appointments.Promise": (DataKind.NOTES,),
    "appointments.CallAttempt": (DataKind.NOTES,),
    "appointments.RecoveryCase": SAID_AND_NOTED,
    "appointments.CaseEntry": (DataKind.WORDS,),
    "appointments.CasePoint": SAID_AND_NOTED,
    "appointments.Compensation": (DataKind.NOTES,),
    "appointments.AnotherWay": (DataKind.NOTES,),
    "appointments.Disruption": (DataKind.NOTES,),
    "appointments.PlanLine": (DataKind.NOTES,),
    "appointments.Statement": (DataKind.WORDS,),
    "appointments.Absence": (DataKind.NOTES,),
    "appointments.WordsGone": FIGURES,
    "appointments.Occupancy": FIGURES,
    "appointments.AffectedAppointment": FIGURES,
    "appointments.Offer": FIGURES,
    "appointments.Offer_resources": FIGURES,
    "appointments.Disruption_resources": FIGURES,
    "appointments.DisruptionPlan": (DataKind.NOTES,),
    "appointments.DisruptionPlan_stand_ins": FIGURES,
    "appointments.SolutionUse": FIGURES,
    # Files.
    "appointments.ImportRun": (DataKind.DRAFTS, DataKind.IMPORTS),
    "appointments.ImportedFile": FIGURES,
    # Colleagues.
    "auth.User": COLLEAGUES,
    "auth.User_groups": COLLEAGUES,
    "auth.User_user_permissions": COLLEAGUES,
    "appointments.Colleague": COLLEAGUES,
    "appointments.Colleague_places": COLLEAGUES,
    "appointments.SavedView": COLLEAGUES,
    "appointments.AuthenticatorApp": COLLEAGUES,
    "appointments.Passkey": COLLEAGUES,
    "appointments.RecoveryCode": COLLEAGUES,
    "appointments.AtWork": (Otherwise.OWN_DAY,),
    "appointments.PracticeRun": (DataKind.PRACTICE,),
    "appointments.Invitation": (DataKind.INVITATIONS,),
    "appointments.Invitation_places": (DataKind.INVITATIONS,),
    "sessions.Session": (DataKind.SESSIONS,),
    "axes.AccessAttempt": (DataKind.ACCESS,),
    "axes.AccessAttemptExpiration": (DataKind.ACCESS,),
    "axes.AccessFailureLog": (DataKind.ACCESS,),
    "axes.AccessLog": (DataKind.ACCESS,),
    "appointments.AuditEntry": (DataKind.AUDIT,),
    "admin.LogEntry": (DataKind.AUDIT,),
    "appointments.PurgeDay": (DataKind.AUDIT,),
    # The house.
    **dict.fromkeys(
        (
            "appointments.Business",
            "appointments.Location",
            "appointments.Closure",
            "appointments.SpecialDay",
            "appointments.Setup",
            "appointments.Resource",
            "appointments.WeeklyHours",
            "appointments.Break",
            "appointments.Service",
            "appointments.Requirement",
            "appointments.Requirement_candidates",
            "appointments.Reason",
            "appointments.CompensationTable",
            "appointments.CompensationRule",
            "appointments.CompensationBudget",
            "appointments.CompensationAuthority",
            "appointments.CorrectiveAction",
            "appointments.Solution",
            "appointments.Solution_reasons",
            "appointments.Solution_services",
            "appointments.SolutionVersion",
            "appointments.SolutionComment",
            "appointments.SolutionVote",
            "appointments.SolutionRead",
            "appointments.RetentionPeriod",
            "notifications.Wording",
        ),
        OURS,
    ),
    **dict.fromkeys(
        (
            "notifications.Heartbeat",
            "notifications.Epoch",
            "auth.Permission",
            "auth.Group",
            "auth.Group_permissions",
            "contenttypes.ContentType",
        ),
        (Otherwise.MACHINE,),
    ),
}
