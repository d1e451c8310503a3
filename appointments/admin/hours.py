"""Weekly hours and breaks inside the pages of locations and resources, and the clock by which they are written."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import NATIVE, named
from appointments.models import Break, WeeklyHours


class WeeklyInline(admin.TabularInline):
    formfield_overrides = NATIVE
    fields = ("weekday", "opens_at", "closes_at", "valid_from", "valid_until")
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


def on_the_clock_of(
    zone: ZoneInfo, view: Callable[..., HttpResponse], request: HttpRequest, *args: Any
) -> HttpResponse:
    """The answer of `view`, in which times are read and written as the wall in `zone` shows them."""
    with timezone.override(zone):
        response = view(request, *args)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        return response
