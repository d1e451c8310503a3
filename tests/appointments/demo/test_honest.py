"""What the sample business says to its customers would pass the check of its own desk."""

import pytest

from appointments.demo.reasons import CAUSES, LANGUAGES, Cause
from appointments.demo.services import SERVICES
from appointments.domain.recovery.honesty import Facts, TextKind
from appointments.domain.recovery.wording import check
from appointments.models.reason import WORDING_PLACEHOLDERS


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.code)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_is_told_as_it_is(cause: Cause, language: str) -> None:
    facts = Facts(language=language, family=cause.family, fault=cause.fault)
    wording = Facts(
        language=language, text=TextKind.REASON, family=cause.family, fault=cause.fault, gaps=WORDING_PLACEHOLDERS
    )

    assert check(cause.wording[LANGUAGES.index(language)], facts=wording) == []
    assert [found for note in cause.notes.get(language, ()) for found in check(note, facts=facts)] == []


@pytest.mark.parametrize("code", SERVICES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stays_the_same_is_said_without_promising_more(code: str, language: str) -> None:
    stays = SERVICES[code].row["stays"]
    assert isinstance(stays, dict)

    assert check(stays[language], facts=Facts(language=language)) == []
