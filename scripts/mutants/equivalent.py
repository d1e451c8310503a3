"""Changes that change nothing, each with the reason: a module, and the changed line as it then reads."""

_FEBRUARY = (
    "it differs in February only, when no clock changes: else seven years tell a month's fourth weekday from its last"
)
_AT_THE_END = "when the rest ends, the next moment allowed is that moment"
_VTIMEZONE = "appointments.domain.messages.vtimezone"

EQUIVALENT: dict[tuple[str, str], str] = {
    (_VTIMEZONE, "YEARS_OF_A_RULE = 7"): _FEBRUARY,
    (_VTIMEZONE, "YEARS_OF_A_RULE = 9"): _FEBRUARY,
    (_VTIMEZONE, 'return vRecur(FREQ="YEARLY", BYMONTH=first.wall.month, BYDAY=max(places))'): _FEBRUARY,
    (
        "appointments.domain.promises",
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
