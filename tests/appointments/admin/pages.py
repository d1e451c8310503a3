"""Reading the managers' pages as a person does: rows, cells, forms."""

from html.parser import HTMLParser
from typing import Any

from django.urls import reverse


class _Form(HTMLParser):
    """Collects what a browser would send of the form with an id, untouched."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.values: dict[str, list[str]] = {}
        self.select = self.text = ""
        self.chosen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self.select, self.chosen = name, []
        elif tag == "option" and "selected" in given:
            self.chosen.append(given.get("value", ""))
        elif tag == "textarea":
            self.text = name
            self.values.setdefault(name, []).append("")

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button") or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        self.values.setdefault(name, []).append(given.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        if self.text:
            self.values[self.text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = ""
        elif tag == "select" and self.select:
            self.values[self.select] = self.chosen
            self.select = ""
        elif tag == "form":
            self.inside = False


def form_values(response: Any, form_id: str) -> dict[str, Any]:
    """What the form holds; change it and post it back. `__prefix__` rows of inlines are left out."""
    form = _Form(form_id)
    form.feed(response.content.decode())
    return {
        name: values if len(values) != 1 else values[0]
        for name, values in form.values.items()
        if "__prefix__" not in name and values
    }


def page(model: str, view: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:appointments_{model}_{view}", args=args)


def rows_of(response: Any) -> list[Any]:
    """The objects of all pages of a list."""
    return list(response.context["cl"].queryset)
