"""What is known of a text, and how grave each kind of finding is."""

from appointments.domain.recovery.honesty.kinds import LETTER_PARTS, Facts, Gravity, Kind, TextKind, found, missing


def test_a_letter_needs_its_parts_and_a_line_needs_none() -> None:
    assert Facts(language="en").parts == frozenset()
    assert Facts(language="en", text=TextKind.LETTER).parts == LETTER_PARTS
    assert Facts(language="en", text=TextKind.LETTER, needs=frozenset({Kind.WHO})).parts == {Kind.WHO}


def test_what_would_hurt_somebody_is_refused_and_what_may_be_meant_is_warned_about() -> None:
    refused = {Kind.HEALTH, Kind.MONEY, Kind.BLAME, Kind.PLACEHOLDER, Kind.CAUSE}
    assert {kind for kind in Kind if found(kind, "text", 0, 1).gravity == Gravity.REFUSED} == refused
    assert missing(Kind.WHY).gravity == Gravity.WARNED
    assert found(Kind.UNREAD, "", 0, 0).gravity == Gravity.SAID
