"""Which column of a table means what: the headings people use in English and Indonesian, and those of common tools."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from appointments.domain.imports.reading.table.delimited import Record

FIELDS: dict[str, str] = {
    "uid": "uid; id; booking id; appointment id; reference; ref; booking number; booking no; booking code; kode; "
    "kode booking; id booking; id janji; appointment ref; appt ref; ref #; confirmation code; "
    "booking reference; kode janji; no booking; nomor booking; no janji; nomor janji; no reservasi",
    "start": "start date & time; date & time; appointment start; booking start; scheduled for; "
    "start date time local; start; starts; starts at; start at; date time; datetime; when; appointment time; "
    "appointment date time; start date time; begin; begins; from; mulai; waktu mulai; tanggal waktu; "
    "tanggal dan waktu; tanggal dan jam; tanggal jam; tanggal janji; jadwal; jadwal janji",
    "date": "beginnt am; startdatum; datum; scheduled date; appt date; date of appointment; booked for; visit date; "
    "date; start date; appointment date; booking date; tanggal; tgl; hari tanggal; tanggal mulai; "
    "tanggal kunjungan; tgl kunjungan; tanggal booking",
    "time": "beginnt um; startzeit; uhrzeit; scheduled time; appt time; appointment start time; time; start time; "
    "hour; begin time; jam; waktu; pukul; jam mulai; jam kunjungan; jam janji; pkl",
    "end": "end date & time; appointment end; booking end; end; ends; ends at; end at; until; to; finish; "
    "end date time; selesai; sampai; waktu selesai; berakhir",
    "end_date": "endet am; enddatum; end date; tanggal selesai; tanggal berakhir; tgl selesai",
    "end_time": "endet um; endzeit; end time; finish time; jam selesai; jam berakhir; pukul selesai",
    "duration": "duration; length; minutes; mins; durasi; lama; lamanya; lama waktu; menit; service duration; dauer",
    "zone": "zone; time zone; timezone; tz; zona; zona waktu",
    "all_day": "ganztägiges ereignis; ganztägig; all day event; all day; allday; seharian; sepanjang hari",
    "show_as": "show time as; zeitspanne zeigen als; tampilkan waktu sebagai; busy status; availability",
    "status": "status; state; keadaan; appointment status; booking status; status janji; status booking",
    "cancelled": "cancelled at; canceled at; cancelled on; canceled on; cancellation date; date cancelled; "
    "cancelled date; cancelled; canceled; dibatalkan; batal; tanggal batal; dibatalkan pada; waktu pembatalan",
    "customer_name": "erforderliche teilnehmer; required attendees; peserta yang diperlukan; client full name; "
    "patient full name; name; customer; customer name; client; client name; patient; patient name; guest; "
    "full name; contact; contact name; invitee; invitee name; attendee; nama; pelanggan; nama pelanggan; "
    "pasien; nama pasien; klien; nama klien; nama lengkap; konsumen; nama konsumen; tamu; nama tamu; "
    "customer full name",
    "first_name": "first name; given name; nama depan; customer first name; client first name; "
    "patient first name; invitee first name; vorname",
    "last_name": "last name; surname; family name; nama belakang; customer last name; client last name; "
    "patient last name; invitee last name; nachname",
    "customer_email": "email; e mail; mail; email address; customer email; client email; invitee email; "
    "patient email; contact email; surel; alamat email; e mail address; email pelanggan; email pasien",
    "customer_phone": "text reminder number; client mobile; mobile number; customer mobile; patient phone; "
    "contact phone; invitee phone; invitee phone number; patient mobile; phone; phone number; telephone; "
    "tel; mobile; mobile phone; cell; cell phone; whatsapp; wa; customer phone; client phone; "
    "contact number; telepon; telpon; telp; no telp; no telepon; nomor telepon; no hp; nomor hp; hp; "
    "handphone; no handphone; nomor handphone; no wa; nomor wa; no whatsapp; nomor whatsapp; ponsel; "
    "no ponsel; kontak; telepon pelanggan; telefon; telefonnummer",
    "customer_language": "language; lang; locale; customer language; bahasa",
    "service": "service; services; service name; treatment; type; appointment type; event type; event type name; "
    "appointment type name; service title; procedure; product; layanan; jasa; perawatan; tindakan; "
    "jenis layanan; nama layanan; jenis; keperluan; produk; leistung; dienstleistung",
    "provider": "team member name; provider name; person; practitioner name; host; service provider; provider; staff; "
    "staff name; staff member; employee; doctor; therapist; stylist; technician; practitioner; team member; "
    "assigned to; resource; calendar; dokter; nama dokter; terapis; petugas; karyawan; pegawai; staf; "
    "dentist; physician; hygienist; nurse; midwife; barber; hairdresser; mechanic; adviser; advisor; consultant; "
    "instructor; driver; teknisi; kapster; mekanik; montir; perawat; bidan; konselor; dokter gigi; instruktur; "
    "konsultan; sopir; kurir; penanggung jawab",
    "location": "ort; business; location name; branch name; location; branch; place; office; clinic; store; "
    "salon; site; cabang; lokasi; tempat; klinik; kantor; outlet; toko",
    "room": "room; room name; room number; room no; treatment room; consulting room; exam room; chair; dental chair; "
    "operatory; service bay; cabin; ruang; ruangan; nama ruang; nama ruangan; ruang praktik; ruang tindakan; "
    "ruang perawatan; ruang periksa; no ruang; nomor ruang; no ruangan; nomor ruangan; bilik; kursi; kursi gigi; "
    "raum; zimmer; behandlungsraum",
    "summary": "betreff; subject; subjek; title; summary; judul; perihal; acara; event; event name",
    "description": "description; details; keluhan; deskripsi; rincian; detail",
    "updated": "updated; updated at; last updated; modified; modified at; last modified; date modified; "
    "diperbarui; diubah; terakhir diubah; tanggal diubah; zuletzt geändert",
    "note": "note; notes; comment; comments; remark; remarks; catatan; keterangan; komentar; ket",
}
_BY_WORDS = {words.strip(): name for name, text in FIELDS.items() for words in text.split(";")}
_BRACKETS = re.compile(r"[\(\[]([^)\]]*)[\)\]]")


@dataclass(slots=True)
class Columns:
    """Where each field stands in a record. `unknown` are headings that mean nothing here; `hours` says that a bare
    number for the length counts hours, `missing` which columns of the mapping the table has not."""

    places: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    wrong_fields: list[str] = field(default_factory=list)
    hours: bool = False

    @property
    def has_start(self) -> bool:
        """A column of hours will do: some programs keep the whole date in one that they call "Start Time"."""
        return bool(self.places.keys() & {"start", "date", "time"})

    def cell(self, record: Record, name: str) -> str:
        """What a record says in the column of a field; "" where there is none."""
        place = self.places.get(name)
        return record.cells[place] if place is not None and place < len(record.cells) else ""


def plain(heading: str) -> str:
    """A heading in lower case without brackets, dots, stars and doubled spaces: "No. HP *" is "no hp"."""
    words = _BRACKETS.sub(" ", heading.lower())
    words = re.sub(r"[^\w&]+|_", " ", words)
    return " ".join(words.split())


def recognise(cells: Sequence[str], mapping: Mapping[str, str] | None = None, ignored: Collection[str] = ()) -> Columns:
    """Columns of a record of headings. The mapping names fields by headings, or headings by fields, and comes first;
    the headings of `ignored` mean nothing.
    """
    columns = Columns()
    names = [plain(cell[:200]) for cell in cells]
    taken: set[int] = set()
    unwanted = {plain(heading) for heading in ignored}
    for one, other in (mapping or {}).items():
        name, heading = (one, other) if one in FIELDS else (other, one)
        if name not in FIELDS:
            columns.wrong_fields.append(one)
        elif plain(heading) in names:
            columns.places[name] = names.index(plain(heading))
            taken.add(columns.places[name])
        else:
            columns.missing.append(heading)
    for place, name in enumerate(names):
        if place in taken or not name:
            continue
        known = None if name in unwanted else _BY_WORDS.get(name) or _by_parts(cells[place][:200])
        if known is None or known in columns.places:
            columns.unknown.append(cells[place].strip())
        else:
            columns.places[known] = place
    if "duration" in columns.places:
        columns.hours = _counts_hours(cells[columns.places["duration"]])
    return columns


def _by_parts(heading: str) -> str | None:
    """What "No HP / WA" means: two names for one thing. None where its parts mean different things, or one nothing."""
    parts = [plain(part) for part in re.split(r"[/|,+]|\b(?:or|atau|oder)\b", heading.lower())]
    found = {_BY_WORDS.get(part) for part in parts if part}
    return found.pop() if len(parts) > 1 and len(found) == 1 else None


def _counts_hours(heading: str) -> bool:
    return any(re.search(r"\b(hours?|hrs?|jam)\b", part.lower()) for part in _BRACKETS.findall(heading))
