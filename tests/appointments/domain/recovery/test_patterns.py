"""A note on repeated misuse stands for a while, says why, and is then forgotten."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from appointments.domain.recovery import patterns
from appointments.models import MisuseNote
from tests.factories import CustomerFactory, StaffFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def note(**fields: object) -> MisuseNote:
    values = {
        "why": "Did not come on 3, 10 and 17 November.",
        "made_on": TODAY,
        "expires_on": TODAY + timedelta(days=9),
    }
    made: MisuseNote = MisuseNote.objects.create(customer=CustomerFactory(), made_by=StaffFactory(), **values | fields)
    return made


def test_it_stands_until_its_day_and_is_gone_on_the_next() -> None:
    note()
    last = TODAY + timedelta(days=9)
    assert (MisuseNote.objects.standing(last).count(), patterns.forget(today=last)) == (1, 0)
    after = last + timedelta(days=1)
    assert (MisuseNote.objects.standing(after).count(), patterns.forget(today=after)) == (0, 1)
    assert patterns.forget(today=after) == 0


@pytest.mark.parametrize("broken", [{"why": ""}, {"expires_on": TODAY}])
def test_the_database_takes_none_without_a_reason_or_an_end(broken: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        note(**broken)
