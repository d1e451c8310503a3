"""The diary: appointments, rounds of moving them, promises."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from appointments import enums, models
from tests.clock import NOW, days, hours
from tests.factories.places import (
    CustomerFactory,
    LocationFactory,
    ProviderFactory,
    ReasonFactory,
    ServiceFactory,
    StaffFactory,
)


class AppointmentFactory(DjangoModelFactory):
    """Tomorrow at 10:00 in Jakarta. `occupies=False` leaves its time free; more resources: `occupies=[room]`."""

    class Meta:
        model = models.Appointment
        skip_postgeneration_save = True

    customer = factory.SubFactory(CustomerFactory)
    service = factory.SubFactory(ServiceFactory)
    location = factory.SubFactory(LocationFactory)
    provider = factory.SubFactory(ProviderFactory, location=factory.SelfAttribute("..location"))
    starts_at = NOW + timedelta(days=1, hours=1)
    ends_at = factory.LazyAttribute(lambda appointment: appointment.starts_at + appointment.service.duration)

    @factory.post_generation
    def occupies(self, create: bool, extracted: Sequence[models.Resource] | bool | None, **_kwargs: Any) -> None:
        if not create or extracted is False:
            return
        more = extracted if isinstance(extracted, Sequence) else ()
        for resource in [*([self.provider] if self.provider else []), *more]:
            OccupancyFactory(appointment=self, resource=resource)


class OccupancyFactory(DjangoModelFactory):
    """The appointment's own time with its buffers. A hold: give `request`, `starts_at` and `ends_at`."""

    class Meta:
        model = models.Occupancy

    appointment = factory.SubFactory(AppointmentFactory, occupies=False)
    resource = factory.SelfAttribute("appointment.provider")
    starts_at = factory.LazyAttribute(lambda row: row.appointment.starts_at - row.appointment.service.before)
    ends_at = factory.LazyAttribute(lambda row: row.appointment.ends_at + row.appointment.service.after)
    expires_at = factory.LazyAttribute(lambda row: row.request.respond_by if row.request else None)
    request = None


class RescheduleRequestFactory(DjangoModelFactory):
    """A first round, opened now, open for a day."""

    class Meta:
        model = models.RescheduleRequest

    appointment = factory.SubFactory(AppointmentFactory)
    round = 1
    reason = factory.SubFactory(ReasonFactory)
    wording = factory.LazyAttribute(
        lambda row: {
            "en": row.reason.wording_for(row.appointment, "en"),
            "id": row.reason.wording_for(row.appointment, "id"),
        }
    )
    contact = factory.SubFactory(StaffFactory)
    opened_by = factory.SelfAttribute("contact")
    respond_by = factory.LazyAttribute(lambda row: row.opened_at + days(1))
    call_by = factory.LazyAttribute(lambda row: row.respond_by + hours(2))
    opened_at = NOW
    undo_until = factory.SelfAttribute("opened_at")
    was_starts_at = factory.SelfAttribute("appointment.starts_at")
    was_ends_at = factory.SelfAttribute("appointment.ends_at")
    was_provider = factory.SelfAttribute("appointment.provider")


class OfferFactory(DjangoModelFactory):
    """Same person, one day later per position. It holds nothing: add an `OccupancyFactory(request=…)`."""

    class Meta:
        model = models.Offer
        skip_postgeneration_save = True

    request = factory.SubFactory(RescheduleRequestFactory)
    position = factory.LazyAttribute(lambda offer: offer.request.offers.count() + 1)
    starts_at = factory.LazyAttribute(lambda offer: offer.request.was_starts_at + days(offer.position))
    ends_at = factory.LazyAttribute(lambda offer: offer.starts_at + offer.request.appointment.service.duration)
    provider = factory.SelfAttribute("request.was_provider")
    guaranteed = True
    kept_until = factory.LazyAttribute(
        lambda offer: min(offer.request.respond_by, offer.starts_at) if offer.guaranteed else None
    )
    why = enums.Why.SAME_PERSON

    @factory.post_generation
    def resources(self, create: bool, extracted: Sequence[models.Resource] | None, **_kwargs: Any) -> None:
        if create:
            self.resources.set(extracted if extracted is not None else [self.provider] if self.provider else [])


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = models.Answer

    request = factory.SubFactory(RescheduleRequestFactory)
    kind = enums.AnswerKind.CALL_ME
    at = NOW
    nonce = factory.Sequence(lambda n: f"nonce-{n}")


class PromiseFactory(DjangoModelFactory):
    class Meta:
        model = models.Promise

    kind = enums.PromiseKind.CALL
    appointment = factory.SubFactory(AppointmentFactory)
    owner = factory.SubFactory(StaffFactory)
    made_at = NOW
    due_at = NOW + hours(3)


class CallAttemptFactory(DjangoModelFactory):
    class Meta:
        model = models.CallAttempt

    promise = factory.SubFactory(PromiseFactory)
    at = NOW
    by = factory.SelfAttribute("promise.owner")
    outcome = enums.CallOutcome.NO_ANSWER
    nonce = factory.Sequence(lambda n: f"call-{n}")


class FeedbackFactory(DjangoModelFactory):
    class Meta:
        model = models.Feedback

    appointment = factory.SubFactory(AppointmentFactory)
    handling = 5
    outcome = 4
    at = NOW


class RecoveryCaseFactory(DjangoModelFactory):
    """A complaint as it is taken up: nobody has listened yet."""

    class Meta:
        model = models.RecoveryCase

    appointment = factory.SubFactory(AppointmentFactory)
    owner = factory.SubFactory(StaffFactory)
    opened_at = NOW
