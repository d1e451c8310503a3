"""Weekly hours and breaks inside the pages of locations and resources, and the clock by which they are written."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import NATIVE, HouseAdmin, named
from appointments.models import Break, WeeklyHours


class WeeklyInline(admin.TabularInline):
    formfield_overrides = NATIVE
    fields = ("weekday", "opens_at", "closes_at", "overnight", "valid_from", "valid_until")
    extra = 0

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        return named(super().formfield_for_dbfield(db_field, request, **kwargs))


class HoursInline(WeeklyInline):
    model = WeeklyHours
    verbose_name = _("span of weekly hours")
    verbose_name_plural = _("Weekly hours")


class BreakInline(WeeklyInline):
    model = Break
    verbose_name_plural = _("Breaks")


class OnItsOwnClock(HouseAdmin):
    """Pages of what has hours: times are read and written as the wall of its place shows them."""

    def zone_of(self, found: Any) -> ZoneInfo:
        raise NotImplementedError

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """Hours, closures and absences need the clock of a place, which something new does not have yet."""
        return self.inlines if obj else ()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = self.get_object(request, unquote(object_id)) if object_id else None
        if found is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with timezone.override(self.zone_of(found)):
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            return response
