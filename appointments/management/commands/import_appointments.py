"""Brings in appointments from a CSV, XLSX, XLS, ODS or iCalendar file; `--dry-run` first shows what would happen."""

import json
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments.domain.imports.matching import Choices
from appointments.domain.imports.reading import FIELDS, ORDERS
from appointments.domain.imports.report import LABELS, Outcome, Report
from appointments.domain.imports.run import Options, run
from appointments.enums import ResourceKind
from appointments.models import Business, Location, Resource, Service
from appointments.models.business import validate_zone
from notifications.text import languages

AHEAD = timedelta(days=550)
LARGEST = 50 * 1024 * 1024
REFUSED = 1
UNUSABLE = 2
LONGEST_SOURCE = 20
REMEDIES = {
    "columns": _lazy("Say what a column means: --map “COLUMN=FIELD”, with one of the fields %(fields)s."),
    "date order": _lazy("Say the order of day and month: --date-order dmy or mdy."),
    "service": _lazy("Say which service it is: --service CODE."),
    "source": _lazy("Name the source: --source NAME."),
    "zone": _lazy("Say which time zone it is, for example --zone Asia/Jakarta."),
}
LEVELS = {"error": _lazy("error"), "warning": _lazy("warning"), "note": _lazy("note")}


class Command(BaseCommand):
    help = (
        "Import appointments from a CSV, XLSX, XLS, ODS or iCalendar file. All of it is written, or nothing; running "
        "it again doubles nothing; nobody is told anything."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show what would happen and write nothing")
        parser.add_argument("--location", metavar="CODE", help="where, for rows that do not say it")
        parser.add_argument("--service", metavar="CODE", help="what, for rows that do not say it")
        parser.add_argument("--provider", metavar="NAME", help="with whom, for rows that do not say it")
        parser.add_argument("--zone", help="time zone of times without one (default: the location's)")
        parser.add_argument("--date-order", choices=ORDERS, help="how 03/04/2026 is meant")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help=f"what a column means; fields: {', '.join(FIELDS)}",
        )
        parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY", help="default: today")
        parser.add_argument(
            "--until", dest="last", type=date.fromisoformat, metavar="DAY", help="default: in 18 months"
        )
        parser.add_argument("--language", choices=languages.codes(), help="of new customers (default: the business's)")
        parser.add_argument("--source", help="where the numbers of a table are from, when several tables have the same")
        parser.add_argument("--newest", action="store_true", help="the file counts although a newer one was imported")
        parser.add_argument("--all-day", action="store_true", help="whole days are appointments as well")
        parser.add_argument("--skip-errors", action="store_true", help="write the good rows although others are wrong")
        parser.add_argument("--json", action="store_true", help="the report for a program")

    def handle(self, *args: Any, **given: Any) -> None:
        """In the language of the business: whoever reads the outcome works there."""
        with translation.override(languages.nearest(Business.current().language)):
            self._import(given)

    def _import(self, given: dict[str, Any]) -> None:
        data = _contents(given["file"])
        now = timezone.now()
        options = self._options(given)
        report = run(data, options, now=now, progress=self._progress)
        self.stdout.write(json.dumps(_as_json(report)) if given["json"] else _as_text(report, options))
        if report.errors and not report.written and not given["dry_run"]:
            advice = _("Nothing was written. Mend the file, or add --skip-errors.")
            if given["skip_errors"]:
                advice = _("Nothing was written: no line of the file can be used.")
            raise CommandError(advice, returncode=REFUSED)
        if report.errors and given["dry_run"]:
            raise CommandError(_("With these errors nothing would be written."), returncode=REFUSED)

    def _options(self, given: dict[str, Any]) -> Options:
        location = _location(given["location"])
        today = timezone.now().astimezone(location.tzinfo).date()
        service = _one(Service.objects.filter(is_active=True), "code", given["service"], _("service"))
        providers = Resource.objects.filter(kind=ResourceKind.PROVIDER, is_active=True, location=location)
        return Options(
            choices=Choices(
                location=location,
                service=service,
                provider=_one(providers, "name", given["provider"], _("provider")),
                language=given["language"] or "",
            ),
            source=_source(given["source"]),
            newest=given["newest"],
            filename=given["file"].name,
            first_day=given["first"] or today,
            last_day=given["last"] or max(today, given["first"] or today) + AHEAD,
            zone=_zone(given["zone"]),
            date_order=given["date_order"],
            mapping=_mapping(given["map"]),
            all_day=given["all_day"],
            skip_errors=given["skip_errors"],
            dry_run=given["dry_run"],
        )

    def _progress(self, done: int, total: int) -> None:
        if done % 500 == 0:
            self.stderr.write(f"{done} of {total}")


def _contents(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            sentence = _("%(name)s is larger than 50 MB. Please import it in parts.") % {"name": path.name}
            raise CommandError(sentence, returncode=UNUSABLE)
        return path.read_bytes()
    except OSError as error:
        sentence = _("%(name)s cannot be read: %(why)s.") % {"name": path.name, "why": error.strerror}
        raise CommandError(sentence, returncode=UNUSABLE) from error


def _location(code: str | None) -> Location:
    locations = Location.objects.filter(is_active=True)
    found = locations.filter(code=code).first() if code else locations.first()
    if found is None:
        known = ", ".join(locations.values_list("code", flat=True))
        if not known:
            raise CommandError(_("There is no location yet; add one in the settings."), returncode=UNUSABLE)
        sentence = _("There is no location %(code)s. Known: %(known)s.") % {"code": code, "known": known}
        raise CommandError(sentence, returncode=UNUSABLE)
    return found


def _one(rows: Any, field: str, wanted: str | None, what: str) -> Any:
    if not wanted:
        return None
    found = rows.filter(**{f"{field}__iexact": wanted}).first()
    if found is None:
        known = ", ".join(rows.values_list(field, flat=True))
        sentence = _("There is no %(what)s %(wanted)s. Known: %(known)s.")
        raise CommandError(sentence % {"what": what, "wanted": wanted, "known": known}, returncode=UNUSABLE)
    return found


def _source(name: str | None) -> str:
    if name and len(name) > LONGEST_SOURCE:
        sentence = _("--source %(name)s: at most %(most)d characters, please.") % {"name": name, "most": LONGEST_SOURCE}
        raise CommandError(sentence, returncode=UNUSABLE)
    return name or ""


def _zone(name: str | None) -> str:
    if name:
        try:
            validate_zone(name)
        except ValidationError as error:
            raise CommandError(error.messages[0], returncode=UNUSABLE) from error
    return name or ""


def _mapping(pairs: list[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        column, equals, name = pair.rpartition("=")
        if not equals or name not in FIELDS:
            sentence = _("--map %(pair)s: write COLUMN=FIELD with one of %(fields)s.")
            raise CommandError(sentence % {"pair": pair, "fields": ", ".join(FIELDS)}, returncode=UNUSABLE)
        mapping[name] = column
    return mapping


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "written": report.written,
        "counts": {outcome.value: report.counts[outcome] for outcome in Outcome},
        "left_out": dict(report.left_out),
        "new_customers": report.new_customers,
        "problems": [{"line": one.line, "level": one.level, "message": str(one.message)} for one in report.problems],
    }


def _as_text(report: Report, options: Options) -> str:
    """A table first, then every problem with its place in the file."""
    zone = options.zone or options.choices.location.zone
    lines = [
        f"{options.filename} → {options.choices.location.name} ({options.first_day} – {options.last_day}, {zone})",
        _("Written.") if report.written else _("Nothing is written; this is what would be done."),
        "",
    ]
    lines += [f"{report.counts[outcome]:>7}  {label}" for outcome, label in LABELS.items()]
    lines += [f"{count:>16}  {why}" for why, count in sorted(report.left_out.items())]
    lines += [f"{report.new_customers:>7}  " + _("new customers"), ""]
    lines += [f"{options.filename}:{one.line or 1}: {LEVELS[one.level]}: {one.message}" for one in report.problems]
    helpful = {one.remedy for one in report.problems}
    lines += [str(words) % {"fields": ", ".join(FIELDS)} for name, words in REMEDIES.items() if name in helpful]
    return "\n".join(lines).rstrip()
