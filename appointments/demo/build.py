"""Fills an empty database, all or nothing."""

import zoneinfo
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from appointments.demo import (
    afterwards,
    customers,
    diary,
    moves,
    places,
    plots,
    reasons,
    services,
)
from appointments.demo.chance import dice
from appointments.demo.logins import SAMPLE_PASSWORDS
from appointments.demo.recovery import giving, solutions
from appointments.demo.under_way import live, outage, unhappy
from appointments.errors import DomainError
from appointments.models import Appointment, Customer, Location, Resource


@dataclass(frozen=True)
class Scale:
    customers: int
    appointments: int
    moves: int


SCALES = {"full": Scale(800, 3000, 120), "small": Scale(120, 420, 14)}


@dataclass(frozen=True)
class Built:
    """How much there is now; `moves` are rounds that have ended, `waiting` those that have not."""

    customers: int
    appointments: int
    moves: int
    waiting: int


class NotEmpty(DomainError):
    """The database holds somebody's data already."""


def is_empty() -> bool:
    return not any(model.objects.exists() for model in (Location, Resource, Customer, Appointment))


def is_the_sample() -> bool:
    """Empty, or the sample business, whose two logins are there: nothing of anybody's."""
    return is_empty() or User.objects.filter(username__in=SAMPLE_PASSWORDS).count() == len(SAMPLE_PASSWORDS)


def fill(*, now: datetime, seed: int = 1, scale: str = "full") -> Built:
    """Writes the sample business as it stands at `now`: the same for the same seed on the same day, keys apart.

    Raises `NotEmpty` rather than touching a database in use. Messages of the past are stored as sent; those of the
    rounds that wait for an answer are left for the messenger.
    """
    size = SCALES[scale]
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        if not is_empty():
            raise NotEmpty(_("This database is not empty. Sample data goes into an empty one only."))
        return _fill(now, seed, size)


def _fill(now: datetime, seed: int, size: Scale) -> Built:
    today = now.astimezone(zoneinfo.ZoneInfo("Asia/Jakarta")).date()
    business = places.write(today)
    causes, offered = reasons.write(), services.write(business)
    giving.write(now=now)
    circle = customers.write(dice(seed, "customers"), size.customers, now=now)
    visits = diary.plan(dice(seed, "plan"), business, offered, keep=size.appointments, today=today)
    stories, troubles = moves.choose(dice(seed, "moves"), visits, business, count=size.moves, now=now)
    booked = diary.write(
        dice(seed, "diary"),
        visits,
        places=business,
        services=offered,
        circle=circle,
        now=now,
        stories={story.index: story for story in stories},
    )
    moves.close_days(troubles, business, now=now)
    played = 0
    for story in stories:
        appointment, __ = booked.entries[story.index]
        stage = plots.Stage(
            dice(seed, f"story {story.index}"), appointment, story.cause, causes[story.cause.code], business.desk
        )
        played += plots.play(stage, story, now=now)
        stage.appointment.refresh_from_db()
        afterwards.live_on(stage, now=now)
    coming = [appointment for appointment, visit in booked.entries if now < visit.starts_at < now + live.FARTHEST]
    waiting = live.play(dice(seed, "live"), coming, reasons=causes, desk=business.desk, now=now)
    away = causes["staff-unavailable"]
    waiting += outage.play(dice(seed, "outage"), coming, business=business, reason=away, now=now)
    solutions.write(dice(seed, "solutions"), desk=business.desk, now=now)
    unhappy.play([appointment for appointment, _visit in booked.entries], desk=business.desk, now=now)
    return Built(len(circle.customers), len(booked.entries), played, waiting)
