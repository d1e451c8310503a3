"""What a colleague says of what is not available, as the rules get it."""

from datetime import date, datetime
from typing import Any

import pytest

from appointments.enums import DisruptionScope, Family, ReasonAbout
from appointments.forms.disruptions import ChangeEndForm, DeclareForm, usual_reason
from tests.appointments.domain.disruptions.world import entered
from tests.clock import NOW, at
from tests.factories import Clinic, ProviderFactory, ReasonFactory, clinic

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def form(melati: Clinic, *, day: date = TUESDAY, now: datetime = NOW, **said: Any) -> DeclareForm:
    data = {"what": [str(melati.provider.pk)], "how_long": "day", "reason": melati.reason.pk, "may_stand_in": "on"}
    return DeclareForm({**data, **said}, place=melati.location, day=day, now=now)


def span(found: DeclareForm) -> tuple[datetime, datetime | None]:
    assert found.is_valid(), found.errors
    missing = found.entry().missing
    return missing.starts_at, missing.ends_at


def test_who_is_not_there_on_that_day(melati: Clinic) -> None:
    found = form(melati, note="Ask Budi.")
    assert span(found) == (at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    entry = found.entry()
    assert (entry.missing.scope, entry.missing.resource_ids) == (DisruptionScope.RESOURCES, (melati.provider.pk,))
    assert (entry.reason, entry.note, entry.may_stand_in, entry.next_news_at) == (
        melati.reason,
        "Ask Budi.",
        True,
        None,
    )


@pytest.mark.parametrize(
    ("now", "since"),
    [("2026-11-23 09:14", "09:00"), ("2026-11-23 09:15", "09:15"), ("2026-11-23 23:59", "23:45")],
)
def test_of_today_only_the_rest(melati: Clinic, now: str, since: str) -> None:
    found = form(melati, day=MONDAY, now=at(now))
    assert span(found) == (at(f"2026-11-23 {since}"), at("2026-11-24 00:00"))


def test_several_at_once_and_the_whole_place(melati: Clinic) -> None:
    both = [str(melati.provider.pk), str(melati.room.pk)]
    found = form(melati, what=both)
    assert found.is_valid() and found.entry().missing.resource_ids == (melati.provider.pk, melati.room.pk)

    found = form(melati, what=[*both, "place"])
    assert found.is_valid() and found.entry().missing.scope == DisruptionScope.PLACE
    assert found.entry().missing.resource_ids == ()


def test_until_a_moment_from_to_and_nobody_knows(melati: Clinic) -> None:
    until = form(melati, how_long="until", ends="2026-11-26T12:00")
    assert span(until) == (at("2026-11-23 09:00"), at("2026-11-26 12:00"))
    both = form(melati, how_long="span", starts="2026-11-24T10:00", ends="2026-11-26T12:00")
    assert span(both) == (at("2026-11-24 10:00"), at("2026-11-26 12:00"))
    unknown = form(melati, how_long="open", news="2026-11-24T12:00", ends="2026-11-26T12:00")
    assert span(unknown) == (at("2026-11-23 09:00"), None)
    assert unknown.entry().next_news_at == at("2026-11-24 12:00")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"what": []}, "what"),
        ({"how_long": "until"}, "ends"),
        ({"how_long": "span", "ends": "2026-11-26T12:00"}, "starts"),
        ({"how_long": "open"}, "news"),
        ({"how_long": "open", "news": "2026-11-23T09:00"}, "news"),
        ({"reason": ""}, "reason"),
        ({"how_long": "until", "ends": "tomorrow"}, "ends"),
        ({"note": "x" * 301}, "note"),
        ({"what": ["999999"]}, "what"),
    ],
)
def test_what_is_left_out_or_cannot_be_meant_is_named(melati: Clinic, said: dict[str, Any], field: str) -> None:
    assert list(form(melati, **said).errors) == [field]


def test_only_what_is_in_use_here_and_reasons_of_ours_can_be_chosen(melati: Clinic) -> None:
    ProviderFactory(location=melati.location, is_active=False, name="Gone")
    ProviderFactory(name="Elsewhere")
    wish = ReasonFactory(family=Family.CUSTOMER)
    found = form(melati)
    names = [label for _value, label in found["what"].field.choices]  # type: ignore[attr-defined]
    assert names == ["Dr. Ratna", "Dr. Budi", "Room 1", "The whole of Melati Jakarta"]
    assert wish not in found["reason"].field.queryset  # type: ignore[attr-defined]
    assert list(form(melati, reason=wish.pk).errors) == ["reason"]


def test_it_begins_with_whom_it_was_begun_from(melati: Clinic) -> None:
    found = DeclareForm(place=melati.location, day=TUESDAY, now=NOW, first=str(melati.room.pk))
    assert (found["what"].value(), found["how_long"].value()) == ([str(melati.room.pk)], "day")


def test_the_usual_reason_is_about_such_a_thing(melati: Clinic) -> None:
    person, machine = ReasonFactory(about=ReasonAbout.PERSON), ReasonFactory(about=ReasonAbout.ROOM)
    ReasonFactory(about=ReasonAbout.PLACE, is_active=False)
    assert usual_reason(melati.room) == machine
    assert usual_reason(melati.provider) == person
    assert usual_reason(None) is None


def test_another_end_or_the_next_news(melati: Clinic) -> None:
    disruption = entered(melati)
    found = ChangeEndForm({"ends": "2026-11-26T12:00"}, disruption=disruption)
    assert found.is_valid() and found.cleaned_data["ends"] == at("2026-11-26 12:00")
    found = ChangeEndForm({"news": "2026-11-24T12:00"}, disruption=disruption)
    assert found.is_valid() and found.cleaned_data["news"] == at("2026-11-24 12:00")
    assert list(ChangeEndForm({}, disruption=disruption).errors) == ["news"]
