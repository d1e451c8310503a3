"""Somebody calls about a time that is booked: another one, none at all, or they did not come."""

from playwright.sync_api import expect

from appointments.enums import AppointmentState, CaseStage, RequestState
from appointments.models import RecoveryCase, RescheduleRequest
from tests.clock import at
from tests.journeys.hour.scene import TOMORROW, Scene


def proposed(scene: Scene) -> None:
    hand = scene.hand
    hand.find(str(scene.of("Endah Wati").pk), "Endah Wati")
    hand.link("Propose new times")
    hand.choose("Why does it have to move?*", "Colleague is ill")
    hand.button("Look at the message")
    hand.button("Send the offer")
    expect(scene.main).to_contain_text("Until then nobody is told anything.")
    assert scene.of("Endah Wati").requests.get().state == RequestState.OPEN


def proposal_undone(scene: Scene) -> None:
    scene.hand.click(scene.main.get_by_role("button", name="Undo", exact=True))
    expect(scene.main.get_by_label("Why does it have to move?")).to_have_value(str(scene.stage.world.reason.pk))
    assert not RescheduleRequest.objects.live().filter(appointment=scene.of("Endah Wati")).exists()


def as_agreed(scene: Scene) -> None:
    hand = scene.hand
    hand.tomorrow()
    hand.block("Cici Lestari")
    hand.link("Move as agreed")
    hand.choose("Why does it move?*", "Colleague is ill")
    hand.click(scene.main.locator("[name=slot]").first)
    hand.button("Move and confirm")
    scene.said("Moved as agreed. A confirmation is on its way.")
    assert scene.of("Cici Lestari").starts_at != at(f"{TOMORROW} 09:00")


def dragged(scene: Scene) -> None:
    hand, colleague = scene.hand, scene.stage.world.colleague
    hand.tomorrow()
    hand.drag("Fitri Handayani", to=colleague, hour="13:15")
    hand.choose("Why does it move?*", "Colleague is ill")
    hand.button("Move and confirm")
    scene.said("Moved as agreed.")
    moved = scene.of("Fitri Handayani")
    assert (moved.starts_at, moved.provider) == (at(f"{TOMORROW} 13:15"), colleague)


def cancelled(scene: Scene) -> None:
    hand = scene.hand
    hand.tomorrow()
    hand.block("Gilang Ramadhan")
    hand.link("Cancel without a new time…")
    hand.tick("The customer asked for it")
    hand.button("Look at the message")
    hand.button("Cancel and tell the customer")
    scene.said("Cancelled. A message to Gilang Ramadhan is on its way.")
    assert scene.of("Gilang Ramadhan").state == AppointmentState.CANCELLED


def missed(scene: Scene) -> None:
    hand = scene.hand
    hand.today()
    hand.block("Agus Salim")
    hand.button("The customer did not come")
    scene.said("Noted: the customer did not come.")
    assert scene.of("Agus Salim").state == AppointmentState.MISSED


def came_after_all(scene: Scene) -> None:
    scene.hand.button("The customer did come")
    scene.said("Noted: the customer came after all.")
    assert scene.of("Agus Salim").state != AppointmentState.MISSED


def running_late(scene: Scene) -> None:
    hand = scene.hand
    hand.today()
    hand.link("Running late …")
    hand.tick("Dr. Ratna")
    hand.choose("Why?", "Colleague is ill")
    hand.button("See who begins when")
    hand.button("Tell")
    assert RescheduleRequest.objects.live().filter(appointment=scene.of("Bayu Saputra")).exists()


def a_complaint_on_the_phone(scene: Scene) -> None:
    hand = scene.hand
    hand.today()
    hand.block("Bayu Saputra")
    hand.link("Write down a complaint…")
    hand.fill("What the customer said*", "Late for the third time.")
    hand.button("Take it up")
    case = RecoveryCase.objects.get(appointment=scene.of("Bayu Saputra"))
    assert (case.stage, case.owner) == (CaseStage.HEAR, scene.stage.world.staff)
