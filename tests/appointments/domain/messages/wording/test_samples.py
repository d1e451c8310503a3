"""With whose data a message is shown: the last real ones, and an invented customer where there are none."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from appointments.domain.messages.kinds import KINDS
from appointments.domain.messages.wording import samples, trying
from notifications import outbox
from notifications.enums import Channel
from notifications.models import Message
from notifications.text import rendering
from tests.clock import NOW
from tests.factories import Clinic
from tests.languages import add_dutch

CODES = ("en", "id")


def written(sample: samples.Sample, kind: str, way: str = Channel.EMAIL) -> str:
    shown = outbox.preview(kind=kind, to=sample.to, context=sample.context, channel=way)
    return f"{shown.subject}\n{shown.text}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", CODES)
def test_the_invented_one_can_be_written_in_each_kind(melati: Clinic, kind: str, code: str) -> None:
    one = samples.fitted(kind, samples.invented(code, tone="polite", now=NOW), now=NOW)
    said = written(one, kind)
    assert "{" not in said
    if kind not in {"new_password", "invitation"}:
        assert "Ratna" in said
    assert one.of == ""


def test_without_a_place_a_service_or_a_reason_it_can_be_written_as_well(db: None) -> None:
    one = samples.fitted("offer", samples.invented("en", tone="warm", now=NOW), now=NOW)
    assert written(one, "offer").count("Hello Ratna Dewi,") == 1


def test_a_third_language_has_one_too(settings: Any, melati: Clinic) -> None:
    add_dutch(settings)
    assert "Dank u wel voor uw keuze." in written(
        samples.fitted("confirmation", samples.invented("nl", tone="polite", now=NOW), now=NOW), "confirmation"
    )


def test_the_last_real_one_of_the_language_is_shown_in_the_tone_of_today(melati: Clinic, budi: User) -> None:
    melati.offered()
    message = Message.objects.get(kind="offer")
    one = samples.sample("offer", message.language, tone="warm", now=NOW)
    assert (one.of, one.at) == (message.to_name, message.created_at)
    assert one.context["customer"]["tone"] == "warm"
    other = next(code for code in CODES if code != message.language)
    assert samples.sample("offer", other, tone="warm", now=NOW).of == ""


def test_a_test_and_a_forgotten_customer_are_nobodys_data(melati: Clinic, budi: User) -> None:
    trying.send("reminder", "en", {}, to=budi, now=NOW)
    assert samples.real("reminder", "en", tone="polite") is None
    melati.offered()
    message = Message.objects.get(kind="offer")
    Message.objects.filter(pk=message.pk).update(context={})
    assert samples.real("offer", message.language, tone="polite") is None


def test_what_is_long_ago_is_not_looked_for(melati: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    melati.offered()
    message = Message.objects.get(kind="offer")
    monkeypatch.setattr(samples, "LOOKED_THROUGH", 0)
    assert samples.real("offer", message.language, tone="polite") is None


def test_the_invented_hours_lie_ahead(melati: Clinic) -> None:
    context = samples.invented("en", tone="polite", now=NOW).context
    assert context["was"]["starts_at"] > NOW + timedelta(days=2)
    assert rendering.markers(context) == {"link"}
