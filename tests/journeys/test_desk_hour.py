"""Thirty tasks in a row of a real front desk, each done as shortly as it goes, and what that costs in clicks and keys.

What Acuity Scheduling needs is counted from the steps of its public guides ("Booking appointments for clients",
"Marking appointments as no-shows", "Managing your client list"): a step is one, a field is one. Where a guide is silent
`is_guess` says so.
"""

import pytest
from playwright.sync_api import Page

from tests.journeys.hour import bookings, calls, moves
from tests.journeys.hour.hand import Hand
from tests.journeys.hour.scene import Scene, Task, set_up
from tests.journeys.stage import Stage, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

HOUR = (
    Task("book a known caller", bookings.a_known_caller, 6, 11),
    Task("take a booking back", bookings.taken_back, 1, 3),
    Task("book a new caller", bookings.a_new_caller, 7, 12),
    Task("book from a free place of the board", bookings.from_the_free_place, 6, 7),
    Task("give it more time", bookings.longer, 3, 4, is_guess=True),
    Task("the same again in six weeks", bookings.in_six_weeks, 3, 6, is_guess=True),
    Task("correct a phone number", bookings.the_number_is_wrong, 6, 6, is_guess=True),
    Task("find somebody by name", bookings.by_name, 3, 3),
    Task("find an appointment by its number", bookings.by_number, 3),
    Task("propose new times with a reason", moves.proposed, 7),
    Task("undo the offer", moves.proposal_undone, 1),
    Task("move as agreed on the phone", moves.as_agreed, 7, 7, is_guess=True),
    Task("move by dragging", moves.dragged, 5, 4, is_guess=True),
    Task("cancel for the customer", moves.cancelled, 7, 5),
    Task("did not come", moves.missed, 3, 5),
    Task("did come after all", moves.came_after_all, 1, 7, is_guess=True),
    Task("block an hour", bookings.an_hour_is_blocked, 6, 6, is_guess=True),
    Task("free it again", bookings.and_free_again, 2, 3, is_guess=True),
    Task("call: nobody answered", calls.nobody_answered, 3),
    Task("call: reached, chose a time", calls.reached_and_chose, 4),
    Task("call: wants a later call", calls.wants_a_later_call, 4),
    Task("call: the number is wrong", calls.wrong_number, 5),
    Task("call: cancels", calls.cancels_on_the_phone, 3),
    Task("answer a question in writing", calls.answered_in_writing, 5),
    Task("find other times for somebody", calls.other_times, 4),
    Task("take over from a colleague", calls.taken_over, 2),
    Task("hand over with a note", calls.handed_over_with_a_note, 5),
    Task("hand over all that waits", calls.all_of_them_at_once, 4),
    Task("run late, and tell everybody", moves.running_late, 6),
    Task("write down a complaint", moves.a_complaint_on_the_phone, 5),
    Task("put one person together", bookings.one_person_twice, 7),
    Task("look at the week of a colleague", bookings.the_week_of_a_colleague, 3, 3, is_guess=True),
)


@pytest.fixture
def scene(page: Page, stage: Stage) -> Scene:
    page.set_viewport_size({"width": 1280, "height": 1400})
    scene = set_up(stage, Hand(page))
    sign_in(page, stage.site, stage.world.staff, "/board/melati/2026-11-24/")
    return scene


def test_an_hour_at_the_front_desk_costs_fewer_clicks_than_elsewhere(scene: Scene) -> None:
    spent: dict[str, int] = {}
    for task in HOUR:
        before = scene.hand.count
        task.do(scene)
        spent[task.name] = scene.hand.count - before
    assert spent == {task.name: min(spent[task.name], task.most) for task in HOUR}
    both = [(spent[task.name], task.theirs) for task in HOUR if task.theirs is not None]
    assert sum(ours for ours, _theirs in both) < sum(theirs for _ours, theirs in both)
