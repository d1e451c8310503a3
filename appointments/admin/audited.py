"""Whatever is saved, deleted or taken home in the admin is written down, in the transaction that does it."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from appointments.domain import audit
from appointments.domain.actors import staff
from appointments.enums import AuditAction


def saved(request: HttpRequest, form: Any, formsets: Iterable[Any], *, change: bool) -> None:
    """What was typed in a form and in the rows beneath it; to be called when all of it is stored."""
    _saved_form(request, form, is_new=not change)
    for formset in formsets:
        gone = set(map(id, getattr(formset, "deleted_forms", ())))
        new = set(map(id, formset.new_objects))
        for one in formset.forms:
            if id(one) in gone:
                # By now the row has lost its number: it is known by what it was.
                removed(request, one.instance, before=dict(_values(one, one.fields, is_now=False)), of=form.instance)
            elif one.has_changed():
                _saved_form(request, one, is_new=id(one.instance) in new, of=form.instance)


def removed(request: HttpRequest, row: Model, *, before: dict[str, Any] | None = None, of: Model | None = None) -> None:
    audit.record(
        AuditAction.REMOVED, row, by=_who(request), now=timezone.now(), before=before or {}, name=_name(row, of)
    )


def exported(request: HttpRequest, noun: str, name: str) -> None:
    audit.record(AuditAction.EXPORTED, noun=noun, name=name, by=_who(request), now=timezone.now())


def _saved_form(request: HttpRequest, form: Any, *, is_new: bool, of: Model | None = None) -> None:
    names = [name for name in form.changed_data if name in form.fields and name in form.cleaned_data]
    before, after = dict(_values(form, names, is_now=False)), dict(_values(form, names, is_now=True))
    said: dict[str, Any] = {"by": _who(request), "now": timezone.now(), "name": _name(form.instance, of)}
    if is_new:
        audit.record(AuditAction.ADDED, form.instance, after=after, **said)
    else:
        audit.changed(form.instance, before=before, after=after, **said)


def _values(form: Any, names: Iterable[str], *, is_now: bool) -> Iterator[tuple[str, Any]]:
    for name in names:
        field = form.fields[name]
        value = form.cleaned_data[name] if is_now else form.get_initial_for_field(field, name)
        yield name, value if is_now or not isinstance(field, forms.ModelChoiceField) else _named(field, value)


def _named(field: forms.ModelChoiceField, value: Any) -> Any:
    """What a form knows by its number, as it is called."""
    several = value if isinstance(value, list | tuple) else [] if value in (None, "") else [value]
    keys = [getattr(one, "pk", one) for one in several]
    assert field.queryset is not None  # noqa: S101  tells the type checker
    rows = field.queryset.model._default_manager.filter(**{f"{field.to_field_name or 'pk'}__in": keys})
    found = [audit.called(one) for one in rows]
    return found if isinstance(field, forms.ModelMultipleChoiceField) else "".join(found)


def _name(row: Model, of: Model | None) -> str:
    """A row beneath another one is named with it."""
    return f"{of}: {row}" if of is not None else str(row)


def _who(request: HttpRequest) -> Any:
    return staff(cast("User", request.user))
