"""manage.py owner_code: the code with which the first visitor makes the owner's account, where nobody has one."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from appointments.domain.setup import owner


class Command(BaseCommand):
    help = "Prints a new code for the owner’s account; nothing where somebody has an account already."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if code := owner.new_code(now=timezone.now()):
            self.stdout.write(code)
