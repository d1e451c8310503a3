"""Changes that change nothing, each with the reason: a module, and the changed line as it then reads."""

_FEBRUARY = (
    "it differs in February only, when no clock changes: else seven years tell a month's fourth weekday from its last"
)
_AT_THE_END = "when the rest ends, the next moment allowed is that moment"
_VTIMEZONE = "appointments.domain.messages.vtimezone"
_MOVING = "appointments.domain.moving"
_ONLY_A_RACE = "only who is faster in between notices, and the races are tested with processes"
_LOOKED_AT_AGAIN = "it only says what is looked at more closely afterwards"
_OVERLOOKED = "appointments.domain.overlooked"
_ONE_OF_THEM = "where one of these is so, the others are"

EQUIVALENT: dict[tuple[str, str], str] = {
    (_VTIMEZONE, "YEARS_OF_A_RULE = 7"): _FEBRUARY,
    (_VTIMEZONE, "YEARS_OF_A_RULE = 9"): _FEBRUARY,
    (_VTIMEZONE, 'return vRecur(FREQ="YEARLY", BYMONTH=first.wall.month, BYDAY=max(places))'): _FEBRUARY,
    (f"{_MOVING}.answers", "if not status.is_limited and offers.is_first_in_line(offer, now=now):"): _ONLY_A_RACE,
    (
        f"{_MOVING}.answers",
        "if status.is_answered and not round_.is_live or offer.state != OfferState.LIVE:",
    ): _ONE_OF_THEM,
    (
        f"{_MOVING}.answers",
        "if status.is_answered or not round_.is_live and offer.state != OfferState.LIVE:",
    ): _ONE_OF_THEM,
    (
        f"{_MOVING}.answers",
        "if status.is_answered or round_.is_live or offer.state != OfferState.LIVE:",
    ): "it is looked for in vain, and the rest is the same",
    (
        f"{_MOVING}.answers",
        "if status.is_answered or not round_.is_live or offer.state == OfferState.LIVE:",
    ): "it is looked for in vain, and the rest is the same",
    (
        f"{_MOVING}.offers.fresh",
        "Offer.objects.filter(pk__in=[offer.pk for offer in late], ).update(state=OfferState.LAPSED)",
    ): _ONLY_A_RACE,
    (
        f"{_MOVING}.offers.fresh",
        "if promise is None and not left or not told or told & left or not is_waiting(round_, now=now):",
    ): "whoever waits was promised a call",
    (
        f"{_MOVING}.offers.fresh",
        "if promise is None or not left and not told or told & left or not is_waiting(round_, now=now):",
    ): "it is asked where there are fresh times only",
    (f"{_MOVING}.other_times", "ATTEMPTS = 2"): _ONLY_A_RACE,
    (f"{_MOVING}.other_times", "ATTEMPTS = 4"): _ONLY_A_RACE,
    (
        _OVERLOOKED,
        "for closed in SpecialDay.objects.filter(is_open=False, day__gte=now.date() - timedelta(days=2)):",
    ): _LOOKED_AT_AGAIN,
    (_OVERLOOKED, "midnight - timedelta(days=2), midnight + timedelta(days=2)"): _LOOKED_AT_AGAIN,
    (_OVERLOOKED, "midnight - timedelta(days=1), midnight + timedelta(days=3)"): _LOOKED_AT_AGAIN,
    (_OVERLOOKED, 'starts_at__lte=OuterRef("ends_at"),'): _LOOKED_AT_AGAIN,
    (_OVERLOOKED, 'ends_at__gte=OuterRef("starts_at"),'): _LOOKED_AT_AGAIN,
    (
        _OVERLOOKED,
        'return list(rows.filter(~Q(rrule="") | Q(Exists(of_its_own), ends_at__gte=now)))',
    ): _LOOKED_AT_AGAIN,
    (
        "appointments.domain.watchdog",
        "for promise in Promise.objects.alarming(now + before).filter(alarm__lte=alarm).for_display():",
    ): "whoever takes the alarm asks once more",
    ("notifications.policy", "over_midnight = begin >= end"): "a rest without length has been let go before",
    (
        "notifications.policy",
        "at_night = (clock >= begin or clock <= end) if over_midnight else begin <= clock < end",
    ): _AT_THE_END,
    (
        "notifications.policy",
        "at_night = (clock >= begin or clock < end) if over_midnight else begin <= clock <= end",
    ): _AT_THE_END,
}
