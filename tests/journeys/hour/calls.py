"""The queue: who is phoned and how it ends, who is answered, who takes it over."""

from django.utils import timezone
from playwright.sync_api import expect

from appointments.enums import AppointmentState, CallOutcome, PromiseKind, RequestState
from appointments.models import CallAttempt, Customer, Promise
from tests.journeys.hour.scene import Scene


def nobody_answered(scene: Scene) -> None:
    hand, owed = scene.hand, scene.owed("Hadi Susanto")
    hand.press("c")
    hand.link("Phone now Hadi Susanto")
    hand.button("Nobody answered")
    assert CallAttempt.objects.get(promise=owed).outcome == CallOutcome.NO_ANSWER


def reached_and_chose(scene: Scene) -> None:
    hand = scene.hand
    hand.press("c")
    hand.link("Phone now Indah Permata")
    hand.click(scene.main.get_by_role("radio").first)
    hand.button("Book this time")
    booked = scene.of("Indah Permata")
    assert booked.requests.get().state == RequestState.ACCEPTED


def wants_a_later_call(scene: Scene) -> None:
    hand, asked = scene.hand, scene.owed("Joko Widodo")
    hand.press("c")
    hand.link("Phone now Joko Widodo")
    hand.open("Asked to be called later")
    hand.button("Promise the later call")
    assert CallAttempt.objects.get(promise=asked).outcome == CallOutcome.CALL_LATER
    assert Promise.objects.open().filter(appointment=scene.of("Joko Widodo"), kind=PromiseKind.CALL).count() == 1


def wrong_number(scene: Scene) -> None:
    hand = scene.hand
    hand.press("c")
    hand.link("Phone now Lina Marlina")
    hand.open("Wrong number")
    hand.fill("The right number, if you know it", "+62 812 5550 777")
    hand.click(scene.main.locator("button[value=wrong_number]"))
    assert str(Customer.objects.get(name="Lina Marlina").phone) == "+628125550777"


def cancels_on_the_phone(scene: Scene) -> None:
    hand = scene.hand
    hand.press("c")
    hand.link("Phone now Made Sudira")
    hand.button("Cancels the appointment")
    assert scene.of("Made Sudira").state == AppointmentState.CANCELLED


def answered_in_writing(scene: Scene) -> None:
    hand = scene.hand
    hand.press("c")
    hand.link("Answer Oki Setiawan")
    hand.fill("Your answer", "It is. Show this message at the gate.")
    hand.button("Look at the message")
    hand.button("Send the answer")
    scene.said("The answer is ready to go.")
    owed = Promise.objects.get(appointment=scene.of("Oki Setiawan"), kind=PromiseKind.REPLY)
    assert owed.reply == "It is. Show this message at the gate."


def other_times(scene: Scene) -> None:
    hand = scene.hand
    hand.press("c")
    hand.link("Find times Putu Wirawan")
    hand.button("Look at the message")
    hand.button("Send the offer")
    expect(scene.main).to_contain_text("Until then nobody is told anything.")
    assert scene.of("Putu Wirawan").requests.latest("pk").offers.exists()


def taken_over(scene: Scene) -> None:
    hand = scene.hand
    hand.press("c")
    hand.button("Take over Nina Zulaikha")
    scene.said("Yours now: 1.")
    assert scene.owed("Nina Zulaikha").owner == scene.stage.world.staff


def handed_over_with_a_note(scene: Scene) -> None:
    hand = scene.hand
    hand.press("c")
    hand.link("Hand over … Nina Zulaikha")
    hand.choose("Hand over to*", "Budi Hartono")
    hand.fill("What they should know", "Speaks Javanese")
    hand.click(scene.main.get_by_role("button", name="Hand over", exact=True))
    note = scene.of("Nina Zulaikha").events.latest("pk").note
    assert (scene.owed("Nina Zulaikha").owner, note) == (scene.budi, "now with Budi Hartono\nSpeaks Javanese")


def all_of_them_at_once(scene: Scene) -> None:
    hand = scene.hand
    hand.press("c")
    hand.button("Tick all on this page")
    hand.choose("Hand over to", "Budi Hartono")
    hand.click(scene.main.get_by_role("button", name="Hand over", exact=True))
    scene.said("Handed over:")
    due = Promise.objects.open().filter(due_at__gt=timezone.now(), kind__in=[PromiseKind.CALL, PromiseKind.FIND_TIMES])
    assert set(due.values_list("owner", flat=True)) == {scene.budi.pk}
