"""Solutions, written by the rules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from appointments.domain.recovery.playbook import writing
from appointments.enums import UsedBy
from appointments.models import Solution, SolutionVersion
from tests.clock import NOW, days

SAYS: Mapping[str, Mapping[str, str]] = {
    "title": {"en": "Another colleague", "id": "Petugas lain"},
    "when": {"en": "The hour matters more than who it is.", "id": "Jam lebih penting daripada petugasnya."},
    "steps": {"en": "Ask who may take over.\nGive them the file.", "id": "Tanyakan siapa yang bisa menggantikan."},
    "words": {
        "en": "A colleague knows your file and has the same hour for you.",
        "id": "Rekan kami sudah membaca berkas Ibu dan bisa melayani pada jam yang sama.",
    },
}


def solution(
    by: User,
    *,
    of: Solution | None = None,
    now: datetime = NOW,
    used_by: UsedBy = UsedBy.DESK,
    says: Mapping[str, Any] | None = None,
    **more: Any,
) -> SolutionVersion:
    """One that `by` has written; `says` changes texts of it."""
    options: dict[str, Any] = {"reasons": [], "services": [], "review_by": (now + days(90)).date()} | more
    return writing.write(of, {**SAYS, **(says or {})}, used_by=used_by, by=by, now=now, **options)
