"""What the address of a managers' list may ask for: what its filters, its calendar and our own links ask, no more.

Django allows every look-up of a list's own fields. A column that is never shown could then be guessed letter by
letter, and a regular expression could keep the database busy for as long as it likes.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import SuspiciousOperation
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

LONGEST_SEARCH = 200
"""A search for many words asks for each of them; no name is as long as this."""


class NotAsked(SuspiciousOperation):
    """The address asks for something that no page of ours asks."""


class OnlyWhatIsListed(admin.ModelAdmin):
    """Comes before every class that is registered with the managers' site, also those of other apps.

    A class may name `linked_lookups`: what links of ours ask besides its filters.
    """

    _expected: frozenset[str] | None = None

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only by its whole name, and once: asked a thousand times over it would be a query too deep for SQLite."""
        if request is None or len(request.GET.getlist(lookup)) > 1:
            return False
        return lookup in self.askable(request)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """As Django's, but nonsense is refused, and not answered with the whole list."""
        try:
            return super().get_changelist_instance(request)
        except (IncorrectLookupParameters, DataError, OverflowError) as error:
            raise NotAsked("a filter, a day or a page that does not exist") from error

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *more: Any, **options: Any
    ) -> HttpResponse | None:
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        try:
            queryset.filter(pk__in=chosen).exists()
        except (ValueError, OverflowError, DataError) as error:
            raise NotAsked("rows that cannot be") from error
        return super().response_action(request, queryset, *more, **options)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if len(search_term) > LONGEST_SEARCH:
            raise NotAsked("a search that is too long")
        return super().get_search_results(request, queryset, search_term)

    def askable(self, request: HttpRequest) -> frozenset[str]:
        """The parameters of the list's filters, of its calendar and of our links.

        Worked out once: to make a filter reads the database, and which ones there are does not depend on who asks.
        """
        if self._expected is None:
            names = {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day") if self.date_hierarchy}
            for item in self.get_list_filter(request):
                names.update(name for name in _filter(item, request, self).expected_parameters() if name)
            self._expected = frozenset(names.union(getattr(self, "linked_lookups", ())))
        return self._expected


def _filter(item: Any, request: HttpRequest, model_admin: admin.ModelAdmin) -> admin.ListFilter:
    """The filter that an entry of `list_filter` stands for, with nothing chosen."""
    if isinstance(item, type) and issubclass(item, admin.ListFilter):
        return item(request, {}, model_admin.model, model_admin)
    path, make = item if isinstance(item, tuple | list) else (item, admin.FieldListFilter.create)
    field = get_fields_from_path(model_admin.model, path)[-1]
    found: admin.ListFilter = make(field, request, {}, model_admin.model, model_admin, field_path=path)
    return found
