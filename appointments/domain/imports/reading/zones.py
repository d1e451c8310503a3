"""Which clock a file means: IANA names, Windows names, offsets, and zones that only the file itself describes."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext_lazy as _
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_PREFIX = re.compile(r"^\((?:utc|gmt)?\s*(?:[+-]?\d{1,2}:?\d{0,2})?\)\s*")
_OFFSET = re.compile(r"^(?:utc|gmt)?\s*([+-])(\d{1,2})(?::?([0-5]\d))?$", re.IGNORECASE)
_OF_INDONESIA = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
_UTC_NAMES = {"z", "utc", "gmt", "coordinated universal time", "tzone://microsoft/utc"}

# What Windows shows people is not what it calls a zone. Keys are its zone names, values the words between "(UTC…)" and
# the end, in lower case, parted by commas; older and newer wordings side by side.
_SHOWN_BY_WINDOWS = {
    "Dateline Standard Time": "international date line west",
    "Aleutian Standard Time": "aleutian islands",
    "Hawaiian Standard Time": "hawaii",
    "Marquesas Standard Time": "marquesas islands",
    "Alaskan Standard Time": "alaska",
    "Pacific Standard Time (Mexico)": "baja california, tijuana",
    "Pacific Standard Time": "pacific time (us & canada), pacific time",
    "US Mountain Standard Time": "arizona",
    "Mountain Standard Time (Mexico)": "chihuahua, mazatlan, la paz",
    "Mountain Standard Time": "mountain time (us & canada), mountain time",
    "Yukon Standard Time": "yukon",
    "Central America Standard Time": "central america",
    "Central Standard Time": "central time (us & canada), central time",
    "Easter Island Standard Time": "easter island",
    "Central Standard Time (Mexico)": "guadalajara, mexico city, monterrey",
    "Canada Central Standard Time": "saskatchewan",
    "SA Pacific Standard Time": "bogota, lima, quito, rio branco",
    "Eastern Standard Time (Mexico)": "chetumal",
    "Eastern Standard Time": "eastern time (us & canada), eastern time",
    "Haiti Standard Time": "haiti",
    "Cuba Standard Time": "havana",
    "US Eastern Standard Time": "indiana (east)",
    "Turks And Caicos Standard Time": "turks and caicos",
    "Paraguay Standard Time": "asuncion",
    "Atlantic Standard Time": "atlantic time (canada), atlantic time",
    "Venezuela Standard Time": "caracas",
    "Central Brazilian Standard Time": "cuiaba",
    "SA Western Standard Time": "georgetown, manaus, san juan",
    "Pacific SA Standard Time": "santiago",
    "Newfoundland Standard Time": "newfoundland",
    "Tocantins Standard Time": "araguaina",
    "E. South America Standard Time": "brasilia",
    "SA Eastern Standard Time": "cayenne, fortaleza",
    "Argentina Standard Time": "city of buenos aires, buenos aires",
    "Greenland Standard Time": "greenland, nuuk",
    "Montevideo Standard Time": "montevideo",
    "Magallanes Standard Time": "punta arenas",
    "Saint Pierre Standard Time": "saint pierre and miquelon",
    "Bahia Standard Time": "salvador",
    "Azores Standard Time": "azores",
    "Cape Verde Standard Time": "cabo verde is., cape verde is.",
    "Morocco Standard Time": "casablanca",
    "GMT Standard Time": "dublin, edinburgh, lisbon, london",
    "Greenwich Standard Time": "monrovia, reykjavik",
    "Sao Tome Standard Time": "sao tome",
    "W. Europe Standard Time": "amsterdam, berlin, bern, rome, stockholm, vienna",
    "Central Europe Standard Time": "belgrade, bratislava, budapest, ljubljana, prague",
    "Romance Standard Time": "brussels, copenhagen, madrid, paris",
    "Central European Standard Time": "sarajevo, skopje, warsaw, zagreb",
    "W. Central Africa Standard Time": "west central africa",
    "Namibia Standard Time": "windhoek",
    "Jordan Standard Time": "amman",
    "GTB Standard Time": "athens, bucharest",
    "Middle East Standard Time": "beirut",
    "Egypt Standard Time": "cairo",
    "E. Europe Standard Time": "chisinau, e. europe",
    "Syria Standard Time": "damascus",
    "West Bank Standard Time": "gaza, hebron",
    "South Africa Standard Time": "harare, pretoria",
    "FLE Standard Time": "helsinki, kyiv, kiev, riga, sofia, tallinn, vilnius",
    "Israel Standard Time": "jerusalem",
    "South Sudan Standard Time": "juba",
    "Kaliningrad Standard Time": "kaliningrad",
    "Sudan Standard Time": "khartoum",
    "Libya Standard Time": "tripoli",
    "Turkey Standard Time": "istanbul",
    "Arabic Standard Time": "baghdad",
    "Arab Standard Time": "kuwait, riyadh",
    "Belarus Standard Time": "minsk",
    "Russian Standard Time": "moscow, st. petersburg",
    "E. Africa Standard Time": "nairobi",
    "Volgograd Standard Time": "volgograd",
    "Iran Standard Time": "tehran",
    "Arabian Standard Time": "abu dhabi, muscat",
    "Astrakhan Standard Time": "astrakhan, ulyanovsk",
    "Azerbaijan Standard Time": "baku",
    "Russia Time Zone 3": "izhevsk, samara",
    "Mauritius Standard Time": "port louis",
    "Saratov Standard Time": "saratov",
    "Georgian Standard Time": "tbilisi",
    "Caucasus Standard Time": "yerevan",
    "Afghanistan Standard Time": "kabul",
    "West Asia Standard Time": "ashgabat, tashkent",
    "Ekaterinburg Standard Time": "ekaterinburg",
    "Pakistan Standard Time": "islamabad, karachi",
    "Qyzylorda Standard Time": "qyzylorda",
    "Central Asia Standard Time": "astana",
    "India Standard Time": "chennai, kolkata, mumbai, new delhi",
    "Sri Lanka Standard Time": "sri jayawardenepura",
    "Nepal Standard Time": "kathmandu",
    "Bangladesh Standard Time": "dhaka",
    "Omsk Standard Time": "omsk",
    "N. Central Asia Standard Time": "novosibirsk",
    "Myanmar Standard Time": "yangon (rangoon), yangon",
    "SE Asia Standard Time": "bangkok, hanoi, jakarta",
    "Altai Standard Time": "barnaul, gorno-altaysk",
    "W. Mongolia Standard Time": "hovd",
    "North Asia Standard Time": "krasnoyarsk",
    "Tomsk Standard Time": "tomsk",
    "China Standard Time": "beijing, chongqing, hong kong, urumqi",
    "North Asia East Standard Time": "irkutsk",
    "Singapore Standard Time": "kuala lumpur, singapore",
    "W. Australia Standard Time": "perth",
    "Taipei Standard Time": "taipei",
    "Ulaanbaatar Standard Time": "ulaanbaatar",
    "North Korea Standard Time": "pyongyang",
    "Aus Central W. Standard Time": "eucla",
    "Transbaikal Standard Time": "chita",
    "Tokyo Standard Time": "osaka, sapporo, tokyo",
    "Korea Standard Time": "seoul",
    "Yakutsk Standard Time": "yakutsk",
    "Cen. Australia Standard Time": "adelaide",
    "AUS Central Standard Time": "darwin",
    "E. Australia Standard Time": "brisbane",
    "AUS Eastern Standard Time": "canberra, melbourne, sydney",
    "West Pacific Standard Time": "guam, port moresby",
    "Tasmania Standard Time": "hobart",
    "Vladivostok Standard Time": "vladivostok",
    "Lord Howe Standard Time": "lord howe island",
    "Bougainville Standard Time": "bougainville island",
    "Russia Time Zone 10": "chokurdakh",
    "Magadan Standard Time": "magadan",
    "Norfolk Standard Time": "norfolk island",
    "Sakhalin Standard Time": "sakhalin",
    "Central Pacific Standard Time": "solomon is., new caledonia",
    "Russia Time Zone 11": "anadyr, petropavlovsk-kamchatsky",
    "New Zealand Standard Time": "auckland, wellington",
    "Fiji Standard Time": "fiji",
    "Chatham Islands Standard Time": "chatham islands",
    "Tonga Standard Time": "nuku'alofa",
    "Samoa Standard Time": "samoa",
    "Line Islands Standard Time": "kiritimati island",
}


@dataclass(frozen=True, slots=True)
class Zone:
    """A clock and the IANA name to remember it by."""

    clock: tzinfo
    name: str


UTC_ZONE = Zone(UTC, "UTC")


@cache
def _iana_names() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if name not in ("Factory", "localtime")}


@cache
def _windows_names() -> dict[str, str]:
    names = {name.lower(): iana for name, iana in WINDOWS_TO_OLSON.items()}
    for name, shown in _SHOWN_BY_WINDOWS.items():
        for words in shown.split(", "):
            names[words] = WINDOWS_TO_OLSON[name]
    return names


@lru_cache(maxsize=2048)
def find_zone(name: str) -> Zone | None:
    """The zone that a name means, or None.

    Understood are IANA names in any case, the same behind a vendor's path ("/mozilla.org/20050126_1/Europe/Berlin"),
    Windows' names and the longer ones it shows, with or without "(UTC+01:00)", WIB, WITA and WIT, and plain offsets.
    """
    wanted = " ".join(name.replace("\\", "").strip(" \t\"'").lower().split())
    if not wanted or len(wanted) > 200:
        return None
    if wanted in _UTC_NAMES:
        return UTC_ZONE
    iana = _OF_INDONESIA.get(wanted) or _iana_names().get(wanted) or _behind_a_path(wanted) or _shown_name(wanted)
    if iana:
        return UTC_ZONE if iana == "Etc/UTC" else Zone(ZoneInfo(iana), iana)
    return fixed_offset(wanted)


def _behind_a_path(wanted: str) -> str | None:
    parts = wanted.split("/")
    for taken in (3, 2):
        if len(parts) > taken:
            found = _iana_names().get("/".join(parts[-taken:]))
            if found:
                return found
    return None


def _shown_name(wanted: str) -> str | None:
    known = _windows_names()
    words = _PREFIX.sub("", wanted).replace(" and canada", " & canada")
    if words in known:
        return known[words]
    for piece in re.split(r"[,;:]", words):
        if piece.strip() in known:
            return known[piece.strip()]
    return "Europe/London" if words == "greenwich mean time" else None


def fixed_offset(text: str) -> Zone | None:
    """A clock that never changes, as in "UTC+7", "GMT+07:00" or "+0700"; its name is empty when the IANA has none."""
    match = _OFFSET.match(text.strip())
    if not match or int(match[2]) > 14:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if not offset:
        return UTC_ZONE
    east = match[1] == "+"
    etc = "" if offset % timedelta(hours=1) else f"etc/gmt{'-' if east else '+'}{int(match[2])}"
    return Zone(timezone(offset if east else -offset), _iana_names().get(etc, ""))


@dataclass(frozen=True, slots=True)
class Onset:
    """From this wall-clock time on, read on the clock before the change, the offset is `after` instead of `before`."""

    wall: datetime
    before: timedelta
    after: timedelta


class FileZone(tzinfo):
    """A zone known only from a VTIMEZONE in the file: the changes of its clock, in order.

    Times that a change skips or repeats are read on the clock before the change, as RFC 5545 (3.3.5) asks and as
    `zoneinfo` does with fold=0.
    """

    def __init__(self, onsets: Iterable[Onset]) -> None:
        ordered = sorted(onsets, key=lambda onset: onset.wall - onset.before)
        if not ordered:
            raise ValueError("a zone needs at least one observance")
        self._first = ordered[0].before
        self._after = [onset.after for onset in ordered]
        self._instants = [onset.wall - onset.before for onset in ordered]
        self._walls = [onset.wall - onset.before + max(onset.before, onset.after) for onset in ordered]
        self._repeats = [onset.wall - onset.before + min(onset.before, onset.after) for onset in ordered]

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        if moment is None:
            return None
        walls = self._repeats if moment.fold else self._walls
        return self._offset(bisect_right(walls, moment.replace(tzinfo=None)))

    def dst(self, moment: datetime | None) -> timedelta | None:
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        return None

    def fromutc(self, moment: datetime) -> datetime:
        naive = moment.replace(tzinfo=None)
        return (naive + self._offset(bisect_right(self._instants, naive))).replace(tzinfo=self)

    def _offset(self, passed: int) -> timedelta:
        return self._after[passed - 1] if passed else self._first


def to_utc(wall: datetime, clock: tzinfo) -> datetime:
    """The instant at which a clock shows `wall` (naive): the first of two, and past a gap by as much as it was inside.

    Raises OverflowError beyond the years that Python counts.
    """
    return wall.replace(tzinfo=clock, fold=0).astimezone(UTC)


def on_the_clock(instant: datetime, clock: tzinfo) -> datetime:
    """What a clock shows at an instant, naive."""
    return instant.astimezone(clock).replace(tzinfo=None, fold=0)


SKIPPED_HOUR = _("{value} does not exist there, because the clocks go forward, so it was left out.")
REPEATED_HOUR = _("{value} comes twice there, because the clocks go back; the first of the two was taken.")


def clock_change(wall: datetime, clock: tzinfo) -> Literal["", "gap", "fold"]:
    """Whether a wall-clock time is one that the clock skips ("gap") or shows twice ("fold")."""
    if on_the_clock(to_utc(wall, clock), clock) != wall:
        return "gap"
    later = wall.replace(tzinfo=clock, fold=1).astimezone(UTC)
    return "fold" if later != to_utc(wall, clock) else ""
