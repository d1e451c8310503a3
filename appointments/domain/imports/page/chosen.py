"""What a colleague has chosen for a file on the page, kept with its import, and what the engine makes of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

from appointments.domain.imports.matching import Choices, plain
from appointments.domain.imports.run import Options
from appointments.models import Location, Resource, Service

AHEAD = timedelta(days=550)
"""So far ahead a file is read where nobody says how far."""
MOST_ROWS = 5_000
"""As many as a page brings in at once: on SQLite nobody else writes meanwhile, and waits half a minute at most. The
command takes more.
"""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Keys of ours, words of the file, and days as ISO dates. `mapping` names columns by fields; `services`,
    `people` and `rooms` name ours by what the file calls them, None for rows that are to be left out. `reader` is the
    language of whoever reads the outcome, `language` that of new customers.
    """

    location: int
    zone: str = ""
    date_order: str = ""
    service: int | None = None
    provider: int | None = None
    first_day: str = ""
    last_day: str = ""
    language: str = ""
    reader: str = ""
    source: str = ""
    newest: bool = False
    all_day: bool = False
    skip_errors: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    services: Mapping[str, int | None] = field(default_factory=dict)
    people: Mapping[str, int | None] = field(default_factory=dict)
    rooms: Mapping[str, int | None] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Chosen":
        known = {one.name for one in fields(cls)}
        said = {name: value for name, value in kept.items() if name in known}
        return cls(**said | {"ignored": tuple(said.get("ignored", ()))})

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ignored": list(self.ignored)}


def at_first(location: Location, *, now: datetime) -> Chosen:
    """What is chosen before anybody has chosen: from today on."""
    today = now.astimezone(location.tzinfo).date()
    return Chosen(
        location=location.pk,
        first_day=today.isoformat(),
        last_day=(today + AHEAD).isoformat(),
    )


def options_of(chosen: Chosen, *, name: str, dry_run: bool, run_id: int | None = None) -> Options:
    """Raises `Location.DoesNotExist` where the place was taken away meanwhile."""
    location = Location.objects.get(pk=chosen.location)
    return Options(
        choices=Choices(
            location=location,
            service=Service.objects.filter(pk=chosen.service or 0, is_active=True).first(),
            provider=Resource.objects.filter(pk=chosen.provider or 0, is_active=True).first(),
            language=chosen.language,
            services={plain(said): pk for said, pk in chosen.services.items()},
            people={plain(said): pk for said, pk in chosen.people.items()},
            rooms={plain(said): pk for said, pk in chosen.rooms.items()},
        ),
        filename=name,
        first_day=date.fromisoformat(chosen.first_day),
        last_day=date.fromisoformat(chosen.last_day),
        zone=chosen.zone,
        source=chosen.source,
        newest=chosen.newest,
        date_order=chosen.date_order or None,  # type: ignore[arg-type]  # the form offers nothing else
        mapping=dict(chosen.mapping),
        ignored=chosen.ignored,
        all_day=chosen.all_day,
        skip_errors=chosen.skip_errors,
        dry_run=dry_run,
        run_id=run_id,
        most_rows=MOST_ROWS,
    )
