"""What is fine for trying out and dangerous with customers: found before the first request, all of it at once.

`refuse_unsafe()` stands in the doors of the web server and the worker. The same findings are listed by
`manage.py check --deploy`; other commands run in any case, since some of them are needed to put things right.
Imported before the apps are loaded, so nothing here imports a model at once.
"""

import logging
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from appointments.demo.logins import SAMPLE_PASSWORDS
from reschedule.hosts import is_local, is_this_machine

log = logging.getLogger(__name__)

SHORTEST_KEY = 50
FEWEST_DIFFERENT = 5
"""Django's own measures of a good key."""


def in_production() -> bool:
    """Whether customers may be behind it: judged by address, mail and database, never by DEMO.

    DEBUG and DEMO make an installation embedded unless it is told otherwise, so that alone says nothing. What only this
    machine can open is somebody's workbench, whatever it is connected to, as long as it does not call itself a demo.
    """
    hosts = [_host(), *(name.lstrip(".").strip("[]") for name in settings.ALLOWED_HOSTS)]
    if not settings.EMBEDDED or not all(is_local(name) for name in hosts):
        return True
    if all(is_this_machine(name) for name in hosts) and not settings.DEMO:
        return False
    return bool(settings.EMAIL_URL or settings.EMAIL_PROVIDER) or _holds_real_data()


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def _holds_real_data() -> bool:
    """PostgreSQL is set up for a purpose; a SQLite file counts once it holds somebody else than the sample business."""
    from appointments.demo import build

    if connection.vendor != "sqlite":
        return True
    try:
        return not build.is_the_sample()
    except DatabaseError as error:
        log.warning("What is in the database could not be found out: %s", error)
        return False


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
    if not settings.SECOND_STEP_REQUIRED:
        yield Warning(
            _("Managers sign in by a password alone: whoever learns one opens everything."),
            hint=_("Set SECOND_STEP_REQUIRED=true, or leave it out."),
            id="reschedule.W004",
        )


def _is_weak(key: str) -> bool:
    return key == settings.SAMPLE_SECRET_KEY or len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_DIFFERENT


def _unsafe_addresses() -> Iterator[CheckMessage]:
    host, hosts = _host(), [name.lstrip(".").strip("[]") for name in settings.ALLOWED_HOSTS]
    private = settings.PRIVATE_NETWORK and is_local(host)
    if private and is_this_machine(host):
        yield Error(
            _("PUBLIC_URL must be an address that other machines of your network can open."),
            hint=_("Set PUBLIC_URL=http://the.name.or.address.of.this.machine."),
            id="reschedule.E004",
        )
    elif not private and (not settings.PUBLIC_URL.startswith("https://") or is_local(host)):
        yield Error(
            _("PUBLIC_URL must be the https address under which customers open their links."),
            hint=_("Set PUBLIC_URL=https://your.domain, or PRIVATE_NETWORK=true if only your own network may open it."),
            id="reschedule.E004",
        )
    of_nobody = is_this_machine if private else is_local
    if "*" in hosts or all(of_nobody(name) for name in hosts):
        yield Error(
            _("ALLOWED_HOSTS does not name your own hosts."),
            hint=_("Set ALLOWED_HOSTS=%(host)s.") % {"host": host if private else "your.domain"},
            id="reschedule.E005",
        )
    if private:
        yield Warning(
            _("Only your own network can open it: links in messages work nowhere else."),
            hint=_("With a domain and https, set PUBLIC_URL and PRIVATE_NETWORK=false."),
            id="reschedule.W003",
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
