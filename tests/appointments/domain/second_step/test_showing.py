"""One of the three, each good once."""

import pytest
from django.contrib.auth.models import User

from appointments.domain.second_step import passkeys, showing
from tests.clock import NOW, minutes
from tests.factories.second_steps import with_app, with_passkey

pytestmark = pytest.mark.django_db
LATER = NOW + minutes(5)


def test_each_kind_is_accepted_as_what_it_is(budi: User) -> None:
    phone, codes = with_app(budi)
    code = phone.code(LATER)
    assert not showing.accept(budi, showing.RECOVERY, code, state=None, now=LATER)
    assert not showing.accept(budi, showing.APP, codes[0], state=None, now=LATER)
    assert showing.accept(budi, showing.APP, code, state=None, now=LATER)
    assert showing.accept(budi, showing.RECOVERY, codes[0], state=None, now=LATER)
    assert showing.codes_left(budi) == 9


def test_a_passkey_answers_a_challenge(budi: User) -> None:
    device, _codes = with_passkey(budi)
    options, state = passkeys.begin_signing_in(budi, now=NOW)
    said = device.sign(options)
    assert not showing.accept(budi, showing.PASSKEY, said, state=None, now=LATER)
    assert showing.accept(budi, showing.PASSKEY, said, state=state, now=LATER)
