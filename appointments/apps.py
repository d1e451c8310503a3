"""Starts the listeners."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = _("Appointments")

    def ready(self) -> None:
        from appointments import receivers, roles  # noqa: F401  connects the receivers
        from appointments.domain.messages import kinds

        kinds.refuse_texts_without_a_row()
        last = apps.get_app_config("notifications")
        post_migrate.connect(roles.apply_after_migrate, sender=last, dispatch_uid="appointments.roles")
