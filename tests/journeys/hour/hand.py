"""The hand of a receptionist: it counts what it does. A click, a key and a field that is filled in cost one each."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from appointments.models import Resource


@dataclass
class Hand:
    page: Page
    count: int = 0

    def press(self, key: str) -> None:
        """A key that leads somewhere: only once the page is there, as a hand waits for the eye."""
        self.page.wait_for_load_state()
        self.page.keyboard.press(key)
        self.count += 1

    def click(self, target: Locator) -> None:
        target.click()
        self.count += 1

    def button(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name))

    def link(self, name: str) -> None:
        self.click(self.page.get_by_role("main").get_by_role("link", name=name).first)

    def open(self, summary: str) -> None:
        self.click(self.page.get_by_role("main").locator("summary", has_text=summary).first)

    def tick(self, name: str) -> None:
        """A box or a dot."""
        target = self.page.get_by_role("main").get_by_label(name)
        target.first.check()
        self.count += 1

    def fill(self, label: str, words: str) -> None:
        self.page.wait_for_load_state()  # a field that asks as it is filled in has its script by then
        self.page.get_by_role("main").get_by_label(label, exact=True).fill(words)
        self.count += 1

    def choose(self, label: str, option: str) -> None:
        self.page.wait_for_load_state()
        self.page.get_by_role("main").get_by_label(label, exact=True).select_option(label=option)
        self.count += 1

    def find(self, words: str, name: str) -> None:
        """By the box that is on every page, without the mouse; what is found alone opens by Enter."""
        self.press("/")
        self.page.keyboard.type(words)
        found = self.page.get_by_role("listbox", name="What was found").get_by_role("option")
        expect(self.page.locator(f'#search-results[data-of="{words}"]')).to_be_visible()
        self.count += 1
        expect(found.first).to_contain_text(name)
        if found.count() > 1:
            self.press("ArrowDown")
        with self.page.expect_navigation():
            self.press("Enter")

    def today(self) -> None:
        self.press("b")
        self.page.wait_for_url("**/2026-11-23/")

    def tomorrow(self) -> None:
        self.today()
        self.press("ArrowRight")
        self.page.wait_for_url("**/2026-11-24/")

    def block(self, name: str) -> None:
        """Opens what is booked beside the board."""
        self.click(self.page.locator(".block.appointment", has_text=name).first)
        self.page.locator("#beside").get_by_role("heading", name=name).wait_for()

    def free_place(self, resource: Resource, hour: str) -> None:
        column = self.column(resource)
        column.locator(".rows").click(position={"x": 20, "y": self._down(column, hour)})
        self.count += 1

    def drag(self, name: str, *, to: Resource, hour: str) -> None:
        """One press, one way, one letting go: counted as one."""
        block = self.page.locator(".block.appointment", has_text=name).first
        block.scroll_into_view_if_needed()
        held = block.bounding_box()
        column = self.column(to)
        rows = column.locator(".rows").bounding_box()
        assert held is not None and rows is not None
        self.page.mouse.move(held["x"] + 30, held["y"] + 2)
        self.page.mouse.down()
        self.page.mouse.move(held["x"] + 40, held["y"] + 12)
        self.page.mouse.move(rows["x"] + 30, rows["y"] + self._down(column, hour) + 3, steps=4)
        self.page.mouse.up()
        self.count += 1

    def column(self, resource: Resource) -> Locator:
        return self.page.locator(f'.column[data-resource="{resource.pk}"]')

    def _down(self, column: Locator, hour: str) -> float:
        hours = (column.get_attribute("data-hours") or "").split()
        box = column.locator(".rows").bounding_box()
        assert box is not None
        whole, minutes = hour.split(":")
        return (hours.index(f"{whole}:00") + int(minutes) / 60 + 0.05) / len(hours) * box["height"]
