"""What an earlier release wrote and had not sent when it was upgraded leaves as it should.

`messages.json` holds one message of each kind with what it says and by what it is judged, as the release before the
offers got a `kept_until` of their own wrote them.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from appointments.domain.messages import kinds
from notifications import channels
from notifications.text import rendering
from notifications.text.packing import unpack
from notifications.text.values import Recipient
from tests.clock import NOW, ZONE

WRITTEN: list[dict[str, Any]] = json.loads(Path(__file__).with_name("messages.json").read_text())
NAMES = [f"{number}-{row['kind']}" for number, row in enumerate(WRITTEN)]


@pytest.mark.parametrize("form", ["email", "sms", "call"])
@pytest.mark.parametrize("lang", ["en", "id"])
@pytest.mark.parametrize("written", WRITTEN, ids=NAMES)
def test_a_message_of_an_earlier_release_can_still_be_written(written: dict[str, Any], lang: str, form: str) -> None:
    to = Recipient(name="Ana Putri", language=lang, zone=ZONE, email="ana@mail.example", phone="+628120000001")
    context = unpack(written["context"])
    said = rendering.render(kind=written["kind"], to=to, context=context, form=channels.get(form).form)
    assert said.text != ""


@pytest.mark.django_db
@pytest.mark.parametrize("written", WRITTEN, ids=NAMES)
def test_a_message_of_an_earlier_release_is_judged_before_it_leaves(written: dict[str, Any]) -> None:
    # Of what it is about there is nothing here: only what is always true still leaves.
    stale = kinds.why_stale(written["kind"], unpack(written["true_if"]), now=NOW)
    assert (stale is None) == (written["kind"] == "reply")


def test_an_offer_of_an_earlier_release_is_kept_until_the_answer_is_due() -> None:
    offer = next(row for row in WRITTEN if row["kind"] == "offer")
    to = Recipient(name="Ana Putri", language="en", zone=ZONE, email="ana@mail.example")
    said = rendering.render(kind="offer", to=to, context=unpack(offer["context"]), form=channels.get("email").form)
    assert said.text.count("Kept for you until Mon 23 Nov, 12:00 WIB") == 3
