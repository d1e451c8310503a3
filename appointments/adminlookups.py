"""What a managers' list answers: what its filters, its calendar and our own links ask, of what is the reader's.

Django allows every look-up of a list's own fields. A column that is never shown could then be guessed letter by
letter, and a regular expression could keep the database busy for as long as it likes.
"""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.filters import FieldListFilter, RelatedFieldListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation
from django.db import DataError
from django.db.models import Field, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from appointments.domain.colleagues import places_of
from appointments.domain.people import reach
from appointments.models import Location

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


class OnlyWithinReach(admin.ModelAdmin):
    """Comes before every class that is registered with the managers' site: what it lists, finds, counts, exports and
    lets choose from is what `reach` says.
    """

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return reach.of(super().get_queryset(request), reader(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """To whoever works for some places only, a row of another one is a page that does not exist."""
        found = super().get_object(request, object_id, from_field)
        if found is None and places_of(reader(request)) is not None:
            raise Http404
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and reach.may_add(self.model, reader(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_theirs(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_theirs(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Only what they see can be chosen; and what could be for all places is for one of theirs."""
        return self._narrowed(super().formfield_for_foreignkey(db_field, request, **options), request)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return self._narrowed(super().formfield_for_manytomany(db_field, request, **options), request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        not_yours = reach.not_yours(reader(request)) if self.model in reach.OF_THE_BUSINESS else ""
        return super().changelist_view(request, {"not_yours": not_yours} | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, change: bool = False, *more: Any, **options: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None and not reach.may_change(row, reader(request)):
            context["not_yours"] = reach.not_yours(reader(request))
        return super().render_change_form(request, context, add, change, *more, **options)

    def _is_theirs(self, request: HttpRequest, row: Any) -> bool:
        user = reader(request)
        return reach.may_change(row, user) if row is not None else reach.may_ever_change(self.model, user)

    def _narrowed(self, field: Any, request: HttpRequest) -> Any:
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            model = field.queryset.model
            places = places_of(reader(request))
            if places is not None and reach.is_known(model):
                field.queryset = reach.at_places(field.queryset, places)
                if isinstance(field.widget, ForeignKeyRawIdWidget):
                    field.widget = NamedWithinReach(field.widget, among=field.queryset)
                field.required = field.required or model is Location
        return field


class NamedWithinReach(ForeignKeyRawIdWidget):
    """The number of a row, with its name where it is one of `among`. A number in an address is a proposal that the form
    names, and Django looks for it among all rows there are.
    """

    def __init__(self, plain: ForeignKeyRawIdWidget, *, among: QuerySet[Any]) -> None:
        super().__init__(plain.rel, plain.admin_site, attrs=plain.attrs, using=plain.db)
        self.among = among

    def label_and_url_for_value(self, value: Any) -> tuple[str, str]:
        try:
            is_theirs = self.among.filter(pk=value).exists()
        except (TypeError, ValueError, OverflowError):
            is_theirs = False
        return super().label_and_url_for_value(value) if is_theirs else ("", "")


class WithinReachFilter(RelatedFieldListFilter):
    """The choices beside a list: of the places, only those that have something in it."""

    def has_output(self) -> bool:
        """Also with one choice alone where the address asks for another: it is answered, with nothing."""
        return super().has_output() or bool(self.used_parameters)

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        ordering = self.field_admin_ordering(field, request, model_admin)
        user, model = getattr(request, "user", None), field.related_model
        if user is None or places_of(user) is None or not reach.is_known(model):
            return cast("list[Any]", field.get_choices(include_blank=False, ordering=ordering))
        own = {"pk__in": reach.of(model._default_manager.all(), user).values("pk")}
        return cast("list[Any]", field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=own))


def _is_related(field: Field) -> bool:
    return bool(field.remote_field)


FieldListFilter.register(_is_related, WithinReachFilter, take_priority=True)


def reader(request: HttpRequest) -> User:
    """Whom the administration has let in."""
    return cast("User", request.user)
