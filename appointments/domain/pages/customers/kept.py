"""What is kept of somebody, as a page reads it out: the rows of an export with the names that fields have elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, Field, Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments.domain.messages import of_person
from appointments.domain.privacy.handing_over import Plain, export
from appointments.models import Customer, Location

HIDDEN = ("uid", "about")
"""For programs, which read the file."""
OWN = {"pk": _lazy("Number"), "since": _lazy("Since")}
"""What no column is called."""


@dataclass(frozen=True)
class Section:
    """One sort of what is kept; each row is what it says, with its name."""

    code: str
    title: str
    rows: list[list[tuple[str, str]]]


def kept(customer: Customer) -> list[Section]:
    """What there is something of, with hours by the clock of where they were last. As many queries for many rows."""
    place = _place(customer)
    return [
        Section(code, _title(code), [list(_facts(_model(code), row, place)) for row in rows])
        for code, rows in export(customer).items()
        if rows
    ]


def _place(customer: Customer) -> Location | None:
    """Where they were last."""
    last = customer.appointments.select_related("location").order_by("-starts_at").first()
    return last.location if last else None


def _title(code: str) -> str:
    if code == "records":
        return _("Who they are")
    return capfirst(str(_model(code)._meta.verbose_name_plural))


def _model(code: str) -> type[Model]:
    own: dict[str, type[Model]] = {"records": Customer, "messages": of_person.MODEL}
    return own.get(code) or apps.get_model("appointments", code)


def _facts(model: type[Model], row: Plain, place: Location | None) -> Iterator[tuple[str, str]]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    fields |= {field.name: field for field in model._meta.concrete_fields}
    for name, value in row.items():
        if name not in HIDDEN and value not in ("", None, [], {}):
            yield _label(name, fields.get(name)), _in_words(value, fields.get(name), place)


def _label(name: str, field: "Field[Any, Any] | None") -> str:
    if name in OWN:
        return str(OWN[name])
    return capfirst(str(field.verbose_name if field else of_person.LABELS[name]))


def _in_words(value: Any, field: "Field[Any, Any] | None", place: Location | None) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {one}" for name, one in value.items() if one not in ("", None, [], {}, False))
    if isinstance(field, DateTimeField) or (field is None and _is_a_moment(value)):
        moment = datetime.fromisoformat(value)
        return place.said_in_full(moment) if place else date_format(localtime(moment), "DATETIME_FORMAT")
    if _is_a_day(value):
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    choices = dict(field.flatchoices) if field is not None else {}
    return str(choices.get(value, value))


def _is_a_moment(value: Any) -> bool:
    return isinstance(value, str) and len(value) > 18 and value[4] == value[7] == "-" and value[10] == "T"


def _is_a_day(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-" and value[:4].isdigit()
