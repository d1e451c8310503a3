"""A clinic on a Monday morning, served to browsers, with a mail server that takes what it sends."""

import logging
from collections.abc import Iterator

import pytest
import time_machine
from pytest_django.live_server_helper import LiveServer

from tests.clock import NOW
from tests.engines.smtp import SmtpSink
from tests.factories import clinic
from tests.journeys.stage import Stage

logging.getLogger("mail.log").setLevel(logging.WARNING)  # the mail server tells of every word it hears


@pytest.fixture
def stage(live_site: LiveServer, smtp_sink: SmtpSink) -> Iterator[Stage]:
    """Two providers, two rooms, a reason, a colleague at the desk; the clock starts at tests.clock.NOW and runs on."""
    with time_machine.travel(NOW, tick=True) as clock:
        yield Stage(clinic(rooms=2), live_site, smtp_sink, clock)
