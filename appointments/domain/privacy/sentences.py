"""In plain words: what goes of each kind, what stays of it, and how long a number of days is."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appointments.enums import DataKind

GOES = {
    DataKind.MESSAGES: _(
        "The words of every message, with the name and the address it went to. Counted from the day it was written; "
        "what has not left yet, and what is about an open appointment, stays."
    ),
    DataKind.WORDS: _(
        "Answers, remarks, complaints and ratings in the customer’s own words, and what a file of another system said "
        "of them. Counted from the last thing that happened about the appointment."
    ),
    DataKind.NOTES: _(
        "Notes on appointments, calls, promises, complaints and what we gave, personal lines in messages, and titles "
        "of blocked times. Counted from the last thing that happened about the appointment, and for a time that is "
        "blocked again and again from when somebody last changed it."
    ),
    DataKind.CUSTOMERS: _(
        "Name, address, phone, e-mail and everything else that says who somebody was. Counted from their last "
        "appointment; nobody goes for whom something is open, or whose code can still be used."
    ),
    DataKind.MERGES: _("What was known of each of two records before they became one."),
    DataKind.LINKS: _("Keys of links in messages, of which only a fingerprint is kept. Counted from the day they end."),
    DataKind.DRAFTS: _("Files with everything in them. One that is imported goes at once."),
    DataKind.IMPORTS: _("The sentences about single rows of a file."),
    DataKind.ACCESS: _("Names, addresses and browsers by which somebody signed in, or tried to."),
    DataKind.SESSIONS: _("Which browser somebody was signed in with, and from where. Counted from the day it ends."),
    DataKind.INVITATIONS: _(
        "Name and e-mail of whoever was asked to work here. Counted from the day it was taken up, taken back or "
        "ran out."
    ),
    DataKind.PRACTICE: _("How often a colleague practised, and how it went."),
    DataKind.AUDIT: _("Every change of settings and people, every export, and the book of what was cleared away."),
}
STAYS = {
    DataKind.MESSAGES: _("What kind of message it was, when it left, by which way, and what became of it."),
    DataKind.WORDS: _("That somebody said something, when, the kind of answer, ratings as numbers."),
    DataKind.NOTES: _("That something was noted, when and by whom, hours, outcomes, amounts."),
    DataKind.CUSTOMERS: _("A customer without a name, with times, kinds and outcomes: every report stays as it was."),
    DataKind.MERGES: _("That two records are one person’s, and which."),
    DataKind.LINKS: _("When somebody opened the page of their appointment, and what they answered."),
    DataKind.DRAFTS: _("Nothing."),
    DataKind.IMPORTS: _("The name of the file, and how many rows were new, changed or left out."),
    DataKind.ACCESS: _("When each colleague was last here."),
    DataKind.SESSIONS: _("Nothing."),
    DataKind.INVITATIONS: _("The colleague they became; who invited whom stands under “Who changed what”."),
    DataKind.PRACTICE: _("Nothing."),
    DataKind.AUDIT: _("The settings as they are."),
}
WHY_SO_LONG = {
    DataKind.MESSAGES: _("Shorter would take away what a customer may still ask about."),
    DataKind.WORDS: _("Shorter would take away what a complaint is answered from."),
    DataKind.NOTES: _("Shorter would take away what a complaint is answered from."),
    DataKind.CUSTOMERS: _("Many come once a year."),
    DataKind.MERGES: _("For a day it can be undone, and a week later somebody may still ask."),
    DataKind.LINKS: _("Who opens an old message reads how things stand, and not that the page is gone."),
    DataKind.ACCESS: _("So long a colleague is known at an address where others guess at passwords."),
    DataKind.AUDIT: _("The database itself lets nothing go that is younger than a year."),
}
"""Why the shortest choice is not shorter, where somebody may ask."""


def span(days: int) -> str:
    """As people say it: "2 years", "6 months", "14 days"."""
    if days % 365 == 0:
        return ngettext("%(n)d year", "%(n)d years", days // 365) % {"n": days // 365}
    if days in (90, 180):
        return ngettext("%(n)d month", "%(n)d months", days // 30) % {"n": days // 30}
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
