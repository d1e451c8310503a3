"""Hours as people write them, in English and Indonesian, with the zone that may stand behind them."""

import re
from dataclasses import dataclass
from datetime import time

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.rows import Message
from appointments.domain.imports.reading.zones import Zone, find_zone

_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d+)?)?|h)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?(?![a-z]))?\s*(?P<part>pagi|siang|sore|malam)?\s*(?P<zone>.*)"
)
_RANGE = re.compile(r"(?<=[\dm.])\s*(?:-|–|—|s/d|sampai|hingga|until|to)\s*(?=\d{1,2}(?:[:.h]\d\d|\s*[ap]m))")

UNREADABLE = _("“{value}” cannot be read as a date and hour, so the row was left out.")


class DateError(ValueError):
    """`sentence` says to the person who imports what is wrong; its {value} is the text itself."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Hours:
    """`until` is the later hour of "09:00–10:00"; `midnight_after` says that the hour was 24:00; `zone_word` is an
    abbreviation that only a place can explain."""

    hour: time
    until: time | None = None
    midnight_after: bool = False
    zone: Zone | None = None
    zone_word: str = ""


def read_hours(words: str, *, spoken: bool) -> Hours:
    """Words in lower case. Raises DateError. `spoken`: a bare number may be an hour, four digits hours and minutes."""
    if len(words) > 100:
        raise DateError(UNREADABLE)
    parts = _RANGE.split(words, maxsplit=1)
    if len(parts) == 2:
        begin, end = read_hours(parts[0], spoken=True), read_hours(parts[1], spoken=True)
        named = end if end.zone or end.zone_word else begin
        return Hours(
            begin.hour,
            until=end.hour,
            midnight_after=begin.midnight_after,
            zone=named.zone,
            zone_word=named.zone_word,
        )
    if spoken and re.fullmatch(r"\d{3,4}", words):
        words = f"{words[:-2]}:{words[-2:]}"
    found = _TIME.fullmatch(words)
    if not found or not (spoken or found["minute"] or found["half"] or found["part"]):
        raise DateError(UNREADABLE)
    hour, minute, second = int(found["hour"]), int(found["minute"] or 0), int(found["second"] or 0)
    hour = _hour_of_day(hour, (found["half"] or "")[:1], found["part"] or "")
    zone, word = _zone_after(found["zone"])
    after = hour == 24 and not (minute or second)
    if not after and (hour > 23 or minute > 59 or second > 59):
        raise DateError(UNREADABLE)
    return Hours(hour=time(0 if after else hour, minute, second), midnight_after=after, zone=zone, zone_word=word)


def _hour_of_day(hour: int, half: str, part: str) -> int:
    if half and hour <= 12:
        return hour % 12 + (12 if half == "p" else 0)
    if part == "pagi":
        return hour % 12 if hour <= 12 else hour
    if part == "malam" and hour == 12:
        return 24
    earliest = {"siang": (1, 5), "sore": (1, 11), "malam": (6, 11)}.get(part)
    return hour + 12 if earliest and earliest[0] <= hour <= earliest[1] else hour


def _zone_after(words: str) -> tuple[Zone | None, str]:
    """The zone behind an hour, or the abbreviation that only a place can explain. Raises DateError."""
    words = re.sub(r"(?<=\S)\s*\([^()]*\)$", "", words).strip(" ()")
    if not words:
        return None, ""
    if found := find_zone(words):
        return found, ""
    if re.fullmatch(r"[a-z]{2,5}", words):
        return None, words.upper()
    raise DateError(UNREADABLE)
