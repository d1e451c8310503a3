"""What is fine for trying out and dangerous with customers: found before the first request, all of it at once.

`refuse_unsafe()` stands in the doors of the web server and the worker. The same findings are listed by
`manage.py check --deploy`; other commands run in any case, since some of them are needed to put things right.
Imported before the apps are loaded, so nothing here imports a model at once.
"""

import ipaddress
import logging
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from appointments.demo.logins import SAMPLE_PASSWORDS

log = logging.getLogger(__name__)

SHORTEST_KEY = 50
FEWEST_DIFFERENT = 5
"""Django's own measures of a good key."""
LOCAL_NAMES = (".local", ".localhost", ".internal", ".lan")


def is_local(host: str) -> bool:
    """Whether only this machine or its own network knows `host`."""
    if "." not in host and ":" not in host:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.endswith(LOCAL_NAMES)
    return address.is_private


def in_production() -> bool:
    """Not embedded, or embedded and yet under an address that the world can reach; the demo is never production.

    DEBUG makes an installation embedded unless it is told otherwise, so the address has to count as well.
    """
    if not settings.EMBEDDED:
        return True
    return not settings.DEMO and not is_local(urlsplit(settings.PUBLIC_URL).hostname or "localhost")


def unsafe_settings() -> Iterator[CheckMessage]:
    """What must not be so in production, each with what to do. Errors stop the start, warnings are only said."""
    if settings.DEBUG:
        yield Error(
            _("DEBUG is on: error pages would show settings and customers."),
            hint=_("Set DEBUG=false."),
            id="reschedule.E001",
        )
    if settings.DEMO:
        yield Error(
            _("DEMO is on: everybody could read all mail in the demo mailbox."),
            hint=_("Set DEMO=false."),
            id="reschedule.E002",
        )
    if _is_weak(settings.SECRET_KEY):
        yield Error(
            _("SECRET_KEY is the sample, or too short."),
            hint=_("Set SECRET_KEY to at least %(count)d random characters.") % {"count": SHORTEST_KEY},
            id="reschedule.E003",
        )
    yield from _unsafe_addresses()
    if not (settings.EMAIL_URL or settings.EMAIL_PROVIDER):
        yield Error(
            _("No mail server is set: messages would stay in a folder."),
            hint=_("Set EMAIL_URL=smtp+tls://user:password@host:587, or EMAIL_PROVIDER."),
            id="reschedule.E006",
        )
    if connection.vendor == "sqlite":
        yield Warning(
            _("SQLite serves one small business on one machine; more needs PostgreSQL."),
            hint=_("Set DATABASE_URL=postgres://user:password@host/name."),
            id="reschedule.W002",
        )


def _is_weak(key: str) -> bool:
    return key == settings.SAMPLE_SECRET_KEY or len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_DIFFERENT


def _unsafe_addresses() -> Iterator[CheckMessage]:
    url, hosts = urlsplit(settings.PUBLIC_URL), settings.ALLOWED_HOSTS
    if url.scheme != "https" or is_local(url.hostname or "localhost"):
        yield Error(
            _("PUBLIC_URL must be the https address under which customers open their links."),
            hint=_("Set PUBLIC_URL=https://your.domain."),
            id="reschedule.E004",
        )
    if "*" in hosts or all(is_local(host.strip("[]").lstrip(".")) for host in hosts):
        yield Error(
            _("ALLOWED_HOSTS does not name your own hosts."),
            hint=_("Set ALLOWED_HOSTS=your.domain."),
            id="reschedule.E005",
        )


def sample_logins() -> Iterator[CheckMessage]:
    """Logins of the demo that still open the door. Finds nothing when the database cannot be asked, and says so."""
    from django.contrib.auth.models import User

    try:
        users = list(User.objects.filter(username__in=SAMPLE_PASSWORDS, is_active=True).order_by("username"))
    except DatabaseError as error:
        log.warning("The logins could not be checked: %s", error)
        return
    for user in users:
        if user.check_password(SAMPLE_PASSWORDS[user.username]):
            yield Error(
                _("The login “%(name)s” still has the password of the demo.") % {"name": user.username},
                hint=_("Run: manage.py changepassword %(name)s") % {"name": user.username},
                id="reschedule.E007",
            )


def problems() -> list[CheckMessage]:
    """Everything found; nothing outside production."""
    return [*unsafe_settings(), *sample_logins()] if in_production() else []


@register(Tags.security, deploy=True)
def check_safety(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    return problems()


def refuse_unsafe() -> None:
    """Raises ImproperlyConfigured with all errors in one message; warnings go to the log."""
    found = problems()
    for message in found:
        if not message.is_serious():
            log.warning("%s %s", message.msg, message.hint)
    errors = [message for message in found if message.is_serious()]
    if errors:
        listed = "\n".join(f"  {number}. {error.msg} {error.hint}" for number, error in enumerate(errors, start=1))
        raise ImproperlyConfigured(_("This would not be safe with customers, so it does not start:") + f"\n{listed}")
