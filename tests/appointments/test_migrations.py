"""What a migration does to rows that are there: nothing that somebody wrote is lost, in either direction."""

from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
APP, JOINED = "appointments", "0007_texts_in_every_language"
BEFORE = "0006_languages_from_settings"
REASON: dict[str, Any] = {"code": "flood", "family": "outside", "fault": "nobody"}


@pytest.fixture(autouse=True)
def _whole_again() -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def migrate(name: str) -> Apps:
    MigrationExecutor(connection).migrate([(APP, name)])
    executor = MigrationExecutor(connection)
    return executor.loader.project_state([(APP, name)]).apps


def test_two_columns_become_one_and_come_apart_again() -> None:
    then = migrate(BEFORE)
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
    assert (service.name_en, service.name_id, service.stays_en, service.stays_id) == ("Visit", "", "", "Harga tetap.")


def test_on_the_way_back_a_name_is_never_empty() -> None:
    now = migrate(JOINED)
    now.get_model(APP, "Reason").objects.create(**REASON, label={"nl": "Water"}, wording={"id": "banjir"})

    reason = migrate(BEFORE).get_model(APP, "Reason").objects.get()
    assert (reason.label_en, reason.label_id) == ("Water", "")
    assert (reason.wording_en, reason.wording_id) == ("banjir", "banjir")


def test_who_was_here_before_is_found_as_others_are() -> None:
    then = migrate("0014_what_files_said")
    then.get_model(APP, "Customer").objects.create(name="Nur’aini  José", email="Nur@x.example", language="en")
    now = migrate("0015_what_is_searched")
    assert now.get_model(APP, "Customer").objects.get().sought == "nuraini jose nur@x.example"


def test_hours_that_reached_into_the_next_day_are_said_to() -> None:
    then = migrate("0015_what_is_searched")
    place = then.get_model(APP, "Location").objects.create(code="a", name="A", zone="UTC")
    for opens, closes in ((22, 6), (16, 0), (8, 16)):
        then.get_model(APP, "WeeklyHours").objects.create(
            location=place, weekday=0, opens_at=time(opens), closes_at=time(closes)
        )
    rows = migrate("0016_nights_are_said").get_model(APP, "WeeklyHours").objects
    assert list(rows.order_by("opens_at").values_list("overnight", flat=True)) == [False, False, True]
