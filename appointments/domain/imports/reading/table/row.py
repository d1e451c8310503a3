"""One record of a table → one row, or the reasons why not."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.rows import ImportedRow, Problems, bounded_uid, derived_uid
from appointments.domain.imports.reading.table import cells
from appointments.domain.imports.reading.table.delimited import Record
from appointments.domain.imports.reading.table.headings import Columns
from appointments.domain.imports.reading.table.times import LeftOut, TimeReader, When
from appointments.domain.imports.reading.text import clean_line


class RowReader:
    """Reads the records of one table. `colleagues` are our own addresses: they are no customer's."""

    def __init__(
        self, columns: Columns, times: TimeReader, problems: Problems, colleagues: Collection[str] = ()
    ) -> None:
        self.columns, self.times, self.problems, self.colleagues = columns, times, problems, colleagues

    def read(self, record: Record) -> ImportedRow | None:
        try:
            start = self.times.start(record)
            return self._row(record, start, self.times.end(record, start))
        except LeftOut:
            return None

    def _filled(self, record: Record, name: str) -> str:
        return self.columns.cell(record, name).strip()

    def _row(self, record: Record, start: When, ends_at: datetime | None) -> ImportedRow:
        text = {name: self._text(record, name) for name in ("service", "provider", "location", "room", "summary")}
        long = {name: self._text(record, name, many_lines=True) for name in ("description", "note")}
        name, email, phone = self._customer(record, text["summary"])
        starts_at = start.instant
        uid = clean_line(self.columns.cell(record, "uid"), limit=2000)
        who = (name.lower(), email.lower(), phone)
        derived = derived_uid(starts_at.isoformat(), *who, text["service"], text["provider"], text["location"])
        return ImportedRow(
            line=record.line,
            uid=bounded_uid(uid) if uid else derived,
            starts_at=starts_at,
            ends_at=ends_at,
            zone=start.zone.name or self.times.default.name,
            all_day=start.hours is None,
            cancelled=cells.is_cancelled(self.columns.cell(record, "status"))
            or cells.says_cancelled(self.columns.cell(record, "cancelled")),
            summary=text["summary"],
            description=long["description"],
            place=text["location"],
            customer_name=name,
            customer_email=email,
            customer_phone=phone,
            customer_language=self._language(record),
            service=text["service"],
            provider=text["provider"],
            location=text["location"],
            room=text["room"],
            note=long["note"],
            transparent=cells.is_free(self.columns.cell(record, "show_as")),
            stamp=self.times.stamp(record),
            says_service=bool(text["service"]),
        )

    def _text(self, record: Record, name: str, *, many_lines: bool = False) -> str:
        text, was_formula = cells.plain_text(self.columns.cell(record, name), many_lines=many_lines)
        if was_formula:
            self.problems.warning(
                record.line, _("A formula was taken as plain text: “{value}”."), value=self.columns.cell(record, name)
            )
        return text

    def _customer(self, record: Record, summary: str) -> tuple[str, str, str]:
        parts = [self._text(record, name) for name in ("first_name", "last_name")]
        name = self._text(record, "customer_name") or " ".join(filter(None, parts))
        email = self._email(record)
        phone, rounded = cells.phone(self.columns.cell(record, "customer_phone"))
        written = self._filled(record, "customer_phone")
        if rounded:
            self.problems.warning(record.line, cells.ROUNDED, value=rounded)
        elif written and not phone and written not in ("-", "–"):
            self.problems.warning(record.line, cells.NO_NUMBER, value=written)
        name = name or email or phone or summary
        if not name:
            self.problems.error(record.line, _("This row names no customer, so it was left out."))
            raise LeftOut
        return name, email, phone

    def _email(self, record: Record) -> str:
        written = self._filled(record, "customer_email")
        email = cells.email(written)
        if "@" in written and not email:
            self.problems.error(record.line, cells.NOT_ONE_ADDRESS, value=written)
            raise LeftOut
        if written and not email and written not in ("-", "–"):
            self.problems.warning(record.line, cells.NO_ADDRESS, value=written)
        if email.lower() in self.colleagues:
            self.problems.warning(record.line, cells.OUR_ADDRESS)
            return ""
        return email

    def _language(self, record: Record) -> str:
        written = self._filled(record, "customer_language")
        found = cells.language(written)
        if written and not found:
            self.problems.warning(record.line, cells.NO_LANGUAGE, value=written)
        return found
