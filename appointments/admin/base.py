"""What the pages of all nouns have in common: nothing is deleted, facts are only read, lists can be taken home."""

import logging
from array import array
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models, transaction
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst

from appointments.admin import audited
from appointments.admin.display import FactsTable
from appointments.exports import FORMATS, Table, download
from appointments.models import Customer
from notifications.text.cleaning import fold, sought

log = logging.getLogger("appointments.exports")

TOGETHER = 1000
"""So many rows of a long list are held at once."""


class ByKeyPaginator(Paginator):
    """Finds the rows of a page by their keys alone and reads only those in full: a far page of a long list costs
    little more than the first one.
    """

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        top = self.count if bottom + self.per_page + self.orphans >= self.count else bottom + self.per_page
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]  # the admin pages nothing but querysets
        keys = list(rows.values_list("pk", flat=True)[bottom:top])
        return Page(rows.filter(pk__in=keys), number, self)


def by_keys(found: QuerySet[Any]) -> Iterator[Any]:
    """The rows of `found` in its order, some at a time: what is kept of all of them is eight bytes each.

    No cursor stays open while somebody's slow line takes the rows: it would hold back the database's own tidying up.
    """
    keys = array("q", found.values_list("pk", flat=True).iterator(chunk_size=TOGETHER))

    def rows() -> Iterator[Any]:
        for start in range(0, len(keys), TOGETHER):
            some = found.order_by().in_bulk(keys[start : start + TOGETHER].tolist())
            yield from (some[key] for key in keys[start : start + TOGETHER] if key in some)

    return rows()


# One column of an exported list: its head, and the cell of a row.
Column = tuple[Any, Callable[[Any], Any]]


# Every browser has its own way to choose a day or an hour, and it works on phones.
NATIVE: dict[Any, dict[str, Any]] = {
    models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
    models.TimeField: {"widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"})},
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    },
}


class FoundByCustomer:
    """Search as at the desk, by parts of a name, the start of an e-mail or digits of a phone; or in `search_fields`.

    The customers are found first, in their own table; a search through a long list does not join it with theirs.
    """

    customer_path = "appointment__customer"
    search_fields: ClassVar[tuple[str, ...]]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = search_term.strip()
        if not words:
            return queryset, False
        found = Q(**{f"{self.customer_path}__in": Customer.objects.matching(words)})
        for field in self.get_search_fields(request):  # type: ignore[attr-defined]  # of the admin it is mixed into
            found |= Q(**{f"{field}__icontains": words})
        return queryset.filter(found), False


class FoundByWords:
    """Search in a short list, which is read whole: as for customers, words in any order, accents and apostrophes aside,
    whatever the database makes of them.
    """

    model: type[models.Model]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = sought(search_term)
        if not search_term.strip():
            return queryset, False
        fields = self.get_search_fields(request)  # type: ignore[attr-defined]  # of the admin it is mixed into
        rows = self.model._default_manager.values_list("pk", *fields)
        texts = {pk: fold(" ".join(map(str, filter(None, said)))) for pk, *said in rows}
        found = [pk for pk, text in texts.items() if words and all(word in text for word in words)]
        return queryset.filter(pk__in=found), False


def number_of(rows: QuerySet[Any], field: str) -> Coalesce:
    """How many of `rows` refer to the outer row by `field`: counted for the rows of a page, not for all of a table."""
    counted = rows.filter(**{field: OuterRef("pk")}).order_by().values(field).annotate(n=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def named(field: forms.Field | None) -> forms.Field | None:
    """The field, whose name is heard where it is only seen once for a whole column."""
    if field is not None and field.label:
        field.widget.attrs.setdefault("aria-label", capfirst(str(field.label)))
    return field


class HouseAdmin(admin.ModelAdmin):
    """Nothing is deleted: what is no longer used is switched off, so that history keeps its names."""

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    empty_value_display = "–"
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides = NATIVE
    export_name: str = ""
    export_columns: ClassVar[tuple[Column, ...]] = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        if not self.export_columns:
            return super().get_urls()
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/<slug:kind>/", view, name=f"{self._noun}_export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"exports": self._export_links(request)} | (extra_context or {}))

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        def callback(field: models.Field, **options: Any) -> forms.Field | None:
            return named(self.formfield_for_dbfield(field, request, **options))

        return super().get_changelist_formset(request, formfield_callback=callback, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        audited.saved(request, form, formsets, change=change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        audited.removed(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            for row in queryset:
                audited.removed(request, row)
            super().delete_queryset(request, queryset)

    def facts(self, request: HttpRequest, obj: Any) -> list[FactsTable]:
        """What happened to `obj`, shown under its form."""
        return []

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["facts"] = self.facts(request, obj) if obj is not None else []
        if obj is not None:
            context["title"] = capfirst(self.opts.verbose_name)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def export_view(self, request: HttpRequest, kind: str) -> StreamingHttpResponse:
        """The list as it is filtered, searched and ordered, all pages of it, as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in FORMATS:
            raise Http404
        found = self.get_changelist_instance(request).queryset
        log.info("%s exported %s as %s", request.user.pk, self._noun, kind)
        audited.exported(request, str(self.opts.model_name), f"{self.export_name}.{kind}")
        return download(
            Table(
                name=f"{self.export_name}-{timezone.localdate():%Y-%m-%d}",
                head=[str(label) for label, __ in self.export_columns],
                rows=self.export_rows(by_keys(found)),
            ),
            kind,
        )

    def export_rows(self, objects: Iterable[Any]) -> Iterable[list[Any]]:
        return ([cell(row) for __, cell in self.export_columns] for row in objects)

    @property
    def _noun(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def _export_links(self, request: HttpRequest) -> list[tuple[str, str]]:
        if not self.export_columns:
            return []
        query = request.GET.copy()
        for name in ("p", "all", "e"):
            query.pop(name, None)
        return [
            (kind.upper(), f"{reverse(f'admin:{self._noun}_export', args=[kind])}?{query.urlencode()}".rstrip("?"))
            for kind in FORMATS
        ]


class FactsAdmin(HouseAdmin):
    """Rows that the rules wrote: to be read, searched and counted, never typed."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def parse_day(text: str | None) -> date | None:
    """A day written as 2026-11-24; None for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
