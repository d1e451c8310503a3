"""A message is shown in the situations in which it says something else."""

import pytest

from appointments.domain.messages import kinds
from appointments.domain.messages.wording import situations
from appointments.domain.messages.wording.samples import Sample, made_up
from notifications import outbox
from notifications.enums import Channel
from notifications.text import rendering
from tests.clock import NOW
from tests.factories import Clinic

pytestmark = pytest.mark.django_db
EACH = [(kind, one) for kind, found in situations.OF.items() for one in found]


def letter(kind: str, one: Sample) -> str:
    secrets = dict.fromkeys(rendering.markers(one.context), "")
    said = outbox.preview(kind=kind, to=one.to, context=one.context, channel=Channel.EMAIL, secrets=secrets)
    return f"{said.subject}\n{said.text}"


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(("kind", "situation"), EACH)
def test_in_each_situation_the_letter_says_something_else(
    melati: Clinic, kind: str, situation: str, language: str
) -> None:
    usual = letter(kind, made_up(kind, language, tone="", now=NOW))
    shown = letter(kind, situations.sample(kind, situation, language, tone="", now=NOW))
    assert shown != usual
    assert "{" not in shown


def test_each_has_a_name_and_each_kind_is_one_of_ours() -> None:
    assert {one for _kind, one in EACH} == set(situations.CALLED)
    assert set(situations.OF) <= set(kinds.KINDS)
    assert [one for one, _name in situations.of("expiry")] == ["wish", "keeps"]


@pytest.mark.parametrize(("kind", "asked", "is_known"), [("offer", "again", True), ("reply", "again", False)])
def test_what_is_no_situation_of_a_kind_is_not_asked_for(kind: str, asked: str, is_known: bool) -> None:
    assert situations.known(kind, asked) == (asked if is_known else "")
    assert situations.known(kind, "\x00' OR 1") == ""
