"""Why appointments move in this clinic, in words that customers read, and what people write about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from appointments.enums import Family, Fault, ReasonAbout, ReasonSpan
from appointments.models import Reason

LANGUAGES = ("en", "id")
"""Those that the sample clinic writes in; pairs of texts below are in this order."""


@dataclass(frozen=True)
class Cause:
    """A reason with how often it happens by itself and what colleagues add to it by hand, by language."""

    code: str
    family: Family
    fault: Fault
    label: tuple[str, str]
    wording: tuple[str, str]
    often: float
    about: ReasonAbout = ReasonAbout.APPOINTMENT
    lasts: ReasonSpan = ReasonSpan.TIME
    is_private: bool = False
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)


NOT_AVAILABLE = {
    "en": ("I have looked for times with the same person first.", "Your file is ready for whoever sees you."),
    "id": ("Saya utamakan waktu dengan petugas yang sama.", "Berkasnya sudah kami siapkan, siapa pun yang melayani."),
}
CAUSES = (
    Cause(
        "staff-unavailable", Family.ABSENCE, Fault.OURS,
        ("Colleague not available", "Petugas berhalangan"),
        ("{provider} is unexpectedly not available on that day", "{provider} mendadak berhalangan pada hari itu"),
        often=16, about=ReasonAbout.PERSON, lasts=ReasonSpan.DAY, is_private=True, notes=NOT_AVAILABLE,
    ),
    Cause(
        "leave-overlooked", Family.ABSENCE, Fault.OURS,
        ("Leave entered too late", "Cuti terlambat dicatat"),
        ("we entered the leave of {provider} too late", "kami terlambat mencatat cuti {provider}"),
        often=7, about=ReasonAbout.PERSON, lasts=ReasonSpan.DAY, is_private=True, notes=NOT_AVAILABLE,
    ),
    Cause(
        "equipment-broken", Family.OPERATIONAL, Fault.OURS,
        ("Equipment out of order", "Alat rusak"),
        ("the equipment for your appointment ({service}) has to be repaired",
         "alat untuk {service} rusak dan harus diperbaiki"),
        often=4, about=ReasonAbout.EQUIPMENT, lasts=ReasonSpan.DAY,
        notes={"en": ("The technician has been called.",), "id": ("Teknisi sudah kami panggil.",)},
    ),
    Cause(
        "room-closed", Family.OPERATIONAL, Fault.OURS,
        ("Room cannot be used", "Ruang tidak dapat dipakai"),
        ("one of our treatment rooms cannot be used on that day", "salah satu ruang kami tidak dapat dipakai hari itu"),
        often=6, about=ReasonAbout.ROOM, lasts=ReasonSpan.DAY,
    ),
    Cause(
        "double-booked", Family.OPERATIONAL, Fault.OURS,
        ("Booked twice by mistake", "Jadwal ganda"),
        ("we gave the same time to two people by mistake", "kami keliru memberikan jam yang sama kepada dua orang"),
        often=11,
        notes={
            "en": ("This was our mistake, and I have corrected it.",),
            "id": ("Ini kekeliruan kami dan sudah saya perbaiki.",),
        },
    ),
    Cause(
        "hours-changed", Family.PRIORITIES, Fault.OURS,
        ("Practice hours changed", "Jam praktik berubah"),
        ("we had to change the practice hours of {provider}", "jam praktik {provider} harus kami ubah"),
        often=14, about=ReasonAbout.PERSON,
    ),
    Cause(
        "urgent-case", Family.PRIORITIES, Fault.NOBODY,
        ("Emergency comes first", "Mendahulukan kasus darurat"),
        ("{provider} has to look after an emergency at that time", "{provider} harus menangani kasus darurat saat itu"),
        often=9, about=ReasonAbout.PERSON,
    ),
    Cause(
        "customer-asked", Family.CUSTOMER, Fault.CUSTOMER,
        ("Customer asked for another time", "Permintaan pelanggan"),
        ("you asked us for another time", "Bapak/Ibu meminta waktu lain"),
        often=20,
        notes={"en": ("Thank you for telling us early.",), "id": ("Terima kasih sudah memberi tahu lebih awal.",)},
    ),
    Cause(
        "not-prepared", Family.OPERATIONAL, Fault.CUSTOMER,
        ("Preparation not complete", "Persiapan belum lengkap"),
        ("the preparation for your appointment ({service}) is not complete yet",
         "persiapan untuk {service} belum lengkap"),
        often=6,
    ),
    Cause(
        "flood", Family.OUTSIDE, Fault.NOBODY,
        ("Flood", "Banjir"),
        ("flooding has closed the roads to {location}", "banjir menutup jalan menuju {location}"),
        often=1, about=ReasonAbout.PLACE, lasts=ReasonSpan.DAY,
        notes={"en": ("Please stay safe, and come only when the road is open.",),
               "id": ("Utamakan keselamatan; datanglah setelah jalan dapat dilalui.",)},
    ),
    Cause(
        "power-cut", Family.OUTSIDE, Fault.NOBODY,
        ("Power cut", "Listrik padam"),
        ("there is no electricity at {location} on that day", "listrik di {location} padam pada hari itu"),
        often=2, about=ReasonAbout.PLACE, lasts=ReasonSpan.DAY,
    ),
)  # fmt: skip

# What customers write when they answer, by language.
WORDS_OTHER_TIMES = {
    "en": ("I work until four, so only late afternoons are possible.", "Could it be a Saturday, please?",
           "I would rather wait for the same person."),
    "id": ("Saya bekerja sampai pukul empat, jadi hanya bisa sore.", "Kalau bisa hari Sabtu, ya.",
           "Saya lebih baik menunggu orang yang sama."),
}  # fmt: skip
WORDS_CALL_ME = {
    "en": ("Please call me after lunch, I have a question about the preparation.", "I would rather talk to somebody."),
    "id": ("Tolong telepon setelah jam makan siang, saya mau tanya soal persiapannya.",
           "Saya lebih enak lewat telepon."),
}  # fmt: skip
WORDS_AFTERWARDS = {
    "en": ("Quick and friendly, thank you.", "It was explained well, and the new time suited me.",
           "I had already taken the day off.", ""),
    "id": ("Cepat dan ramah, terima kasih.", "Penjelasannya jelas dan waktunya cocok.",
           "Saya sudah telanjur izin dari kantor.", ""),
}  # fmt: skip


def write() -> dict[str, Reason]:
    """Stores the reasons; by code."""
    rows = [
        Reason(
            code=cause.code,
            label=dict(zip(LANGUAGES, cause.label, strict=True)),
            family=cause.family,
            fault=cause.fault,
            wording=dict(zip(LANGUAGES, cause.wording, strict=True)),
            about=cause.about,
            lasts=cause.lasts,
            is_private=cause.is_private,
            position=position,
        )
        for position, cause in enumerate(CAUSES, start=1)
    ]
    return {reason.code: reason for reason in Reason.objects.bulk_create(rows)}


def note_for(cause: Cause, language: str, roll: float) -> str:
    """What the colleague adds, for about every second message; `roll` in [0, 1) decides."""
    lines = cause.notes.get(language, ())
    if not lines or roll >= 0.5:
        return ""
    return lines[int(roll * 2 * len(lines))]
