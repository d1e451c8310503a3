"""manage.py reset_second_step: for the last manager, who has lost phone and codes and whom no colleague can help."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.domain.second_step import removing
from appointments.errors import DomainError


class Command(BaseCommand):
    help = "Takes the second step of one colleague away; they are signed out, told by e-mail, and it is written down."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the name to sign in with")
        parser.add_argument("--why", required=True, help="stands beside it under “Who changed what”")

    def handle(self, *args: Any, username: str, why: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(_("Nobody signs in as %(name)s.") % {"name": username})
        if not why.strip():
            raise CommandError(_("Say why: it stands beside it."))
        try:
            removing.reset_on_the_machine(user, why=why.strip()[:200], now=timezone.now())
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(_("%(name)s signs in with the password alone now.") % {"name": username})
