"""What is wrong or missing in the languages of this installation, said before anybody is written to."""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.utils.translation import gettext as _

from notifications.text import languages
from notifications.text.habits import BadHabits, habits


@register(Tags.translation)
def check_languages(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Habits that cannot be used are an error; what is said in the site's own language instead is a warning."""
    return [message for code in languages.codes() for message in _troubles(code)]


def _troubles(code: str) -> Iterator[CheckMessage]:
    try:
        found = habits(code)
    except BadHabits as error:
        yield Error(str(error), hint=_("Compare it with locale/en/habits.toml."), id="notifications.E001")
        return
    if found.code not in (code, code.split("-", maxsplit=1)[0]):
        yield Warning(
            _("The language “%(code)s” has no habits of its own: its dates and hours are written as in “%(other)s”.")
            % {"code": code, "other": found.code},
            hint=_("See docs/languages.md."),
            id="notifications.W001",
        )
    if missing := sorted(languages.kinds(languages.own()) - languages.kinds(code)):
        yield Warning(
            _("The language “%(code)s” has no texts for %(kinds)s: they are written in “%(other)s”.")
            % {"code": code, "kinds": ", ".join(missing), "other": languages.own()},
            hint=_("See docs/languages.md."),
            id="notifications.W002",
        )
