"""Puts our pages for managers in the place of Django's own administration."""

from django.contrib.admin.apps import AdminConfig


class ManagersAdminConfig(AdminConfig):
    """Django's admin app, opened by `appointments.adminsite.ManagersSite`."""

    default_site = "appointments.adminsite.ManagersSite"
