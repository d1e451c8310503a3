"""The example is a file that can be brought in as it is, in every language we write in."""

import csv
import io

import pytest
from django.utils import translation

from appointments.domain.imports.page import sample
from appointments.enums import ImportState
from appointments.models import Appointment
from notifications.text import languages
from tests.appointments.domain.imports.page.runs import brought_in
from tests.clock import NOW
from tests.factories import Clinic, LocationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", languages.codes())
def test_the_example_comes_in_without_a_remark(melati: Clinic, language: str) -> None:
    with translation.override(language):
        head, rows = sample.table(melati.location, now=NOW)
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    run = brought_in(melati, text.getvalue())
    assert run.state == ImportState.DONE
    assert run.report is not None
    assert (run.report["counts"], run.report["problems"]) == ({"new": 2}, [])
    first, second = Appointment.objects.order_by("pk")
    assert (first.external_id, first.service, first.provider) == ("A-1001", melati.service, melati.provider)
    assert second.note == rows[1][-1] != ""


def test_where_nobody_does_anything_yet_the_example_names_nobody(db: None) -> None:
    _head, rows = sample.table(LocationFactory(), now=NOW)
    assert [row[7:10] for row in rows] == [["", "", ""], ["", "", ""]]
