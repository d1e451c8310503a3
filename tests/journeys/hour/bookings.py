"""New appointments, and what is corrected of those that there are."""

from datetime import timedelta

from playwright.sync_api import expect

from appointments.enums import AppointmentState
from appointments.models import Appointment, Customer, Resource
from tests.clock import at
from tests.journeys.hour.scene import TODAY, TOMORROW, Scene


def a_known_caller(scene: Scene) -> None:
    hand = scene.hand
    hand.press("n")
    hand.fill("Name, phone or e-mail", "angg")
    hand.tick("Dewi Anggraini")
    hand.choose("What*", str(scene.stage.world.service))
    hand.click(scene.main.locator("[name=slot]").first)
    hand.button("Book it")
    scene.said("Booked. A confirmation to Dewi Anggraini leaves in a moment.")
    assert scene.of("Dewi Anggraini").state == AppointmentState.BOOKED


def taken_back(scene: Scene) -> None:
    scene.hand.button("Undo this booking")
    scene.said("Undone: the time is free again, and nobody was told.")
    assert scene.of("Dewi Anggraini").state == AppointmentState.CANCELLED


def a_new_caller(scene: Scene) -> None:
    hand = scene.hand
    hand.press("n")
    hand.fill("Name, phone or e-mail", "Surya Paloh")
    hand.tick("Somebody new")
    hand.fill("Phone", "+62 812 5550 109")
    hand.choose("What*", str(scene.stage.world.service))
    hand.click(scene.main.locator("[name=slot]").first)
    hand.button("Book it")
    scene.said("Surya Paloh")
    booked = scene.of("Surya Paloh")
    assert (booked.state, str(booked.customer.phone)) == (AppointmentState.BOOKED, "+628125550109")


def from_the_free_place(scene: Scene) -> None:
    hand, colleague = scene.hand, scene.stage.world.colleague
    hand.today()
    hand.free_place(colleague, "15:00")
    hand.fill("Name, phone or e-mail", "angg")
    hand.tick("Dewi Anggraini")
    hand.choose("What*", str(scene.stage.world.service))
    expect(scene.main.get_by_role("radio", name="15:00")).to_be_checked()
    hand.button("Book it")
    scene.said("Booked.")
    booked = scene.of("Dewi Anggraini")
    assert (booked.starts_at, booked.provider) == (at(f"{TODAY} 15:00"), colleague)


def longer(scene: Scene) -> None:
    """Begins where a booking has just ended: its details are open beside the board."""
    hand = scene.hand
    hand.link("Change note or length…")
    hand.fill("How long it takes (minutes)*", "45")
    hand.button("Save the correction")
    scene.said("Kept.")
    assert scene.of("Dewi Anggraini").duration == timedelta(minutes=45)


def in_six_weeks(scene: Scene) -> None:
    hand, was = scene.hand, scene.of("Dewi Anggraini")
    hand.link("The same again…")
    hand.fill("Every how many weeks*", "6")
    hand.page.keyboard.press("Tab")
    expect(scene.main.get_by_role("checkbox", name="Mon 4 Jan")).to_be_checked()
    hand.button("Book the ticked times")
    scene.said("Booked 1 time more.")
    assert scene.of("Dewi Anggraini").starts_at == was.starts_at + timedelta(weeks=6)


def the_number_is_wrong(scene: Scene) -> None:
    hand = scene.hand
    hand.tomorrow()
    hand.block("Ben Situmorang")
    hand.link("Correct phone or address…")
    hand.fill("Phone", "+62 812 5550 888")
    hand.button("Save the correction")
    expect(scene.main.get_by_role("heading", level=1)).to_have_text("Ben Situmorang")
    assert str(Customer.objects.get(name="Ben Situmorang").phone) == "+628125550888"


def by_name(scene: Scene) -> None:
    scene.hand.find("lestari", "Cici Lestari")
    expect(scene.main.get_by_role("heading", level=1)).to_have_text("Cici Lestari")


def by_number(scene: Scene) -> None:
    scene.hand.find(str(scene.of("Endah Wati").pk), "Endah Wati")
    expect(scene.main.get_by_role("heading", level=1)).to_have_text("Endah Wati")


def one_person_twice(scene: Scene) -> None:
    hand = scene.hand
    hand.find("kartini", "Kartini Putri")
    hand.link("This is the same person as …")
    hand.click(scene.main.locator(".list a").first)
    hand.button("Put them together")
    expect(scene.main.get_by_role("heading", level=1)).to_have_text("Kartini Putri")
    assert Customer.objects.standing().filter(name="Kartini Putri").count() == 1


def an_hour_is_blocked(scene: Scene) -> None:
    hand, room = scene.hand, scene.stage.world.room
    hand.tomorrow()
    hand.free_place(room, "16:00")
    hand.link("Block this time instead …")
    hand.fill("Title*", "Stocktaking")
    hand.button("Block this time")
    scene.said("Blocked. No time in it is offered to customers.")
    assert Resource.objects.get(pk=room.pk).absences.filter(starts_at=at(f"{TOMORROW} 16:00")).count() == 1


def and_free_again(scene: Scene) -> None:
    hand, room = scene.hand, scene.stage.world.room
    hand.click(hand.column(room).locator(".private"))
    hand.button("Take it away")
    expect(hand.page.get_by_role("link", name="Block it again")).to_be_visible()
    assert not room.absences.exists()


def the_week_of_a_colleague(scene: Scene) -> None:
    hand = scene.hand
    hand.today()
    hand.link("Week")
    hand.link("Dr. Ratna")
    expect(scene.main.get_by_role("heading", level=1)).to_have_text("Dr. Ratna")
    assert Appointment.objects.filter(provider=scene.stage.world.provider).exists()
