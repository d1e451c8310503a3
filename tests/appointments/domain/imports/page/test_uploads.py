"""An uploaded file waits with what was chosen for the last one like it, and not for ever."""

import pytest

from appointments.domain.imports.page import uploads, work
from appointments.domain.imports.page.chosen import Chosen
from appointments.domain.privacy.purging import purge
from appointments.enums import ImportState
from appointments.errors import DomainError
from appointments.models import ImportRun
from tests.appointments.domain.imports.page.runs import ANA, HEAD, TWO, brought_in, checked, chosen, uploaded
from tests.clock import NOW, days
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_the_same_file_again_is_the_same_import_until_it_is_brought_in(melati: Clinic) -> None:
    run = uploaded(melati)
    assert uploaded(melati) == run
    assert uploaded(melati, name="other.csv") != run
    checked(run)
    work.bring_in(run)
    assert uploaded(melati) != run


def test_what_cannot_be_a_file_is_refused_with_a_sentence(melati: Clinic) -> None:
    for data, place, sentence in (
        (b"", melati.location, "The file is empty."),
        (b"x" * (uploads.LARGEST + 1), melati.location, "larger than 10 MB"),
        (b"x", None, "no location yet"),
    ):
        with pytest.raises(DomainError, match=sentence):
            uploads.keep(data, name="a.csv", place=place, by=melati.manager, now=NOW)
    assert uploads.keep(b"x" * uploads.LARGEST, name="a.csv", place=melati.location, by=melati.manager, now=NOW).size


def test_a_name_is_a_line_whatever_a_browser_sends(melati: Clinic) -> None:
    assert uploaded(melati, name="a\x00b\n" + "x" * 300).name == "a b " + "x" * 145 + "…"


def test_the_next_file_with_the_same_headings_begins_as_the_last_one_was_read(melati: Clinic) -> None:
    brought_in(melati, ignored=["Phone"], skip_errors=True, source="old", services={"Yoga": None})
    week = NOW + days(7)
    later = uploaded(melati, TWO.replace("Ana Putri", "Ani Putri"), now=week)
    assert (later.choices["ignored"], later.choices["source"]) == (["Phone"], "old")
    assert later.choices["services"] == {"Yoga": None}
    assert (later.choices["first_day"], later.choices["skip_errors"]) == ("2026-11-30", False)
    assert uploaded(melati, HEAD + ANA).choices["ignored"] == []


def test_what_was_only_checked_is_no_example(melati: Clinic) -> None:
    checked(uploaded(melati), ignored=["Phone"])
    assert uploaded(melati, TWO + "\n").choices["ignored"] == []


def test_a_file_is_thrown_away_as_long_as_it_is_not_brought_in(melati: Clinic) -> None:
    run = uploaded(melati)
    uploads.throw_away(run)
    assert not ImportRun.objects.exists()
    done = brought_in(melati)
    with pytest.raises(DomainError):
        uploads.throw_away(done)


@pytest.mark.parametrize(("after", "kept"), [(7, 1), (8, 0)])
def test_what_nobody_brings_in_is_forgotten(melati: Clinic, after: int, kept: int) -> None:
    uploaded(melati)
    purge(now=NOW + days(after))
    assert ImportRun.objects.count() == kept


def test_what_was_wrong_in_which_row_is_forgotten_and_how_many_is_not(melati: Clinic) -> None:
    run = brought_in(melati, TWO + "a3,,,2026-11-27,09:00,Check-up\n", skip_errors=True)
    assert run.state == ImportState.DONE
    assert run.report is not None
    assert len(run.report["left"]) == 1
    purge(now=NOW + days(30))
    run.refresh_from_db()
    assert "left" in run.report
    purge(now=NOW + days(31))
    run.refresh_from_db()
    assert run.report.keys() & {"left", "problems", "unknown"} == set()
    assert run.report["counts"] == {"new": 2, "failed": 1}


def test_choices_are_kept_as_they_were_made(melati: Clinic) -> None:
    run = uploaded(melati)
    assert Chosen.of(run.choices) == chosen(run, ignored=())
