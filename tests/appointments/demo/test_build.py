"""The sample business as a whole: believable, free of contradictions, ready to be worked with."""

import re
import zoneinfo
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import F
from pytest_django.plugin import DjangoDbBlocker

from appointments.demo import build
from appointments.demo.reasons import CAUSES
from appointments.domain import affected, watchdog
from appointments.domain.limbo import in_limbo
from appointments.domain.moving import offers, reminders
from appointments.domain.recovery.playbook.starting import ONES
from appointments.domain.recovery.playbook.uses import helped
from appointments.domain.schedule.opening import open_spans
from appointments.domain.schedule.spans import Span
from appointments.enums import AppointmentState, Family, Fault, PlanState, RequestState
from appointments.models import (
    AffectedAppointment,
    Answer,
    Appointment,
    AppointmentEvent,
    Customer,
    DisruptionPlan,
    Feedback,
    Occupancy,
    Promise,
    Reason,
    RescheduleRequest,
    Resource,
    Service,
    Solution,
    SolutionUse,
)
from notifications.enums import MessageState
from notifications.models import Message

PLANNED = DisruptionPlan.objects.values("disruption")
NOW = datetime(2026, 11, 24, 4, 12, tzinfo=UTC)  # a Tuesday, 11:12 in Jakarta


@pytest.fixture(
    scope="module", params=["small", pytest.param("full", marks=[pytest.mark.slow, pytest.mark.sqlite_only])]
)
def business(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[build.Built]:
    """The sample business at both sizes, written once for all tests of this file, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        if not Group.objects.exists():  # earlier tests with real transactions have emptied the tables
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)  # type: ignore[attr-defined]  # set by the test runner
        yield build.fill(now=NOW, scale=request.param)
        transaction.set_rollback(True)


def test_it_is_as_large_as_it_says(business: build.Built) -> None:
    size = next(size for size in build.SCALES.values() if size.customers == business.customers)

    assert Customer.objects.count() == size.customers
    assert Appointment.objects.count() == size.appointments
    assert business.moves == size.moves
    assert RescheduleRequest.objects.live().count() == business.waiting >= 5


def test_no_resource_is_occupied_twice_at_a_time(business: build.Built) -> None:
    timelines = defaultdict(list)
    for resource, start, end in Occupancy.objects.values_list("resource_id", "starts_at", "ends_at"):
        timelines[resource].append((start, end))

    assert len(timelines) == Resource.objects.count()
    for spans in timelines.values():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(spans)))


def test_each_appointment_occupies_one_resource_for_each_need_unless_it_is_cancelled(business: build.Built) -> None:
    needs = {service.pk: service.requirements.count() for service in Service.objects.all()}
    occupied = Counter(Occupancy.objects.filter(request=None).values_list("appointment_id", flat=True))

    for pk, service, state in Appointment.objects.values_list("pk", "service_id", "state"):
        assert occupied[pk] == (0 if state == AppointmentState.CANCELLED else needs[service])


def test_what_lies_ahead_is_within_the_hours_of_everybody_it_needs(business: build.Built) -> None:
    window = Span(NOW, NOW + timedelta(days=60))
    opened = open_spans(Resource.objects.select_related("location"), window=window)
    coming = Appointment.objects.filter(starts_at__gt=NOW, state=AppointmentState.BOOKED)
    coming = coming.exclude(pk__in=AffectedAppointment.objects.unsettled().values("appointment"))

    for appointment in coming.prefetch_related("occupancies"):
        times = Span(appointment.starts_at, appointment.ends_at)
        for occupancy in appointment.occupancies.all():
            if occupancy.request_id is None:
                assert any(span.holds(times) for span in opened[occupancy.resource_id])


def test_nothing_has_happened_yet_that_is_still_to_come(business: build.Built) -> None:
    past = Appointment.objects.filter(ends_at__lte=NOW)
    coming = Appointment.objects.filter(starts_at__gt=NOW)

    assert set(past.values_list("state", flat=True)) == {"completed", "missed", "cancelled"}
    assert set(coming.values_list("state", flat=True)) <= {"booked", "cancelled"}
    assert coming.count() > past.count() / 5
    assert AppointmentEvent.objects.filter(at__gt=NOW).count() == 0
    assert Answer.objects.filter(at__gt=NOW).count() == 0
    assert Appointment.objects.filter(created_at__gt=F("starts_at")).count() == 0


def test_nobody_is_in_limbo_and_no_promise_is_overdue(business: build.Built) -> None:
    assert in_limbo(NOW).count() == 0
    assert list(Promise.objects.overdue(NOW)) == []
    assert set(Promise.objects.open().values_list("owner__username", flat=True)) == {"sari"}


def test_the_clocks_of_the_worker_find_nothing_left_undone(business: build.Built) -> None:
    with transaction.atomic():
        assert reminders.complete_past(now=NOW) == 0
        assert reminders.remind_all(now=NOW) == 0
        assert reminders.ask_all(now=NOW) == 0
        assert watchdog.watch(now=NOW) == 0


def test_one_customer_waits_for_a_call_and_the_others_can_answer(business: build.Built) -> None:
    live = RescheduleRequest.objects.live().exclude(disruption__in=PLANNED)

    assert Counter(live.values_list("state", flat=True)) == {RequestState.OPEN: 4, RequestState.WITH_US: 1}
    assert all(len(offers.takeable(round_, now=NOW)) >= 2 for round_ in live)
    assert all(round_.respond_by > NOW for round_ in live)
    assert [promise.kind for promise in Promise.objects.to_work_on() if promise.request in live] == ["call"]
    assert set(live.values_list("appointment__location__code", flat=True)) == {"jakarta", "makassar"}
    assert set(live.values_list("appointment__customer__language", flat=True)) == {"en", "id"}


def test_a_colleague_is_away_and_half_of_those_she_sees_have_answered(business: build.Built) -> None:
    plan = DisruptionPlan.objects.first()
    if plan is None:
        pytest.skip("too few are booked in so small a business on these days")
    hit = RescheduleRequest.objects.filter(disruption=plan.disruption)

    assert (plan.state, affected.counts()["to_move"]) == (PlanState.SENT, 0)
    # Who wants to be phoned is told by a call that is still to be made, and by nothing before.
    told_by = Message.objects.filter(about__in=[row.appointment.about for row in affected.untold()])
    assert set(told_by.values_list("channel", flat=True)) <= {"call"}
    assert hit.count() == plan.lines.count() >= 2
    states = Counter(hit.values_list("state", flat=True))
    assert states[RequestState.ACCEPTED] >= 1 and states[RequestState.OPEN] >= 1


def test_the_last_message_of_each_waiting_round_is_left_for_the_messenger(business: build.Built) -> None:
    waiting = Message.objects.filter(state=MessageState.QUEUED)
    rounds = RescheduleRequest.objects.filter(disruption__in=PLANNED)
    moved_together = set(rounds.values_list("appointment", flat=True))
    kinds = [message.kind for message in waiting if message.true_if["appointment"] not in moved_together]

    assert sorted(kinds) == ["acknowledgement", "nudge", "offer", "offer", "offer"]
    assert list(waiting.due(NOW)) == list(waiting)
    assert Message.objects.oldest_due_age(NOW) == timedelta(0)


def test_every_message_could_be_written_in_the_language_of_its_reader(business: build.Built) -> None:
    languages = dict(Customer.objects.values_list("pk", "language"))
    for message in Message.objects.all():
        assert message.text
        assert (message.kind, message.render_failures) == (message.kind, 0)
        assert message.language == languages[int(message.to_ref.partition(":")[2])]


def test_messages_of_the_past_cannot_leave_any_more(business: build.Built) -> None:
    gone = Message.objects.filter(state=MessageState.SENT)

    assert gone.filter(sent_at__gt=NOW).count() == 0
    assert [message for message in gone if message.secrets or message.mime] == []
    failed = Message.objects.filter(state=MessageState.FAILED)
    assert failed.filter(phone="").count() == failed.count() == 2


def test_reasons_cover_all_families_and_faults_in_both_languages(business: build.Built) -> None:
    reasons = list(Reason.objects.all())

    assert {reason.family for reason in reasons} == set(Family)
    assert {reason.fault for reason in reasons} == set(Fault)
    assert {reason.is_private for reason in reasons} == {True, False}
    for thing in (*reasons, *Service.objects.all()):
        thing.full_clean()
    for reason in reasons:
        assert set(reason.label.data) == set(reason.wording.data) == {"en", "id"}
        assert len({*reason.label.data.values(), *reason.wording.data.values()}) == 4
        assert not any(wording.endswith(".") for wording in reason.wording.data.values())
    for service in Service.objects.all():
        assert set(service.name.data) == set(service.stays.data) == {"en", "id"}


def test_only_a_wish_of_the_customers_counts_as_one() -> None:
    """Whoever has not prepared did not ask for another time, and no message may say so."""
    assert [cause.code for cause in CAUSES if cause.family == Family.CUSTOMER] == ["customer-asked"]


def test_everything_a_form_would_refuse_is_absent(business: build.Built) -> None:
    for customer in Customer.objects.all():
        customer.full_clean()
    for resource in Resource.objects.all():
        resource.full_clean()


def test_the_history_tells_of_every_kind_of_end(business: build.Built) -> None:
    states = Counter(RescheduleRequest.objects.values_list("state", flat=True))
    used = set(RescheduleRequest.objects.values_list("reason__code", flat=True))

    assert states[RequestState.ACCEPTED] > business.moves / 2
    assert used <= set(Reason.objects.values_list("code", flat=True))
    if business.moves > 100:  # a dozen are too few for all of it
        assert set(states) == set(RequestState)
        assert used == set(Reason.objects.values_list("code", flat=True))
        assert Feedback.objects.count() > 30


def fingerprint() -> list[object]:
    """All that people can see, without ids and keys."""
    return [
        *Customer.objects.order_by("pk").values_list("name", "email", "phone", "language", "created_at"),
        *Appointment.objects.order_by("pk").values_list(
            "customer__name", "service__code", "provider__name", "starts_at", "state", "sequence", "created_at"
        ),
        *RescheduleRequest.objects.order_by("pk").values_list("reason__code", "state", "opened_at", "respond_by"),
        *Answer.objects.order_by("pk").values_list("kind", "at", "words"),
        *Message.objects.order_by("pk").values_list("kind", "state", "due_at", "sent_at"),
        *(
            re.sub(r"R-\d+", "R-…", subject)
            for subject in Message.objects.order_by("pk").values_list("subject", flat=True)
        ),
        *Feedback.objects.order_by("pk").values_list("handling", "outcome", "words", "at"),
        *AppointmentEvent.objects.order_by("pk").values_list("kind", "at", "note"),
    ]


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.sqlite_only
def test_the_same_seed_on_the_same_day_is_the_same_business() -> None:
    def filled(seed: int) -> list[object]:
        with transaction.atomic():
            build.fill(now=NOW, seed=seed, scale="small")
            found = fingerprint()
            transaction.set_rollback(True)
        return found

    first = filled(3)
    assert first == filled(3)
    assert first != filled(4)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "local",
    ["2026-11-22 02:40", "2027-01-01 09:00", "2027-03-11 23:30", "2026-12-31 12:00"],
    ids=["a Sunday night", "New Year", "the holidays of Idul Fitri", "the last of the year"],
)
def test_it_can_be_tried_at_any_hour_of_any_day(local: str) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=zoneinfo.ZoneInfo("Asia/Jakarta"))

    built = build.fill(now=now, scale="small")

    assert (built.customers, built.appointments) == (120, 420)
    assert built.waiting == RescheduleRequest.objects.live().count() >= 5
    assert in_limbo(now).count() == 0
    assert list(Promise.objects.overdue(now)) == []
    assert reminders.complete_past(now=now) == reminders.remind_all(now=now) == watchdog.watch(now=now) == 0


def test_its_playbook_is_used_and_what_helped_is_known(business: build.Built) -> None:
    uses = SolutionUse.objects.select_related("version__solution", "round")
    own = {pk: set(Solution.objects.get(pk=pk).reasons.all()) for pk in Solution.objects.values_list("pk", flat=True)}

    assert Solution.objects.count() == len(ONES)
    assert uses.exists()
    assert all(
        one.round is not None and one.round.reason in own[one.version.solution_id]
        for one in uses.select_related("round__reason")
    )
    assert any(one.is_known for one in helped(list(own)).values())
