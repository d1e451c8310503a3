"""Places, people and things: where appointments happen, what they occupy and who has them."""

from collections.abc import Sequence
from datetime import time
from typing import Any

import factory
from django.contrib.auth.models import Permission, User
from factory.django import DjangoModelFactory

from appointments import enums, models
from tests.clock import NOW, days, hours


class BusinessFactory(DjangoModelFactory):
    """The one business; a second call changes it."""

    class Meta:
        model = models.Business
        django_get_or_create = ("id",)

    id = 1
    name = "Klinik Melati"
    phone = "+62215550100"
    email = "halo@melati.example"
    language = "en"


class LocationFactory(DjangoModelFactory):
    """Without weekly hours of its own it is always open."""

    class Meta:
        model = models.Location

    code = factory.Sequence(lambda n: f"place-{n}")
    name = factory.Sequence(lambda n: f"Melati {n}")
    address = "Jalan Melati 1"
    phone = "+62215550101"
    zone = "Asia/Jakarta"
    country = "ID"


class ClosureFactory(DjangoModelFactory):
    class Meta:
        model = models.Closure

    location = factory.SubFactory(LocationFactory)
    title = "Staff meeting"
    starts_at = NOW + days(1)
    ends_at = factory.LazyAttribute(lambda closure: closure.starts_at + hours(2))


class SpecialDayFactory(DjangoModelFactory):
    class Meta:
        model = models.SpecialDay

    day = (NOW + days(1)).date()
    name = "Special day"


class ResourceFactory(DjangoModelFactory):
    """Without weekly hours of its own it is there whenever its location is open."""

    class Meta:
        model = models.Resource

    kind = enums.ResourceKind.PROVIDER
    name = factory.Sequence(lambda n: f"Dr. Provider {n}")
    location = factory.SubFactory(LocationFactory)


class ProviderFactory(ResourceFactory):
    pass


class RoomFactory(ResourceFactory):
    kind = enums.ResourceKind.ROOM
    name = factory.Sequence(lambda n: f"Room {n}")


class EquipmentFactory(ResourceFactory):
    kind = enums.ResourceKind.EQUIPMENT
    name = factory.Sequence(lambda n: f"Device {n}")


class WeeklyHoursFactory(DjangoModelFactory):
    """Give it a `location` or a `resource`."""

    class Meta:
        model = models.WeeklyHours

    weekday = enums.Weekday.MONDAY
    opens_at = time(8)
    closes_at = time(17)
    overnight = factory.LazyAttribute(lambda row: time.min < row.closes_at <= row.opens_at)


class BreakFactory(DjangoModelFactory):
    """Give it a `location` or a `resource`."""

    class Meta:
        model = models.Break

    weekday = enums.Weekday.MONDAY
    opens_at = time(12)
    closes_at = time(13)


class AbsenceFactory(DjangoModelFactory):
    class Meta:
        model = models.Absence

    resource = factory.SubFactory(ResourceFactory)
    starts_at = NOW + days(1)
    ends_at = factory.LazyAttribute(lambda absence: absence.starts_at + hours(2))


class ServiceFactory(DjangoModelFactory):
    """What it needs is added by `RequirementFactory` or, all in one, by `service_at`."""

    class Meta:
        model = models.Service

    code = factory.Sequence(lambda n: f"service-{n}")
    name = {"en": "Check-up", "id": "Pemeriksaan"}
    minutes = 30
    notice_minutes = 0
    horizon_days = 30  # half of what is usual: most stories look at the next days


class RequirementFactory(DjangoModelFactory):
    class Meta:
        model = models.Requirement
        skip_postgeneration_save = True

    service = factory.SubFactory(ServiceFactory)
    kind = enums.ResourceKind.PROVIDER

    @factory.post_generation
    def candidates(self, create: bool, extracted: Sequence[models.Resource] | None, **_kwargs: Any) -> None:
        if create and extracted:
            self.candidates.add(*extracted)


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = models.Customer

    name = factory.Sequence(lambda n: f"Ana Pratiwi {n}")
    honorific = enums.Honorific.MS
    email = factory.Sequence(lambda n: f"ana{n}@example.com")
    phone = factory.Sequence(lambda n: f"+628125550{n % 10000:04}")
    language = "en"


class UserFactory(DjangoModelFactory):
    """Somebody who can sign in with the password "sunny-garden-gate" and may do nothing."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"colleague{n}")
    first_name = "Sari"
    last_name = factory.Sequence(lambda n: f"Wijaya {n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@melati.example")
    password = factory.django.Password("sunny-garden-gate")


class StaffFactory(UserFactory):
    """A colleague who works at the desk."""

    @factory.post_generation
    def desk(self, create: bool, extracted: object, **_kwargs: Any) -> None:
        if create:
            self.user_permissions.add(Permission.objects.get(codename="work_desk"))


class ManagerFactory(StaffFactory):
    """Works at the desk and may do everything in the admin."""

    username = factory.Sequence(lambda n: f"manager{n}")
    is_staff = True
    is_superuser = True


class ReasonFactory(DjangoModelFactory):
    class Meta:
        model = models.Reason

    code = factory.Sequence(lambda n: f"reason-{n}")
    label = {"en": "Colleague is ill", "id": "Rekan sakit"}
    family = enums.Family.ABSENCE
    fault = enums.Fault.OURS
    wording = {
        "en": "{provider} is not available that day",
        "id": "{provider} tidak dapat hadir pada hari itu",
    }
