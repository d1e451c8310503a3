"""The table that is in force, and how another takes its place."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import audit
from appointments.domain.actors import staff
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction, TableState
from appointments.errors import DomainError
from appointments.models import Business, CompensationRule, CompensationTable


def in_force() -> list[CompensationRule]:
    """The rows of the table in force, in their order; none where there is no table. One query."""
    rows = CompensationRule.objects.filter(table__state=TableState.IN_FORCE).select_related("service")
    return list(rows.order_by("position", "pk"))


@one_transaction
def put_in_force(table: CompensationTable, *, by: User, now: datetime) -> CompensationTable:
    """From `now` on what is offered follows `table`; what was offered before keeps what was said with it.

    Raises `DomainError` for a table that is no draft (any more), for one without rows, and where a row is in another
    currency than the business's, so that no sum of it would be true.
    """
    tables = {one.pk: one for one in CompensationTable.objects.select_for_update(no_key=True).order_by("pk")}
    found = tables[table.pk]
    if found.state != TableState.DRAFT:
        raise DomainError(_("This table is in force, or has been. Copy it to change something."))
    if not found.rules.exists():
        raise DomainError(_("A table needs a row at least: who gets what."))
    currency = Business.current().currency
    if found.rules.exclude(worth_currency=currency).exists():
        raise DomainError(_("Rows are in another currency than %(currency)s. Save them anew.") % {"currency": currency})
    for one in tables.values():
        if one.state == TableState.IN_FORCE:
            with audit.watch(one, by=staff(by), now=now):
                one.state, one.until = TableState.PAST, now
                one.save(update_fields=["state", "until"])
    with audit.watch(found, by=staff(by), now=now):
        found.state, found.since = TableState.IN_FORCE, now
        found.save(update_fields=["state", "since"])
    return found


@one_transaction
def copy(table: CompensationTable, *, by: User, now: datetime) -> CompensationTable:
    """A draft with the same rows, to be changed."""
    title = _("Copy of %(title)s") % {"title": table.title}
    draft = CompensationTable.objects.create(title=title[:120], made_by=by)
    for row in table.rules.all():
        row.pk, row.table = None, draft
        row._state.adding = True
        row.save()
    said = {"title": draft.title, "copy of": str(table)}
    audit.record(AuditAction.ADDED, draft, by=staff(by), now=now, after=said)
    return draft
