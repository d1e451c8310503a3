"""Once booked: the customer's page lets them move, cancel, take it back or ask, two taps each, within the limits."""

import logging
import re
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.domain import actors, booking, links
from appointments.domain.affected import WhatIsMissing, declare
from appointments.domain.schedule.slots import slot_at
from appointments.enums import DisruptionScope, LinkPurpose, PromiseKind
from appointments.models import Answer, Appointment, Occupancy, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory, LocationFactory, ProviderFactory, clinic

pytestmark = pytest.mark.django_db

START = at("2026-11-26 10:00")
LIGHTEST = 30_000


class Booked:
    """Ana, with an appointment on Thursday that nobody has moved, and the link to its page; it is Monday, nine."""

    def __init__(self, client: Client, **service: Any) -> None:
        self.client = client
        given = {"grid": 30, "max_moves": 2, "move_notice_hours": 24, "notice_minutes": 120} | service
        self.world: Clinic = clinic(rooms=2, **given)
        self.appointment = self.world.booked(START, customer=CustomerFactory(language="en", name="Ana Putri"))
        token = links.issue(self.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
        self.address = f"/r/{token}/"

    def page(self, path: str = "") -> str:
        return self.client.get(f"{self.address}{path}").content.decode()

    def times(self, path: str = "move/") -> list[str]:
        return re.findall(r'name="time" value="([^"]+)"', self.page(path))

    def form(self, path: str = "") -> dict[str, str]:
        return dict(re.findall(r'<input type="hidden" name="(nonce|seen)" value="([^"]+)"', self.page(path)))

    def post(self, path: str, *, form: dict[str, str] | None = None, expect: int = 303, **data: object) -> str:
        form = self.form("move/" if path in ("move/", "other-times/") else "") if form is None else form
        response = self.client.post(f"{self.address}{path}", form | {key: str(one) for key, one in data.items()})
        assert response.status_code == expect, response.content.decode()
        return self.page() if expect == 303 else response.content.decode()

    def move(self, time: str = "", **options: Any) -> str:
        return self.post("move/", time=time or self.times()[-1], **options)

    def now(self) -> Appointment:
        return Appointment.objects.get(pk=self.appointment.pk)


@pytest.fixture
def ana(client: Client) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield Booked(client)


def heading(html: str) -> str:
    (found,) = re.findall(r"<h1>(.*?)</h1>", html, re.DOTALL)
    return str(found).strip()


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_limits_are_said_before_the_tap(ana: Booked) -> None:
    said = text(ana.page())
    assert (
        "You can move it yourself until Wed 25 Nov, 10:00 WIB , twice more, and cancel it until then. "
        "When we move you, that never counts." in said
    )
    assert "Move it to another time" in said
    assert "Yes, cancel the appointment" in said


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ({"max_moves": 1}, "until Wed 25 Nov, 10:00 WIB , once more, and cancel it until then."),
        ({"max_moves": 5}, "until Wed 25 Nov, 10:00 WIB , 5 times more, and cancel it until then."),
        ({"max_moves": 0}, "For another time of this appointment please ask us below. You can cancel it yourself"),
        ({"move_notice_hours": 73}, "Moving or cancelling it yourself was possible until Mon 23 Nov, 09:00 WIB. "),
        ({"move_notice_hours": 72}, "You can move it yourself until Mon 23 Nov, 10:00 WIB"),
    ],
)
def test_each_service_says_its_own(client: Client, service: dict[str, int], said: str) -> None:
    with time_machine.travel(NOW, tick=False):
        ana = Booked(client, **service)
        page = ana.page()
        # it begins on Thursday at ten: 73 hours before is nine o'clock on Monday
        assert said in text(page)
        can_move, can_cancel = service.get("max_moves") != 0 and service.get("move_notice_hours") != 73, True
        can_cancel = service.get("move_notice_hours") != 73
        assert (f"{ana.address}move/" in page, f"{ana.address}cancel/" in page) == (can_move, can_cancel)
        assert (f"{ana.address}call-me/" in page, f"{ana.address}tell/" in page) == (True, True)


def test_two_taps_to_a_free_time_and_the_page_says_what_is_true(ana: Booked) -> None:
    assert len(ana.times()) == 6
    page = ana.move()
    assert heading(page) == "Your new time is confirmed"
    assert "Your former time, Thu 26 Nov, 10:00 WIB , is kept for you until Mon 23 Nov, 11:00 WIB" in text(page)
    assert "once more" in text(page)
    assert ana.now().starts_at != START
    assert Message.objects.get().kind == "confirmation"


def test_and_one_tap_back(ana: Booked) -> None:
    ana.move()
    page = ana.post("back/")
    assert heading(page) == "Your appointment stays as it is"
    assert "twice more" in text(page)
    assert (ana.now().starts_at, ana.now().sequence) == (START, 2)


def test_two_taps_to_cancel_and_one_tap_back(ana: Booked) -> None:
    page = ana.post("cancel/", words="I am well again.")
    assert heading(page) == "Your appointment is cancelled"
    assert "Your time is kept for you until Mon 23 Nov, 11:00 WIB" in text(page)
    page = ana.post("back/")
    assert heading(page) == "Your appointment stays as it is"
    assert [one.kind for one in Message.objects.order_by("pk")] == ["cancellation", "confirmation"]


def test_after_the_hour_the_way_back_is_gone_and_an_old_page_says_what_is_so(ana: Booked) -> None:
    ana.post("cancel/")
    form = ana.form()
    with time_machine.travel(NOW + hours(2), tick=False):
        assert f"{ana.address}back/" not in ana.page()
        page = ana.post("back/", form=form, expect=409)
    assert heading(page) == "Your appointment is cancelled"
    assert "The former time is not kept for you any more." in text(page)


def test_looking_changes_nothing(ana: Booked) -> None:
    ana.move()
    before = [list(model.objects.values()) for model in (Appointment, RescheduleRequest, Occupancy, Message, Answer)]
    for method in ("get", "head"):
        for path in ("", "move/", "move/?from=2026-11-25", "back/", "cancel/", "move/?time=1&from=x&nonce=y&seen=1"):
            assert getattr(ana.client, method)(f"{ana.address}{path}").status_code in (200, 303)
    assert before == [
        list(model.objects.values()) for model in (Appointment, RescheduleRequest, Occupancy, Message, Answer)
    ]


def test_fifty_times_the_same_form_is_one_change_and_one_message(ana: Booked) -> None:
    time, form = ana.times()[0], ana.form("move/")
    for _ in range(50):
        assert heading(ana.move(time, form=form)) == "Your new time is confirmed"
    form = ana.form()
    for _ in range(50):
        ana.post("back/", form=form)
    assert (ana.now().sequence, Message.objects.count(), Answer.objects.count()) == (2, 2, 2)


def test_a_time_that_was_just_taken_is_answered_with_fresh_ones(ana: Booked) -> None:
    time, form = ana.times()[0], ana.form("move/")
    start = datetime.fromtimestamp(int(time.partition(".")[0]), tz=START.tzinfo)
    ana.world.booked(start, customer=CustomerFactory())
    page = ana.move(time, form=form, expect=409)
    assert heading(page) == "Move your appointment"
    assert "This time has just been taken by somebody else." in text(page)
    fresh = re.findall(r'name="time" value="([^"]+)"', page)
    assert (len(fresh), time in fresh) == (6, False)
    assert (ana.now().starts_at, RescheduleRequest.objects.count(), Message.objects.count()) == (START, 0, 0)


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param("2026-11-23 08:30", id="past"),
        pytest.param("2026-11-23 10:30", id="inside the notice"),
        pytest.param("2026-11-25 07:30", id="before opening"),
        pytest.param("2026-11-25 09:10", id="off the grid"),
        pytest.param("2026-11-29 10:00", id="on a Sunday"),
        pytest.param("2027-03-01 10:00", id="beyond the horizon"),
    ],
)
def test_a_time_that_was_never_free_is_refused_and_written_down(
    ana: Booked, wanted: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="appointments.access"):
        page = ana.move(f"{int(at(wanted).timestamp())}.{ana.world.provider.pk}", expect=409)
    assert "This time is not among the ones we offered." in text(page)
    assert "Please choose one of those below" in text(page)
    logged = [(one.levelname, one.getMessage()) for one in caplog.records]
    assert ("WARNING", f"Refused to move appointment {ana.appointment.pk}: NotOffered") in logged
    assert (ana.now().sequence, Message.objects.count()) == (0, 0)


def test_a_changed_form_reaches_no_other_place_service_or_person(ana: Booked) -> None:
    time = ana.times()[0].partition(".")[0]
    elsewhere = ProviderFactory(location=LocationFactory(), name="Dr. Dewi")
    stranger = ProviderFactory(location=ana.world.location, name="Dr. Citra")
    for provider in (elsewhere.pk, stranger.pk, ana.world.room.pk, 0, 10**17):
        ana.move(f"{time}.{provider}", expect=409, location=elsewhere.location_id, service=99, resource=elsewhere.pk)
    assert ana.now().sequence == 0
    ana.move(location=elsewhere.location_id, service=99)
    assert (ana.now().location, ana.now().service) == (ana.world.location, ana.world.service)


@pytest.mark.parametrize(
    "time", ["", "x", "1.1.1", "-5.1", "1e9.1", f"{10**30}.1", "\u0663.1", "9999999999.1", "0.0", "1.\n1"]
)
def test_nonsense_is_refused_kindly(ana: Booked, time: str) -> None:
    form = ana.form("move/") | {"time": time}
    response = ana.client.post(f"{ana.address}move/", form)
    assert response.status_code in (409, 422)
    assert ana.client.post(f"{ana.address}move/", {"time": ana.times()[0], "seen": "0"}).status_code == 422
    assert ana.client.post(f"{ana.address}move/", form | {"seen": str(2**40)}).status_code in (409, 422)
    assert ana.now().sequence == 0


@pytest.mark.parametrize("day", ["2026-13-01", "x", "0001-01-01", "9999-12-31", "2026-11-25'--"])
def test_a_day_that_is_none_shows_times_all_the_same(ana: Booked, day: str) -> None:
    response = ana.client.get(f"{ana.address}move/", {"from": day})
    assert response.status_code == 200
    assert "Move your appointment" in response.content.decode()


def test_what_could_not_be_moved_again_is_said_before_the_tap(ana: Booked) -> None:
    before = "What begins before Tue 24 Nov, 09:00 WIB is too near to be moved or cancelled here again."
    assert before in text(ana.page("move/?from=2026-11-23"))
    assert before not in text(ana.page("move/?from=2026-11-25"))
    start = int(at("2026-11-23 14:00").timestamp())
    page = ana.move(f"{start}.{ana.world.provider.pk}")
    assert "It begins too soon to be moved or cancelled here. Please ask us:" in text(page)
    assert f"{ana.address}cancel/" not in page
    assert f"{ana.address}back/" in page, "but back to the time that was"


def test_all_times_stand_there_day_by_day(ana: Booked) -> None:
    page = ana.page("move/?from=2026-11-24")
    assert re.findall(r"<h2 id=\"day-\d\">(.*?)</h2>", page) == [
        "Tuesday, 24 November 2026", "Wednesday, 25 November 2026", "Thursday, 26 November 2026",
    ]  # fmt: skip
    assert "?from=2026-11-27" in page, "later days"
    assert len(re.findall(r'name="time"', page)) == 18 + 18 + 18
    assert "Dr. Ratna · WIB" in text(page)
    assert "Dr. Budi · WIB" in text(page), "at her own hour only a colleague is free"
    ana.move(ana.times("move/?from=2026-11-24")[-1])
    assert ana.now().sequence == 1


def test_the_pages_are_light_and_ask_the_database_little(ana: Booked) -> None:
    def looked(path: str = "") -> tuple[int, int]:
        ana.page(path)  # what is known for some minutes afterwards
        with CaptureQueriesContext(connection) as queries:
            page = ana.page(path)
        return len(queries), len(page.encode())

    found = {"stands": looked()}
    found |= {"nearest": looked("move/"), "by day": looked("move/?from=2026-11-24")}
    ana.move()
    found["moved"] = looked()
    ana.post("back/")
    found["taken back"] = looked()
    ana.post("cancel/")
    found["cancelled"] = looked()
    queries = {name: count for name, (count, _size) in found.items()}
    assert max(queries[name] for name in ("stands", "moved", "taken back", "cancelled")) <= 8, queries
    assert max(queries["nearest"], queries["by day"]) <= 11, queries
    assert max(size for _count, size in found.values()) < LIGHTEST


def test_when_staff_moved_it_meanwhile_the_old_page_says_so(ana: Booked) -> None:
    time, form = ana.times()[0], ana.form("move/")
    new = at("2026-11-27 15:00")
    to = slot_at(ana.appointment, starts_at=new, provider_id=ana.world.provider.pk, now=NOW)
    booking.move(ana.appointment, to=to, by=actors.staff(ana.world.staff), now=NOW)
    page = ana.move(time, form=form, expect=409)
    assert "Your appointment has changed since you opened that page." in text(page)
    assert "15:00 WIB" in page
    assert ana.now().starts_at == new


def test_times_that_staff_offer_meanwhile_come_first(ana: Booked) -> None:
    time, form = ana.times()[0], ana.form("move/")
    ana.world.offered(ana.appointment, now=NOW)
    page = ana.move(time, form=form, expect=409)
    assert heading(page) == "Your appointment needs a new time"
    assert "We are looking after this appointment at the moment." in text(page)
    assert ana.client.get(f"{ana.address}move/").status_code == 303


def test_what_cannot_take_place_is_not_moved_by_its_customer(ana: Booked) -> None:
    missing = WhatIsMissing(
        scope=DisruptionScope.PLACE, location=ana.world.location, starts_at=START - hours(2), ends_at=START + hours(5)
    )
    declare(missing, reason=ana.world.reason, by=actors.SYSTEM, now=NOW)
    page = ana.page()
    assert f"{ana.address}move/" not in page
    assert f"{ana.address}cancel/" not in page
    assert "Please ask us:" in text(page)


def test_where_it_is_too_late_a_named_colleague_owes_a_call_by_an_hour(ana: Booked) -> None:
    with time_machine.travel(START - hours(24), tick=False):
        page = ana.page()
        assert f"{ana.address}cancel/" not in page
        assert "Please ask us now: " in text(page)
        page = ana.post("call-me/")
    promise = Promise.objects.open().get()
    assert (promise.kind, promise.owner in (ana.world.staff, ana.world.manager)) == (PromiseKind.CALL, True)
    assert f"{promise.owner.get_full_name()} will phone you by" in text(page)
    assert heading(page) == "Your appointment stays as it is"
    assert ana.now().sequence == 0


def test_whom_none_suits_is_offered_what_fits_and_keeps_their_time(ana: Booked) -> None:
    page = ana.post("other-times/", parts="afternoon")
    assert heading(page) == "Other times for you"
    assert "Until you choose" in text(page) or "I want to keep the original time" in text(page)
    assert ana.now().sequence == 0


def test_whom_nothing_suits_gets_a_name_and_an_hour(ana: Booked) -> None:
    page = ana.post("other-times/", parts="evening")
    assert heading(page) == "We are looking for other times"
    promise = Promise.objects.open().get()
    assert promise.kind == PromiseKind.FIND_TIMES
    assert f"{promise.owner.get_full_name()} is looking for times that suit you and will answer you by" in text(page)


@pytest.mark.parametrize("moment", [START, START + minutes(40)])
def test_what_has_begun_is_over(ana: Booked, moment: Any) -> None:
    form, time = ana.form("move/"), ana.times()[0]
    with time_machine.travel(moment, tick=False):
        page = ana.page()
        assert heading(page) == "This appointment is over"
        assert f"{ana.address}move/" not in page
        ana.move(time, form=form, expect=409)
        ana.post("cancel/", form=form, expect=409)
    assert ana.now().sequence == 0


def test_in_indonesian_as_a_good_front_desk_says_it(ana: Booked) -> None:
    said = text(ana.page("?lang=id"))
    assert "Ibu dapat memindahkannya sendiri sampai Rab 25 Nov, 10.00 WIB , masih dua kali" in said
    assert "tidak dihitung" in said
    assert "Pindahkan jadwal" in text(ana.page("move/?lang=id"))


def test_the_calendar_file_follows(ana: Booked) -> None:
    ana.move()
    file = ana.client.get(f"{ana.address}appointment.ics").content.decode()
    assert ("SEQUENCE:1" in file, "METHOD:REQUEST" in file) == (True, True)
    ana.post("cancel/")
    file = ana.client.get(f"{ana.address}appointment.ics").content.decode()
    assert ("SEQUENCE:2" in file, "METHOD:CANCEL" in file) == (True, True)
    ana.post("back/")
    file = ana.client.get(f"{ana.address}appointment.ics").content.decode()
    assert ("SEQUENCE:3" in file, "METHOD:REQUEST" in file) == (True, True)
    assert f"UID:{ana.appointment.uid}" in file


def test_staff_read_who_moved_it(ana: Booked) -> None:
    ana.move()
    ana.post("back/")
    ana.post("cancel/")
    ana.post("back/")
    ana.client.force_login(ana.world.staff)
    said = text(ana.client.get(f"/appointments/{ana.appointment.pk}/").content.decode())
    for line in (
        "Moved by the customer on the page",
        "Cancelled by the customer on the page",
        "Cancellation taken back by the customer on the page",
        "Took it back",
    ):
        assert line in said
    assert "New times offered" not in said
