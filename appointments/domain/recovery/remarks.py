"""What the check found, as it is said to whoever wrote the text: why it is no good, and what would be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.domain.recovery.honesty import SOUNDS, Finding, Kind
from notifications.text import languages

WHY: Mapping[Kind, Any] = {
    Kind.WHY: gettext_lazy("It does not say why. Say the reason in half a sentence."),
    Kind.CHOICES: gettext_lazy("It gives no choice. Say what the customer can choose from."),
    Kind.UNTIL: gettext_lazy("It does not say until when. Name the day and the hour."),
    Kind.WHO: gettext_lazy("It names nobody. Say whom the customer can turn to."),
    Kind.GREETING: gettext_lazy("The greeting is missing. Begin with the customer’s name."),
    Kind.SIGNATURE: gettext_lazy("Nobody has signed it. End with your name."),
    Kind.CERTAINTY: gettext_lazy("“%(words)s” promises more than anybody can know. Say what you will do instead."),
    Kind.BLAME: gettext_lazy("“%(words)s” blames somebody. Say what happened, and what happens now."),
    Kind.HEALTH: gettext_lazy("“%(words)s” speaks of a colleague’s health. Say only that they are not available."),
    Kind.PRIVATE: gettext_lazy("“%(words)s” gives a detail of a private reason. Say only that they are not available."),
    Kind.PLACEHOLDER: gettext_lazy("“%(words)s” looks like a placeholder. Please write it out."),
    Kind.SHOUTING: gettext_lazy("“%(words)s” reads as if you were shouting. Small letters and one mark are enough."),
    Kind.MONEY: gettext_lazy("“%(words)s” promises something of value that nobody has granted. Leave it out."),
    Kind.STALE: gettext_lazy("“%(words)s” is another day when it is read later. Write the date beside it."),
    Kind.UNREAD: gettext_lazy("Words in %(language)s can be checked for gaps, capitals and amounts only."),
}
"""By kind; those that are not here depend on more than the kind."""
CAUSES: Mapping[str, Any] = {
    "wish": gettext_lazy("“%(words)s” says that the customer asked for it, and the reason says otherwise."),
    "ours": gettext_lazy("“%(words)s” says that it is our fault, and the reason says otherwise."),
    "beyond": gettext_lazy("“%(words)s” says that it is not in our hands, and the reason says otherwise."),
    "person": gettext_lazy("“%(words)s” says that somebody is missing, and the reason says otherwise."),
    "equipment": gettext_lazy("“%(words)s” speaks of equipment, and the reason says otherwise."),
    "outside": gettext_lazy("“%(words)s” speaks of what happened outside, and the reason says otherwise."),
}

SOUNDING: Mapping[Kind, Any] = {
    Kind.CERTAINTY: gettext_lazy(
        "Read “%(words)s” again: it sounds like more than anybody can know. Say what you will do instead."
    ),
    Kind.BLAME: gettext_lazy(
        "Read “%(words)s” again: it sounds as if somebody were blamed. Say what happened, and what happens now."
    ),
    Kind.HEALTH: gettext_lazy(
        "Read “%(words)s” again: it sounds like a colleague’s health. Say only that they are not available."
    ),
    Kind.MONEY: gettext_lazy(
        "Read “%(words)s” again: it sounds like a gift or money that nobody has granted. Leave such a thing out."
    ),
}
"""Of what no rule has found, and may be meant otherwise."""


def said(finding: Finding, *, reads: str = "") -> str:
    """Why, and what to do, in the language in force. `reads`: the language of whom the text is for."""
    values = {"words": finding.words, "language": languages.name(finding.about) if finding.about != SOUNDS else ""}
    if finding.kind == Kind.CAUSE:
        return f"{CAUSES[finding.about] % values} {_('Choose the true reason, or other words.')}"
    if finding.kind == Kind.LANGUAGE:
        values["reads"] = languages.name(reads)
        return _("“%(words)s” is %(language)s, and the customer reads %(reads)s. Write it in that language.") % values
    why = SOUNDING if finding.about == SOUNDS else WHY
    return str(why[finding.kind] % values)
