"""Rows for tests: one factory per table with the dullest sensible values, and a small clinic that is ready to work.

Factories write straight into the tables; stories book and move through `appointments.domain`.
"""

from tests.factories.clinic import Clinic, clinic, open_weekly, service_at
from tests.factories.diary import (
    AnswerFactory,
    AppointmentFactory,
    CallAttemptFactory,
    FeedbackFactory,
    OccupancyFactory,
    OfferFactory,
    PromiseFactory,
    RescheduleRequestFactory,
)
from tests.factories.places import (
    AbsenceFactory,
    BreakFactory,
    BusinessFactory,
    ClosureFactory,
    CustomerFactory,
    EquipmentFactory,
    LocationFactory,
    ManagerFactory,
    ProviderFactory,
    ReasonFactory,
    RequirementFactory,
    ResourceFactory,
    RoomFactory,
    ServiceFactory,
    SpecialDayFactory,
    StaffFactory,
    UserFactory,
    WeeklyHoursFactory,
)

__all__ = [
    "AbsenceFactory",
    "AnswerFactory",
    "AppointmentFactory",
    "BreakFactory",
    "BusinessFactory",
    "CallAttemptFactory",
    "Clinic",
    "ClosureFactory",
    "CustomerFactory",
    "EquipmentFactory",
    "FeedbackFactory",
    "LocationFactory",
    "ManagerFactory",
    "OccupancyFactory",
    "OfferFactory",
    "PromiseFactory",
    "ProviderFactory",
    "ReasonFactory",
    "RequirementFactory",
    "RescheduleRequestFactory",
    "ResourceFactory",
    "RoomFactory",
    "ServiceFactory",
    "SpecialDayFactory",
    "StaffFactory",
    "UserFactory",
    "WeeklyHoursFactory",
    "clinic",
    "open_weekly",
    "service_at",
]
