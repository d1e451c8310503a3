"""What a browser calls itself, in words that its owner recognises."""

from django.utils.translation import gettext as _

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
"""The first that is named counts: most call themselves by the names of others besides."""
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
           ("Mac OS X", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


def in_words(calls_itself: str) -> str:
    """ "Firefox on Windows"; what is not known is not guessed."""
    browser = next((name for sign, name in BROWSERS if sign in calls_itself), "")
    system = next((name for sign, name in SYSTEMS if sign in calls_itself), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("unknown device")
