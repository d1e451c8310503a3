"""What messages are written from in these tests: the context of every kind, in every situation that changes words.

A situation is drawn from the axes below; `contexts()` gives them all. Names are the long ones of real life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, reduce
from itertools import chain, cycle, product
from operator import getitem
from typing import Any

from notifications import channels
from notifications.text import rendering
from notifications.text.cleaning import one_line
from notifications.text.values import Form, Recipient, Rendered

LANGUAGES = ("en", "id")
FAULTS = ("ours", "customer", "nobody")
SERVICES = ("visit", "consultation", "delivery", "onsite")
KINDS = (
    "offer", "nudge", "confirmation", "kept", "expiry", "reminder", "cancellation", "acknowledgement", "not_reached",
    "times_gone", "no_time", "running_late", "false_alarm", "reply", "follow_up", "final_check",
    "needs_longer", "escalation", "given", "handed_over", "booked",
)  # fmt: skip
CHANNELS = ("email", "sms", "call")
ALL_KINDS = (*KINDS, "call")

TOKEN = "kP3v9ZxQm2LrT8sWc5YbN1dF7gHjA4uE6oRiVtXyKwM"
TOKENS = {"link": TOKEN, **{f"link_{pk}": f"{pk}{TOKEN[2:]}" for pk in (51, 52, 53, "to_61", "to_62")}}
PAGE = "https://janji.kliniksentosa.example/r/[[link]]/"
ZONE = "Asia/Jakarta"
WAS = {"starts_at": "2026-11-24T07:30:00+00:00", "ends_at": "2026-11-24T09:30:00+00:00"}
EVENING = {"starts_at": "2026-11-24T09:30:00+00:00", "ends_at": "2026-11-24T10:00:00+00:00"}
SAME_DAY = {"starts_at": "2026-11-24T04:00:00+00:00", "ends_at": "2026-11-24T04:30:00+00:00"}
OTHER_DAY = {"starts_at": "2026-11-26T02:00:00+00:00", "ends_at": "2026-11-26T03:00:00+00:00"}
THIRD_DAY = {"starts_at": "2026-11-27T02:00:00+00:00", "ends_at": "2026-11-27T03:00:00+00:00"}
LATER = {"starts_at": "2026-11-24T08:10:00+00:00", "ends_at": "2026-11-24T10:10:00+00:00"}
NEW = {"starts_at": "2026-11-26T07:30:00+00:00", "ends_at": "2026-11-26T09:30:00+00:00"}
RESPOND_LATER, CALL_LATER = "2026-11-24T10:00:00+00:00", "2026-11-25T02:00:00+00:00"
RESPOND_BY, CALL_BY, DUE = "2026-11-23T10:00:00+00:00", "2026-11-24T02:00:00+00:00", "2026-11-23T04:45:00+00:00"
SHORTER = "2026-11-23T05:45:00+00:00"
TRIED = "2026-11-23T02:12:00+00:00"
OWN_UNTIL, BACK_UNTIL = "2026-11-25T07:30:00+00:00", "2026-11-23T05:15:00+00:00"
THREE = ("other_day", "of_its_own", "no_time")
PERSON, COLLEAGUE = "dr. Maya Kusumawardhani", "dr. Rizal Hamdani"
CONTACT = "Sari Wulandari"

SERVICE_NAMES = {
    "visit": ("Pregnancy ultrasound", "USG kehamilan"),
    "consultation": ("Nutrition advice", "Konsultasi gizi"),
    "delivery": ("Home delivery of medicines", "Antar obat ke rumah"),
    "onsite": ("Physiotherapy at home", "Fisioterapi di rumah"),
}
STAYS = ("Your price and your preparation stay the same.", "Harga dan persiapan tetap sama.")
FAMILIES = {"ours": "operational", "customer": "customer", "nobody": "outside"}
WORDINGS = {
    "ours": ("our ultrasound machine has to be repaired", "alat USG kami harus diperbaiki"),
    "customer": ("you asked us for another time", "Bapak meminta waktu lain"),
    "nobody": ("flooding has closed the road to us", "banjir menutup jalan menuju tempat kami"),
}
SECRET = {"en": "appendicitis operation of the doctor", "id": "operasi usus buntu sang dokter"}
WORDS = {
    "en": "I work until four, so only late afternoons are possible.\nThank you.",
    "id": "Saya bekerja sampai pukul empat, jadi hanya bisa sore.\nTerima kasih.",
}
REPLIES = {
    "en": "We keep Thursdays after four for people who work.\n\nThe parking is free then, too.",
    "id": "Hari Kamis setelah pukul empat kami sediakan bagi yang bekerja.\n\nParkirnya juga gratis.",
}
NOTES = {
    "en": "I have asked for a Thursday, as you like it.",
    "id": "Saya carikan hari Kamis, sesuai kebiasaan Bapak.",
}
MANNERS = {"on_phone": "phone", "at_home": "home"}
COULD_CHANGE = {
    "en": "The part for your device comes on Thursday morning; only then is it certain.",
    "id": "Suku cadangnya datang Kamis pagi; siangnya kami kabari lagi.",
}
FORETOLD_AT = "2026-11-20T02:00:00+00:00"
NOTES_ON_LATENESS = {
    "en": "I will keep a chair by the window for you.",
    "id": "Kursi di dekat jendela saya siapkan untuk Bapak.",
}
BEST = {"en": "in the morning (8–11) or in the evening (18–21)", "id": "pagi hari (8–11) atau malam hari (18–21)"}
PROMISED = {"en": "find other times", "id": "mencari waktu lain"}


@dataclass(frozen=True)
class Situation:
    """One combination of what changes the words."""

    language: str = "en"
    service: str = "visit"
    fault: str = "ours"
    private: bool = False
    family: str = ""
    kept: str = "some"  # which offers are guaranteed: all, some or none
    round: int = 1
    wished: bool = False
    can_keep: bool = False
    honorific: str = "mr"
    person: str = PERSON
    note: bool = True
    flags: tuple[
        str, ...
    ] = ()  # true ones among by_phone, by_us, follow, withdrawn, moved, by_customer, still_offered, same_time …
    answer: str = "tell"
    promise: str = "call"
    reachable: bool = True
    besides: tuple[str, ...] = ()  # what else it tells of: same_day, other_day, of_its_own, no_time, could_stay

    def said(self, pair: tuple[str, str]) -> str:
        return pair[self.language == "id"]


def recipient(one: Situation, *, name: str = "Budi Santoso") -> Recipient:
    phone = "+6281234567890" if one.reachable else ""
    return Recipient(name=name, language=one.language, zone=ZONE, email="budi@mail.example", phone=phone)


def context(kind: str, one: Situation) -> dict[str, Any]:
    """Only what a message of this kind is promised: a text that asks for more must fail here."""
    return {**_always(one), **_OF_KIND[kind](one)}


def write(kind: str, channel: str, one: Situation, **changes: Any) -> Rendered:
    """The message as it leaves, with a link as long as a real one. changes: `customer__name="…"` and the like."""
    return _written(kind, channels.get(channel).form, one, changes)


def subject(kind: str, one: Situation, **changes: Any) -> str:
    """What stands above the letter, without the letter, whose two forms take ten times as long to write."""
    return one_line(_written(kind, Form(channel="email", texts=("subject.txt",)), one, changes).text)


def _written(kind: str, form: Form, one: Situation, changes: dict[str, Any]) -> Rendered:
    values = context(kind, one)
    for path, value in changes.items():
        *parents, last = path.split("__")
        reduce(getitem, parents, values)[last] = value
    to = recipient(one, name=values["customer"]["name"])
    return rendering.reveal(rendering.render(kind=kind, to=to, context=values, form=form), TOKENS)


@cache
def everything(kind: str, channel: str) -> list[tuple[Situation, Rendered]]:
    """All messages of a kind by a channel, each with its situation; written once for all checks."""
    return [(one, write(kind, channel, one)) for one in situations(kind)]


def situations(kind: str) -> Iterator[Situation]:
    """Every situation in which this kind reads differently."""
    for language, service in product(LANGUAGES, SERVICES):
        base = Situation(language=language, service=service)
        yield replace(base, honorific="", person="", note=False, reachable=False, flags=("still_offered",))
        for one in _VARIANTS.get(kind, _flagged)(base):
            yield replace(one, honorific="ms" if len(one.flags) % 2 else "mr")


def _always(one: Situation) -> dict[str, Any]:
    return {
        "business": {"name": "Klinik Sentosa", "phone": "+622155501234", "email": "halo@kliniksentosa.example"},
        "customer": {"name": "Budi Santoso", "first_name": "Budi", "honorific": one.honorific},
        "service": {"name": one.said(SERVICE_NAMES[one.service]), "kind": one.service, "stays": one.said(STAYS)},
        "place": {
            "name": "Klinik Sentosa Menteng", "address": "Jl. Teuku Umar 12, Jakarta Pusat", "phone": "+622155501234",
            "zone": ZONE, "manner": next((manner for flag, manner in MANNERS.items() if flag in one.flags), "usual"),
            "was": "Klinik Sentosa Kemang" if "elsewhere" in one.flags else "",
            "manner_was": "usual" if MANNERS.keys() & set(one.flags) else "",
        },
        "contact": {"name": CONTACT},
        "language": one.language,
        "page_url": PAGE,
        "zone": ZONE,
    }  # fmt: skip


def _was(one: Situation) -> dict[str, Any]:
    return {**WAS, "person": one.person}


def _time(one: Situation) -> dict[str, Any]:
    return {**(WAS if "same_time" in one.flags else NEW), "person": one.person and COLLEAGUE}


def _reason(one: Situation) -> dict[str, Any]:
    wording = SECRET[one.language] if one.private else one.said(WORDINGS[one.fault])
    family = one.family or FAMILIES[one.fault]
    return {"family": family, "fault": one.fault, "private": one.private, "wording": wording}


def offers(one: Situation) -> list[dict[str, Any]]:
    """Five offers in order of time, one with each reason to be offered; of some that are kept, the first for less."""
    drawn = [
        ("24T02:30", "24T04:30", "soonest", False),
        ("24T07:30", "24T09:30", "other_person", False),
        ("26T07:30", "26T09:30", "same_hour", True),
        ("27T03:00", "27T05:00", "wish" if one.wished else "same_person", True),
        ("28T11:00", "28T13:00", "staff_choice", False),
    ]
    kept_until = [RESPOND_BY if one.kept == "all" else None, RESPOND_BY if one.kept != "none" else None]
    return [
        {
            "position": position,
            "starts_at": f"2026-11-{start}:00+00:00",
            "ends_at": f"2026-11-{end}:00+00:00",
            "person": one.person and (PERSON if same else COLLEAGUE),
            "same_person": same,
            "why": why,
            "guaranteed": kept_until[position % 2] is not None,
            "kept_until": SHORTER if one.kept == "some" and position == 1 else kept_until[position % 2],
            "is_shorter": one.kept == "some" and position == 1,
            "outside_hours": why == "staff_choice",
            "gift": gift(one) if one.fault != "customer" and position % 2 else "",
            "url": f"{PAGE}?offer={position + 40}",
        }
        for position, (start, end, why, same) in enumerate(drawn, start=1)
    ]


def besides(one: Situation) -> list[dict[str, Any]]:
    """What else the message tells of: another at an hour of the same day or of another one; one of another kind, with
    somebody else and with hours of its own; one without times; one that could stay.
    """
    days = {"other_day": OTHER_DAY, "of_its_own": THIRD_DAY}
    return [_beside(one, name, days.get(name, SAME_DAY), pk) for pk, name in enumerate(one.besides, start=51)]


def _beside(one: Situation, name: str, was: dict[str, str], pk: int) -> dict[str, Any]:
    kind = ("delivery" if one.service == "visit" else "visit") if name == "of_its_own" else one.service
    page, is_own = PAGE.replace("[[link]]", f"[[link_{pk}]]"), name == "of_its_own"
    told = [{**offer, "url": f"{page}?offer={offer['position'] + 60}"} for offer in offers(one)[:2]]
    return {
        "request": pk,
        "service": {"name": one.said(SERVICE_NAMES[kind]), "kind": kind},
        "was": {**was, "person": one.person and (COLLEAGUE if is_own else PERSON)},
        "offers": [] if name == "no_time" else told[:1] if is_own else told,
        "respond_by": RESPOND_LATER if is_own else RESPOND_BY,
        "call_by": CALL_LATER if is_own or name == "no_time" else CALL_BY,
        "can_keep": one.can_keep or name == "could_stay",
        "page_url": page,
    }


def _offer(one: Situation) -> dict[str, Any]:
    return {
        **({"besides": besides(one)} if one.besides else {}),
        "was": _was(one),
        "reason": _reason(one),
        "personal_note": NOTES[one.language] if one.note else "",
        "could_change": COULD_CHANGE[one.language] if one.note else "",
        "foretold": _foretold(one),
        "offers": offers(one),
        "some_shorter": one.kept == "some",
        "gift": gift(one) if one.fault == "ours" and one.can_keep else "",
        "respond_by": RESPOND_BY,
        "call_by": CALL_BY,
        "can_keep": one.can_keep,
        "round": one.round,
        "moved_by_us": one.round > 1 and "wish_before" not in one.flags,
        "new_contact": one.round > 1 and "same_contact" not in one.flags,
        "awaited": "awaited" in one.flags,
        "wished": one.wished,
    }


def _foretold(one: Situation) -> dict[str, str] | None:
    return {"at": FORETOLD_AT, "words": COULD_CHANGE[one.language]} if one.round > 1 and one.note else None


def gift(one: Situation) -> str:
    """An amount, a share or a thing, by what is said of it otherwise."""
    said = {
        "en": (
            "a discount of IDR 50,000 on your next bill",
            "a discount of 10% on your next bill",
            "a free skin check",
        ),
        "id": (
            "potongan Rp50.000 untuk tagihan berikutnya",
            "potongan 10% untuk tagihan berikutnya",
            "cek kulit gratis",
        ),
    }
    return said[one.language][0 if one.round > 1 else 1 if one.can_keep else 2]


def _with_code(one: Situation) -> dict[str, Any]:
    return {"said": gift(one), "code": "K7M4-2QXP", "valid_until": "2027-05-22T16:59:59+00:00"}


def _confirmation(one: Situation) -> dict[str, Any]:
    asked = {name: name in one.flags for name in ("by_phone", "by_us", "follow")}
    gift = _with_code(one) if "by_us" in one.flags else None
    could_change = COULD_CHANGE[one.language] if one.note else ""
    said = {"was": _was(one), "time": _time(one), "gift": gift, "could_change": could_change, **asked}
    return {**said, **_by_themselves(one), "is_back": "is_back" in one.flags}


def _by_themselves(one: Situation) -> dict[str, Any]:
    """What they can do on the page, if anything, and until when the time before is held for them."""
    own = {"until": OWN_UNTIL, "can_move": "own_move" in one.flags}
    return {
        "own": own if {"own_move", "own_cancel"} & set(one.flags) else None,
        "back_until": BACK_UNTIL if "way_back" in one.flags else None,
    }


def _running_late(one: Situation) -> dict[str, Any]:
    note = NOTES_ON_LATENESS[one.language] if one.note else ""
    time = {**LATER, "person": one.person}
    others = {"besides": [_also_late(one, name, pk) for pk, name in enumerate(one.besides, start=51)]}
    return {"was": _was(one), "time": time, "minutes": 40, "reason": _reason(one), "personal_note": note, **others}


def _also_late(one: Situation, name: str, pk: int) -> dict[str, Any]:
    """The same day, as much later; `of_its_own`: of another kind, with somebody else, and less late."""
    minutes, beside = 20 if name == "of_its_own" else 40, _beside(one, name, EVENING, pk)
    later = {key: (datetime.fromisoformat(at) + timedelta(minutes=minutes)).isoformat() for key, at in EVENING.items()}
    time = {**later, "person": beside["was"]["person"]}
    return {key: beside[key] for key in ("request", "service", "was", "page_url")} | {
        "time": time, "minutes": minutes, "offers": [],
    }  # fmt: skip


def _acknowledgement(one: Situation) -> dict[str, Any]:
    return {
        "answer": one.answer,
        "words": WORDS[one.language] if one.note else "",
        "promise_due": DUE,
        "choose": "still_offered" in one.flags,
        "case": "R-1042",
        "best_reached": _best(one),
        "in_reach": "in_reach" in one.flags,
    }


def _best(one: Situation) -> str:
    return BEST[one.language] if {"in_reach", "out_of_reach"} & set(one.flags) else ""


def _reply(one: Situation) -> dict[str, Any]:
    return {
        "words": WORDS[one.language] if one.note else "",
        "reply": REPLIES[one.language],
        "case": "R-1042" if one.note else "",
    }


def _follow_up(one: Situation) -> dict[str, Any]:
    page = "https://janji.kliniksentosa.example/f/[[link]]/"
    return {
        "time": _time(one),
        "questions": [{"key": key, "url": f"{page}?ask={key}"} for key in ("handling", "outcome")],
        "new_time": "same_time" not in one.flags,
        "unsubscribe_url": f"{page}no-more/",
    }


def _also(one: Situation) -> list[dict[str, Any]]:
    """Two times more that were booked with the first."""
    return [
        {"appointment": pk, "time": {**time, "person": one.person}, "page_url": PAGE.replace("link", f"link_to_{pk}")}
        for pk, time in ((61, OTHER_DAY), (62, THIRD_DAY))
    ]


def _promise(one: Situation) -> dict[str, Any]:
    return {"kind": one.promise, "details": WORDS[one.language] if one.note else "", "due_at": DUE}


def _others(one: Situation) -> list[dict[str, Any]]:
    """Promises in danger beside the first: an overdue one here, one due later at a place in another zone."""
    number = 2 if "several" in one.flags else 1 if "one_more" in one.flags else 0
    facts = {**_promise(one), "kind": PROMISED[one.language], "url": "https://janji.kliniksentosa.example/promises/43/"}
    late = {"is_overdue": True, "owner": CONTACT, "customer": "Nur’aini Wulandari", "zone": ZONE}
    later = {"is_overdue": False, "owner": "Maya", "customer": "Budi", "zone": "Asia/Makassar", "due_at": RESPOND_BY}
    return [facts | late, facts | later][:number]


def _call(one: Situation) -> dict[str, Any]:
    kept = (
        "was",
        "reason",
        "offers",
        "some_shorter",
        "gift",
        "respond_by",
        "personal_note",
        "round",
        "wished",
        "can_keep",
        "call_by",
        "moved_by_us",
        "new_contact",
        "awaited",
    )
    said = {"asked": "unasked" not in one.flags, "is_open": "ended" not in one.flags, "time": _time(one)}
    told = {"find_by": DUE, "offers": []} if "no_time" in one.flags else {"find_by": None}
    return {
        "promise": _promise(one),
        "best_reached": _best(one),
        **said,
        **{name: _offer(one)[name] for name in kept},
        **told,
    }


_OF_KIND: dict[str, Any] = {
    "offer": _offer,
    "nudge": _offer,
    "confirmation": _confirmation,
    "kept": lambda one: {
        "time": _time(one), "withdrawn": "withdrawn" in one.flags, "had_times": "same_time" not in one.flags,
    },
    "expiry": lambda one: {
        "was": _was(one), "reason": _reason(one), "call_by": CALL_BY, "still_offered": "still_offered" in one.flags,
        "can_keep": one.can_keep,
    },
    "booked": lambda one: {"time": _was(one), "also": _also(one) if "several" in one.flags else []},
    "handed_over": lambda one: {"case": "R-1042", "promise_due": DUE},
    "given": lambda one: {"time": _time(one), "gift": _with_code(one)},
    "running_late": _running_late,
    "false_alarm": lambda one: {
        **_offer(one), "time": _was(one), "can_keep": True, **({"offers": []} if "same_time" in one.flags else {}),
    },
    "reminder": lambda one: {
        "time": _time(one), "moved": "moved" in one.flags, "was": _was(one) if "moved" in one.flags else None,
        "own": _by_themselves(one)["own"],
    },
    "cancellation": lambda one: {
        "was": _was(one), "by_customer": "by_customer" in one.flags, "promise_due": DUE if one.note else None,
        "reason": None if "by_customer" in one.flags else _reason(one),
        "back_until": _by_themselves(one)["back_until"],
    },
    "acknowledgement": _acknowledgement,
    "not_reached": lambda one: {
        "promise_due": DUE, "choose": "still_offered" in one.flags, "case": "R-1042" if one.note else "",
        "tried_at": TRIED, "wrong_number": "wrong_number" in one.flags, "is_late": "is_late" in one.flags,
    },
    "needs_longer": lambda one: {
        "promise": one.promise, "promise_due": CALL_LATER, "due_was": DUE, "choose": "still_offered" in one.flags,
        "case": "R-1042" if one.note else "", "best_reached": _best(one), "in_reach": "in_reach" in one.flags,
    },
    "times_gone": lambda one: {
        **_offer(one), "promise_due": DUE, "choose": "still_offered" in one.flags,
        "case": "R-1042" if one.note else "", **({} if "still_offered" in one.flags else {"offers": []}),
    },
    "no_time": lambda one: {**_offer(one), "offers": [], "some_shorter": False, "awaited": False},
    "reply": _reply,
    "follow_up": _follow_up,
    "final_check": lambda one: {"case": "R-1042", "check_url": "https://janji.kliniksentosa.example/f/[[link]]/"},
    "escalation": lambda one: {
        "promise": {**_promise(one), "kind": PROMISED[one.language]},
        "is_theirs": "is_late" not in one.flags, "is_overdue": "still_offered" in one.flags,
        "others": _others(one), "more": 3 if "many" in one.flags else 0, "as_of": TRIED,
        "desk_url": "https://janji.kliniksentosa.example/promises/42/",
        "queue_url": "https://janji.kliniksentosa.example/calls/",
    },
    "call": _call,
}  # fmt: skip


def _rounds(base: Situation) -> Iterator[Situation]:
    rounds = ((1, False), (2, False), (2, True))
    kept = cycle(("all", "some", "none"))
    for fault, private, (number, wished), can_keep in product(FAULTS, (False, True), rounds, (False, True)):
        one = replace(base, fault=fault, private=private, can_keep=can_keep, round=number, wished=wished)
        yield replace(one, kept=next(kept), note=can_keep)
    for number, can_keep in product((1, 2), (False, True)):
        yield replace(base, fault="customer", family="operational", round=number, can_keep=can_keep)
    yield replace(base, round=2, flags=("wish_before", "same_contact"))
    for fault, can_keep in product(FAULTS, (False, True)):
        yield replace(base, fault=fault, can_keep=can_keep, flags=("awaited",))
    yield replace(base, fault="customer", family="operational", flags=("awaited",))
    yield replace(base, private=True, family="absence")
    yield replace(base, private=True, family="absence", fault="nobody", person="")


def _several(base: Situation) -> Iterator[Situation]:
    """Those in which one message tells of several."""
    for others in (("same_day",), ("other_day",), ("of_its_own",), ("no_time",), ("could_stay",), THREE):
        for fault, can_keep in product(FAULTS, (False, True)):
            yield replace(base, besides=others, fault=fault, can_keep=can_keep, note=can_keep)
        yield replace(base, besides=others, private=True, family="absence", reachable=False)
        yield replace(base, besides=others, fault="nobody", private=True, round=2)
        yield replace(base, besides=others, fault="customer", family="operational", flags=("awaited",))
    for fault, flags in product(("ours", "customer"), ((), ("wish_before", "same_contact"))):
        yield replace(base, besides=("same_day",), fault=fault, family="operational", round=2, flags=flags)
    for can_keep in (False, True):
        yield replace(base, besides=("other_day",), can_keep=can_keep, flags=("awaited",))
        yield replace(base, besides=("other_day",), can_keep=can_keep, wished=True, round=2)


def _with_several(
    variants: Callable[[Situation], Iterator[Situation]],
) -> Callable[[Situation], Iterator[Situation]]:
    return lambda base: chain(variants(base), _several(base))


def _first_words(base: Situation) -> Iterator[Situation]:
    yield from (one for one in _rounds(base) if not one.wished)


def _flagged(base: Situation) -> Iterator[Situation]:
    several = ((), ("by_phone",), ("by_us", "follow"), ("withdrawn", "moved", "by_customer", "still_offered"))
    for flags in (*several, ("on_phone",), ("at_home",), ("elsewhere",)):
        yield replace(base, flags=flags)
        yield replace(base, flags=(*flags, "same_time"))
    by_themselves: tuple[tuple[str, ...], ...]
    by_themselves = (("own_move", "way_back", "moved"), ("own_cancel", "moved"), ("own_move", "by_us"))
    yield from (replace(base, flags=flags) for flags in by_themselves)
    yield replace(base, flags=("own_move", "is_back", "same_time"))


def _causes(base: Situation) -> Iterator[Situation]:
    for fault, private, flags in product(FAULTS, (False, True), ((), ("still_offered",))):
        yield replace(base, fault=fault, private=private, flags=flags)
        yield replace(base, fault=fault, family="operational", private=private, flags=flags, can_keep=True)


def _delays(base: Situation) -> Iterator[Situation]:
    for fault, private, note in product(FAULTS, (False, True), (True, False)):
        yield replace(base, fault=fault, private=private, note=note)
        yield replace(base, fault=fault, private=private, family="absence", person="" if note else PERSON)
    for others, fault in product((("same_day",), ("of_its_own",), ("same_day", "of_its_own")), FAULTS):
        yield replace(base, besides=others, fault=fault, note=fault == "ours", reachable=fault == "ours")
        yield replace(base, besides=others, fault=fault, private=True, family="absence")


def _withdrawn_causes(base: Situation) -> Iterator[Situation]:
    for fault, kept, flags in product(("ours", "nobody"), ("all", "some", "none"), ((), ("same_time",))):
        yield replace(base, fault=fault, kept=kept, flags=flags, reachable=kept != "none")


def _answers(base: Situation) -> Iterator[Situation]:
    for answer, note in product(("other_times", "call_me", "call_later", "tell", "score"), (True, False)):
        yield replace(base, answer=answer, note=note)
    for flags in (("in_reach",), ("out_of_reach", "still_offered")):
        yield replace(base, answer="call_me", flags=flags)


def _ended(base: Situation) -> Iterator[Situation]:
    for flags in (("by_customer",), ("by_customer", "way_back")):
        yield replace(base, flags=flags, note=False)
    for fault, private, note in product(FAULTS, (False, True), (True, False)):
        yield replace(base, fault=fault, private=private, note=note)


def _slipping(base: Situation) -> Iterator[Situation]:
    for promise, note in product(("call", "find_times", "reply"), (True, False)):
        yield replace(base, promise=promise, note=note, flags=() if note else ("still_offered",))
    yield replace(base, promise="call", flags=("in_reach",))


def _missed(base: Situation) -> Iterator[Situation]:
    for flags in ((), ("still_offered",), ("wrong_number",), ("is_late", "still_offered"), ("wrong_number", "is_late")):
        yield replace(base, flags=flags, note=len(flags) < 2)


def _alarms(base: Situation) -> Iterator[Situation]:
    yield from _missed(base)
    for flags in (("several",), ("several", "still_offered"), ("several", "many"), ("one_more",)):
        yield replace(base, flags=flags)


def _once_or_more(base: Situation) -> Iterator[Situation]:
    for flags in ((), ("on_phone",), ("at_home",)):
        yield replace(base, flags=flags)
        yield replace(base, flags=(*flags, "several"))


def _noted(base: Situation) -> Iterator[Situation]:
    for note in (True, False):
        yield replace(base, note=note)


def _gone(base: Situation) -> Iterator[Situation]:
    yield from _noted(base)
    for fault, can_keep, kept in (("ours", False, "none"), ("nobody", True, "some"), ("customer", False, "none")):
        yield replace(base, flags=("still_offered",), fault=fault, can_keep=can_keep, kept=kept, note=False)


def _promises(base: Situation) -> Iterator[Situation]:
    for promise, fault, note in product(("call", "find_times", "reply", "answer_or_call"), FAULTS, (True, False)):
        yield replace(base, promise=promise, fault=fault, note=note)
        yield replace(base, promise=promise, fault=fault, note=note, can_keep=note, flags=("unasked",))
    for fault, flags in product(FAULTS, (("ended",), ("ended", "unasked"))):
        yield replace(base, fault=fault, flags=flags)
    for promise, note in product(("call", "find_times", "reply", "answer_or_call"), (True, False)):
        yield replace(base, promise=promise, note=note, flags=("in_reach",))
    for promise, fault, flags in product(("call", "find_times"), FAULTS, (("no_time",), ("no_time", "unasked"))):
        yield replace(base, promise=promise, fault=fault, flags=flags)


_VARIANTS = {
    "offer": _with_several(_rounds), "nudge": _with_several(_rounds), "no_time": _with_several(_first_words),
   "expiry": _causes, "acknowledgement": _answers,
    "booked": _once_or_more, "reply": _noted, "times_gone": _gone, "running_late": _delays,
    "false_alarm": _withdrawn_causes,
    "not_reached": _missed, "needs_longer": _slipping, "escalation": _alarms, "cancellation": _ended, "call": _promises,
}  # fmt: skip
