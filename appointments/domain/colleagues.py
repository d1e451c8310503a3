"""Colleagues: who works at the desk, and how they are named."""

from django.contrib.auth.models import Permission, User
from django.db.models import Q, QuerySet

from appointments.domain.messages.context import name_of

__all__ = ["desk_colleagues", "name_of"]


def desk_colleagues() -> QuerySet[User]:
    """Everybody active who may work at the desk, by role or by right."""
    permission = Permission.objects.filter(codename="work_desk", content_type__app_label="appointments")
    may = Q(groups__permissions__in=permission) | Q(user_permissions__in=permission) | Q(is_superuser=True)
    return User.objects.filter(may, is_active=True).distinct().order_by("first_name", "username")
