"""What the clinic offers, and who and what each of it needs."""

from dataclasses import dataclass

from appointments.demo.places import ULTRASOUND, Places
from appointments.enums import ResourceKind, ServiceKind
from appointments.models import Requirement, Service

EXAMINATION = ("Ruang Periksa 1", "Ruang Periksa 2", "Ruang Periksa A", "Ruang Periksa B")
MOTHER_AND_CHILD = ("Ruang Ibu & Anak",)
THERAPY = ("Ruang Fisioterapi", "Ruang Terapi")


@dataclass(frozen=True)
class Offered:
    """A service; `share` is how much of its providers' day goes into it. `women` are the only ones who book it."""

    row: dict[str, object]
    providers: tuple[str, ...]
    rooms: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    share: float = 1
    women: bool = False


SERVICES = {
    "konsultasi-umum": Offered(
        {
            "name": {"en": "General consultation", "id": "Konsultasi dokter umum"}, "minutes": 20, "buffer_after": 10,
            "by_phone": True,
            "stays": {
                "en": "Your price stays the same, and you need not register again.",
                "id": "Biaya tetap sama dan tidak perlu mendaftar ulang.",
            },
        },
        ("ratna", "andreas", "nurhalimah", "baso"), EXAMINATION, share=8,
    ),
    "pemeriksaan-lengkap": Offered(
        {
            "kind": ServiceKind.VISIT, "name": {"en": "Health check-up", "id": "Pemeriksaan kesehatan lengkap"},
            "minutes": 75, "buffer_before": 15, "grid": 30, "notice_minutes": 12 * 60,
            "stays": {
                "en": "Your package and its price stay the same; please come fasting as before.",
                "id": "Paket dan biaya tetap sama; mohon tetap berpuasa seperti petunjuk semula.",
            },
        },
        ("ratna", "andreas", "nurhalimah", "baso"), EXAMINATION, share=2,
    ),
    "periksa-kehamilan": Offered(
        {
            "name": {"en": "Pregnancy check-up with ultrasound", "id": "Periksa kehamilan dengan USG"}, "minutes": 30,
            "buffer_before": 5, "buffer_after": 10,
            "stays": {
                "en": "Your price stays the same; please bring your mother-and-child book.",
                "id": "Biaya tetap sama; mohon Buku KIA tetap dibawa.",
            },
        },
        ("melati", "yuliana"), MOTHER_AND_CHILD, (ULTRASOUND,), share=6, women=True,
    ),
    "imunisasi-anak": Offered(
        {
            "kind": ServiceKind.VISIT, "name": {"en": "Child immunisation", "id": "Imunisasi anak"}, "minutes": 15,
            "buffer_after": 15, "move_notice_hours": 12,
            "stays": {
                "en": "The vaccine for your child stays ready.",
                "id": "Vaksin untuk putra-putri Bapak/Ibu tetap tersedia.",
            },
        },
        ("yuliana", "tri", "hasriani"), ("Ruang Ibu & Anak", "Ruang Periksa 2", "Ruang Periksa B"), share=5,
    ),
    "fisioterapi": Offered(
        {
            "kind": ServiceKind.VISIT, "name": {"en": "Physiotherapy", "id": "Fisioterapi"}, "minutes": 60,
            "buffer_after": 15, "at_home": True,
            "stays": {
                "en": "Your course of treatment and its price stay the same.",
                "id": "Program terapi dan biayanya tetap sama.",
            },
        },
        ("rangga", "ilham"), THERAPY,
    ),
    "rawat-luka-di-rumah": Offered(
        {
            "kind": ServiceKind.ONSITE, "name": {"en": "Wound care at home", "id": "Perawatan luka di rumah"},
            "minutes": 45, "buffer_before": 30, "buffer_after": 30, "grid": 30, "notice_minutes": 4 * 60,
            "stays": {
                "en": "We come to the same address, for the same price.",
                "id": "Kami datang ke alamat yang sama dengan biaya yang sama.",
            },
        },
        ("tri", "hasriani"), share=4,
    ),
}  # fmt: skip


def write(places: Places) -> dict[str, Service]:
    """Stores the services with their requirements; by code."""
    known = {name: resource for site in places.sites.values() for name, resource in site.resources.items()}
    services: dict[str, Service] = {}
    for code, offered in SERVICES.items():
        service = services[code] = Service.objects.create(code=code, **offered.row)
        for kind, names in (
            (ResourceKind.PROVIDER, offered.providers),
            (ResourceKind.ROOM, offered.rooms),
            (ResourceKind.EQUIPMENT, offered.equipment),
        ):
            if names:
                needed = Requirement.objects.create(service=service, kind=kind)
                needed.candidates.add(*(known[name] for name in names))
    return services
