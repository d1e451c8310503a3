"""What we give, in words: as the texts and pages get it."""

import re
from datetime import datetime
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import format_currency, get_decimal_symbol
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from djmoney.money import Money

from appointments.enums import GIVEN, Benefit, Fault
from appointments.models import Appointment, Compensation, CompensationRule
from appointments.models.recovery import Gives
from notifications.text import languages

AFTER_CODE = re.compile(r"(?<=[A-Z]{3})(?=\d)")


def money(amount: Money, language: str = "") -> str:
    """An amount as a language writes it, without a fraction of zero: "Rp50.000", "€12.50". A plain space in it, since
    not every way to send a text knows another.
    """
    locale = _locale(language or languages.active())
    said = format_currency(amount.amount, amount.currency.code, locale=locale)
    if amount.amount == amount.amount.to_integral_value():
        whole, mark, rest = said.rpartition(get_decimal_symbol(locale))
        if mark and set(rest[:2]) == {"0"}:
            said = whole + rest.lstrip("0")
    # A code of three letters stands apart from the figure; a sign such as Rp or € does not, where the language says so.
    return AFTER_CODE.sub(" ", str(said.replace("\xa0", " ").strip()))


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language.split("-", maxsplit=1)[0])


def said(gives: Gives, language: str = "") -> str:
    """What it is, as it completes "You receive …", in `language` or in the one in force."""
    language = language or languages.active()
    with translation.override(language):
        if gives.benefit == Benefit.MONEY and gives.amount is not None:
            return _("a discount of %(amount)s on your next bill") % {"amount": money(gives.amount, language)}
        if gives.benefit == Benefit.PERCENT:
            return _("a discount of %(percent)s%% on your next bill") % {"percent": gives.percent}
        return gives.words_in(language).strip().rstrip(".")


def for_whom(rule: CompensationRule, language: str = "") -> str:
    """The case that a row is for, as one line: "our fault · told less than 24 hours before"."""
    language = language or languages.active()
    with translation.override(language):
        said = [_("our doing") if rule.fault == Fault.OURS else _("nobody’s fault")]
        if rule.notice_hours is not None:
            said.append(
                ngettext(
                    "told less than %(hours)s hour before", "told less than %(hours)s hours before", rule.notice_hours
                )
                % {"hours": rule.notice_hours}
            )
        if rule.wait_days is not None:
            said.append(
                ngettext("%(days)s day later or more", "%(days)s days later or more", rule.wait_days)
                % {"days": rule.wait_days}
            )
        if rule.moves > 1:
            said.append(_("from move number %(moves)s within a year") % {"moves": rule.moves})
        if rule.service is not None:
            said.append(rule.service.name_in(language))
    return " · ".join(said)


def shown_to_customer(appointment: Appointment, *, now: datetime) -> list[dict[str, Any]]:
    """What the customer was given about this appointment and has been told of, the newest first, with its code, until
    when it can be used, and whether it was. One query.
    """
    told = Compensation.objects.filter(appointment=appointment, state__in=GIVEN)
    told = told.filter(Q(point__isnull=True) | Q(point__done_at__isnull=False))
    return [
        {"said": said(one), "code": one.code, "valid_until": one.valid_until, "used_at": one.redeemed_at}
        for one in told
        if not one.is_expired(now)
    ]
