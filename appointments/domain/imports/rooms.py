"""Which room or device a row of a file means, and which its appointment has here. Reads all of them once."""

from collections import defaultdict
from collections.abc import Collection

from django.utils.translation import gettext as _

from appointments.domain.imports.matching import ANYBODY, Choices, Unclear, Unknown, meant, plain
from appointments.domain.imports.reading import ImportedRow
from appointments.domain.imports.statements import Said
from appointments.enums import ResourceKind
from appointments.models import Location, Requirement, Resource, Service


class Rooms:
    """Rooms and devices by the words a file may use for them."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        everything = Resource.objects.filter(is_active=True).exclude(kind=ResourceKind.PROVIDER)
        self.ours = {one.pk: one for one in everything.select_related("location")}
        self._used: dict[int, set[int]] = defaultdict(set)  # by service
        pairs = Requirement.objects.exclude(kind=ResourceKind.PROVIDER).values_list("service", "candidates")
        for service_id, resource_id in pairs:
            self._used[service_id].add(resource_id)

    def said(self, row: ImportedRow, service: Service, location: Location) -> Resource | None:
        """The one that the row names; None where it names none, or where any will do. Raises `Unknown` for one that we
        do not have or that the service does not use there, `Unwanted` for one left out.

        What is chosen for a name counts only where the name does not fit: “Room 2” may be right for another service.
        """
        name = plain(row.room)
        if not name:
            return None
        used = [one for one in self._there(location) if one.pk in self._used[service.pk]]
        if found := next((one for one in used if plain(one.name) == name), None):
            return found
        if name in self.choices.rooms:
            return self._chosen(name, used, service, location)
        raise Unknown(self._why_not(row.room, used, service, location), kind="room", said=row.room)

    def _chosen(self, name: str, used: list[Resource], service: Service, location: Location) -> Resource | None:
        if self.choices.rooms[name] == ANYBODY:
            return None
        chosen: Resource = meant(self.choices.rooms[name], self.ours.values())
        if chosen not in used:
            raise Unclear(_not_for(chosen.name, used, service, location))
        return chosen

    def _there(self, location: Location) -> list[Resource]:
        return [one for one in self.ours.values() if one.location_id == location.pk]

    def _why_not(self, said: str, used: list[Resource], service: Service, location: Location) -> str:
        there = self._there(location)
        if any(plain(one.name) == plain(said) for one in there):
            return _not_for(said, used, service, location)
        known = ", ".join(one.name for one in there) or "–"
        sentence = _("There is no room or device “%(name)s” at %(location)s. Known: %(known)s.")
        return sentence % {"name": said, "location": location, "known": known}

    def had(self, wanted: Resource | None, before: Said | None, taken: Collection[int]) -> int | None:
        """Which of those that the appointment has `taken` is to be put beside the `wanted` one. None where it was ours
        to choose, as the last file named none.
        """
        if wanted is not None and wanted.pk in taken:
            return wanted.pk
        named = before.room if before else None
        if before and (named is None or named in taken):
            return named
        return next((pk for pk in sorted(taken) if pk in self.ours), None)


def _not_for(said: str, used: list[Resource], service: Service, location: Location) -> str:
    known = {"service": service, "name": said, "location": location, "known": ", ".join(one.name for one in used)}
    if used:
        return _("“%(service)s” is not given in “%(name)s” at %(location)s, but in: %(known)s.") % known
    return _("“%(service)s” uses no room or device at %(location)s. Tick “%(name)s” at the service first.") % known
