"""What a migration does to rows that are there: nothing that somebody wrote is lost, in either direction."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from appointments.enums import DataKind
from appointments.enums.privacy import LIMITS
from tests import migrated

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
APP, JOINED = "appointments", "0007_texts_in_every_language"
BEFORE = "0006_languages_from_settings"
REASON: dict[str, Any] = {"code": "flood", "family": "outside", "fault": "nobody"}

At = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def at(transactional_db: None, pytestconfig: pytest.Config, tmp_path: Path) -> At:
    """`with at(until=name)`: a database of its own, as that migration left it."""
    return partial(migrated.another_database, connection, pytestconfig.cache.mkdir("migrated"), tmp_path)


@pytest.fixture
def whole_again() -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def migrate(name: str) -> Apps:
    MigrationExecutor(connection).migrate([(APP, name)])
    executor = MigrationExecutor(connection)
    return executor.loader.project_state([(APP, name)]).apps


def state_at(name: str) -> Apps:
    """For rows of tables as they are there already."""
    return MigrationExecutor(connection).loader.project_state([(APP, name)]).apps


def test_two_columns_become_one_and_come_apart_again(at: At) -> None:
    with at(until=BEFORE):
        then = state_at(BEFORE)
        texts = {"label_en": "Flood", "label_id": "Banjir", "wording_en": "a “flood”", "wording_id": "banjir É\\"}
        then.get_model(APP, "Reason").objects.create(**REASON, **texts)
        then.get_model(APP, "Service").objects.create(
            code="visit", name_en="Visit", name_id="", stays_en="", stays_id="Harga tetap.", minutes=30
        )

        now = migrate(JOINED)
        reason, service = now.get_model(APP, "Reason").objects.get(), now.get_model(APP, "Service").objects.get()
        assert reason.label.data == {"en": "Flood", "id": "Banjir"}
        assert reason.wording.data == {"en": "a “flood”", "id": "banjir É\\"}
        assert (service.name.data, service.stays.data) == ({"en": "Visit"}, {"id": "Harga tetap."})

        then = migrate(BEFORE)
        reason, service = then.get_model(APP, "Reason").objects.get(), then.get_model(APP, "Service").objects.get()
        assert {name: getattr(reason, name) for name in texts} == texts
        assert (service.name_en, service.name_id, service.stays_en, service.stays_id) == (
            "Visit", "", "", "Harga tetap.",
        )  # fmt: skip


@pytest.mark.usefixtures("whole_again")
def test_on_the_way_back_a_name_is_never_empty() -> None:
    """From the last migration all the way back, and forward to it again: each of them can be taken back."""
    now = migrate(JOINED)
    now.get_model(APP, "Reason").objects.create(**REASON, label={"nl": "Water"}, wording={"id": "banjir"})

    reason = migrate(BEFORE).get_model(APP, "Reason").objects.get()
    assert (reason.label_en, reason.label_id) == ("Water", "")
    assert (reason.wording_en, reason.wording_id) == ("banjir", "banjir")


def test_who_was_here_before_is_found_as_others_are(at: At) -> None:
    with at(until="0014_what_files_said"):
        then = state_at("0014_what_files_said")
        then.get_model(APP, "Customer").objects.create(name="Nur’aini  José", email="Nur@x.example", language="en")
        now = migrate("0015_what_is_searched")
        assert now.get_model(APP, "Customer").objects.get().sought == "nuraini jose nur@x.example"


def test_hours_that_reached_into_the_next_day_are_said_to(at: At) -> None:
    with at(until="0014_what_files_said"):
        then = migrate("0015_what_is_searched")
        place = then.get_model(APP, "Location").objects.create(code="a", name="A", zone="UTC")
        for opens, closes in ((22, 6), (16, 0), (8, 16)):
            then.get_model(APP, "WeeklyHours").objects.create(
                location=place, weekday=0, opens_at=time(opens), closes_at=time(closes)
            )
        rows = migrate("0016_nights_are_said").get_model(APP, "WeeklyHours").objects
        assert list(rows.order_by("opens_at").values_list("overnight", flat=True)) == [False, False, True]


def test_where_customers_are_known_nothing_goes_before_somebody_could_look(at: At) -> None:
    with at(until="0053_forgotten_customers"):
        migrate("0055_how_long_things_are_kept").get_model(APP, "Customer").objects.create(name="Ana", language="en")
        rows = migrate("0056_words_go_by_time").get_model(APP, "RetentionPeriod").objects
        stored = {one.kind: (one.days, one.since > timezone.now() + timedelta(days=13)) for one in rows.all()}
        as_before = {DataKind.DRAFTS, DataKind.IMPORTS, DataKind.SESSIONS}
        assert stored == {kind: (usual, True) for kind, (_, usual, _) in LIMITS.items() if kind not in as_before}


def test_where_nobody_is_known_every_period_begins_at_once(at: At) -> None:
    with at(until="0053_forgotten_customers"):
        assert not migrate("0056_words_go_by_time").get_model(APP, "RetentionPeriod").objects.exists()
