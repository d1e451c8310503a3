"""The reasons report: each figure against a plain count in Python, and what a move is."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import models
from appointments.domain.reports.facts import Dimension
from appointments.domain.reports.reasons import IN_ORDER, Filters, reasons_report
from appointments.enums import AnswerKind, Family, Fault, RequestState
from tests.clock import at, days, hours
from tests.factories.moves import World, a_round, many_moves, world


class Dull(random.Random):
    """Chance that always takes the first."""

    def randrange(self, *_limits: int) -> int:  # type: ignore[override]  # of all its arguments none matters
        return 0

    def choice(self, things: Any) -> Any:
        return things[0]


pytestmark = pytest.mark.django_db

AUTUMN: dict[str, Any] = {"start": date(2026, 9, 1), "end": date(2026, 11, 30)}


@pytest.fixture
def place() -> World:
    return world()


def chains() -> list[list[models.RescheduleRequest]]:
    """Every move as the list of its rounds, found by walking through all rounds of each appointment."""
    found: list[list[models.RescheduleRequest]] = []
    rounds = models.RescheduleRequest.objects.order_by("appointment", "round")
    before: models.RescheduleRequest | None = None
    for one in rounds.select_related("appointment__location", "reason").prefetch_related("answers", "offers"):
        goes_on = before and before.appointment_id == one.appointment_id and before.state == RequestState.REPLACED
        if goes_on:
            found[-1].append(one)
        else:
            found.append([one])
        before = one
    return [chain for chain in found if chain[0].state != RequestState.WITHDRAWN]


def counted_by_hand(chain: list[models.RescheduleRequest]) -> dict[str, Any]:
    first, last = chain[0], chain[-1]
    answers = [answer.at for one in chain for answer in one.answers.all() if answer.kind != AnswerKind.TELL]
    taken = [offer.starts_at for offer in last.offers.all() if offer.state == "taken"]
    return {
        "notice": (first.was_starts_at - first.opened_at) / timedelta(hours=1),
        "answer": (min(answers) - first.opened_at) / timedelta(hours=1) if answers else None,
        "placed": last.state == "kept" or (last.state == "accepted" and taken[0] - first.was_starts_at <= days(7)),
        "silent": any(one.expired_at for one in chain),
        "open": last.state in ("open", "with_us"),
        "lost": first.appointment.state == "cancelled",
        "returned": any(
            one.created_at > first.opened_at and days(0) < one.starts_at - first.was_starts_at <= days(90)
            for one in first.appointment.customer.appointments.exclude(pk=first.appointment_id)
            if one.state != "cancelled"
        ),
        "later": (taken[0] - first.was_starts_at) / days(1) if last.state == "accepted" else None,
        "given": sum(
            one.worth.amount
            for each in chain
            for one in each.compensations.all()
            if one.state in ("issued", "redeemed") and one.worth.currency.code == "IDR"
        ),
    }


def key_of(chain: list[models.RescheduleRequest], dimension: Dimension) -> str:
    first = chain[0]
    return {
        Dimension.REASON: str(first.reason_id),
        Dimension.DISRUPTION: behind(first.disruption),
        Dimension.FAMILY: first.reason.family,
        Dimension.FAULT: first.reason.fault,
        Dimension.SERVICE: str(first.appointment.service_id),
        Dimension.LOCATION: str(first.appointment.location_id),
        Dimension.MONTH: f"{local(first):%Y-%m}",
        Dimension.WEEKDAY: str(first.was_starts_at.astimezone(ZoneInfo(first.appointment.location.zone)).isoweekday()),
        Dimension.NOTICE: noticed(first),
        Dimension.MISSING: lacked(first.disruption),
    }[dimension]


def behind(disruption: models.Disruption | None) -> str:
    if disruption is None:
        return "wished"
    return "alone" if disruption.scope == "appointment" else str(disruption.pk)


def noticed(round_: models.RescheduleRequest) -> str:
    notice = round_.was_starts_at - round_.opened_at
    limits = (("day", 1), ("three_days", 3), ("week", 7))
    return next((name for name, limit in limits if notice < days(limit)), "longer")


def lacked(disruption: models.Disruption | None) -> str:
    if disruption is None:
        return "nothing"
    if disruption.scope != "resources":
        return "alone" if disruption.scope == "appointment" else "place"
    kinds = {one.kind for one in disruption.resources.all()}
    return kinds.pop() if len(kinds) == 1 else "several"


def local(round_: models.RescheduleRequest) -> datetime:
    return round_.opened_at.astimezone(ZoneInfo(round_.appointment.location.zone))


@pytest.mark.parametrize("dimension", Dimension)
def test_every_figure_is_what_a_plain_count_finds(place: World, dimension: Dimension) -> None:
    many_moves(place, count=90)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for chain in chains():
        if AUTUMN["start"] <= local(chain[0]).date() <= AUTUMN["end"]:
            groups[key_of(chain, dimension)].append(counted_by_hand(chain))
    total = sum(len(group) for group in groups.values())
    expected = {}
    for key, group in groups.items():
        waits = [move["answer"] for move in group if move["answer"] is not None]
        later = [move["later"] for move in group if move["later"] is not None]
        placed, silent = sum(move["placed"] for move in group), sum(move["silent"] for move in group)
        expected[key] = {
            "count": len(group),
            "share": len(group) / total,
            "open": sum(move["open"] for move in group),
            "notice_hours": median(move["notice"] for move in group),
            "answered": len(waits),
            "answer_hours": median(waits) if waits else None,
            "placed": placed,
            "placed_share": placed / len(group),
            "silent": silent,
            "silent_share": silent / len(group),
            "lost": sum(move["lost"] for move in group),
            "returned": sum(move["returned"] for move in group),
            "later_days": median(later) if later else None,
            "given": sum(move["given"] for move in group),
        }

    report = reasons_report(group_by=dimension, **AUTUMN)

    found = {row.key: {name: getattr(row, name) for name in next(iter(expected.values()))} for row in report.rows}
    assert found == expected
    assert report.total.count == total
    sums = [sum(row.share for row in report.rows[: upto + 1]) for upto in range(len(report.rows))]
    running = [row.running for row in report.rows]
    assert running == ([None] * len(sums) if dimension in IN_ORDER else pytest.approx(sums))
    assert report.total.running is None


def test_a_customer_who_asks_for_other_times_was_moved_once(place: World) -> None:
    appointment = place.appointment(Dull(), at("2026-09-20 10:00"))
    told = at("2026-09-14 09:00")
    a_round(appointment, told=told, state=RequestState.REPLACED, answered=told + hours(2), kind=AnswerKind.OTHER_TIMES)
    a_round(
        appointment,
        number=2,
        told=told + hours(2),
        state=RequestState.ACCEPTED,
        answered=told + hours(9),
        placed=at("2026-09-22 10:00"),
    )

    report = reasons_report(group_by=Dimension.FAULT, **AUTUMN)

    total = report.total
    assert (total.count, total.notice_hours, total.answer_hours, total.placed) == (1, 145.0, 2.0, 1)


def test_what_was_taken_back_is_no_move(place: World) -> None:
    appointment = place.appointment(Dull(), at("2026-09-20 10:00"))
    a_round(appointment, told=at("2026-09-14 09:00"), state=RequestState.WITHDRAWN)

    assert reasons_report(group_by=Dimension.REASON, **AUTUMN).total.count == 0


def test_moved_again_later_is_a_second_move(place: World) -> None:
    appointment = place.appointment(Dull(), at("2026-09-20 10:00"))
    a_round(appointment, told=at("2026-09-14 09:00"), state=RequestState.ACCEPTED, placed=at("2026-09-21 10:00"))
    a_round(appointment, number=2, told=at("2026-09-16 09:00"), state=RequestState.KEPT)

    assert reasons_report(group_by=Dimension.REASON, **AUTUMN).total.count == 2


def test_the_first_of_the_month_begins_at_midnight_in_makassar(place: World) -> None:
    """At 00:30 in Makassar it is still September in Jakarta, and 16:30 the day before in UTC."""
    moment = at("2026-10-01 00:30", zone="Asia/Makassar")
    for location, provider in zip(place.locations, place.providers, strict=True):
        appointment = place.appointment(Dull(), moment + days(3), location=location, provider=provider)
        a_round(appointment, told=moment)

    report = reasons_report(group_by=Dimension.MONTH, **AUTUMN)

    assert [(row.key, row.label, row.count) for row in report.rows] == [
        ("2026-09", "September 2026", 1),
        ("2026-10", "October 2026", 1),
        ("2026-11", "November 2026", 0),
    ]


def test_a_month_without_moves_says_nothing_about_them(place: World) -> None:
    empty = reasons_report(group_by=Dimension.MONTH, start=date(2026, 2, 1), end=date(2026, 2, 28)).rows[0]

    assert (empty.count, empty.share, empty.notice_hours, empty.placed_share) == (0, 0.0, None, None)


def test_filters_leave_everything_else_out(place: World) -> None:
    many_moves(place, count=60)
    service, location, reason = place.services[0], place.locations[1], place.reasons[2]
    filters = Filters(
        service=service.pk, location=location.pk, reason=reason.pk, family=Family.OUTSIDE, fault=Fault.NOBODY
    )
    wanted = [
        chain
        for chain in chains()
        if chain[0].appointment.service_id == service.pk
        and chain[0].appointment.location_id == location.pk
        and chain[0].reason_id == reason.pk
        and AUTUMN["start"] <= local(chain[0]).date() <= AUTUMN["end"]
    ]

    report = reasons_report(group_by=Dimension.REASON, filters=filters, **AUTUMN)

    assert report.total.count == len(wanted) > 0
    assert [row.label for row in report.rows] == ["Flood"]


@pytest.mark.parametrize("dimension", Dimension)
def test_more_moves_need_no_more_queries(place: World, dimension: Dimension) -> None:
    used = []
    for count in (1, 30):
        many_moves(place, count=count, seed=count)
        many_moves(place, count=3, seed=1)
        with CaptureQueriesContext(connection) as queries:
            reasons_report(group_by=dimension, **AUTUMN)
        used.append(len(queries))
    assert used[0] == used[1] <= 6


def test_a_disruption_is_named_by_what_was_missing_and_when(place: World) -> None:
    many_moves(place, count=40)
    report = reasons_report(group_by=Dimension.DISRUPTION, **AUTUMN)
    assert {row.label for row in report.rows} == {
        f"{place.providers[0].name} · Tue 1 Sep, 00:00 WIB",
        "Melati Jakarta · Tue 1 Sep, 00:00 WIB",
        f"{', '.join(one.name for one in place.disruptions[2].resources.all())} · Tue 1 Sep, 00:00 WIB",
        "one appointment only",
        "nothing was missing",
    }
