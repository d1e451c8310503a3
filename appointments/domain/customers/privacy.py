"""What is kept of a person, to hand it over and to forget it: with the records that went into theirs."""

from datetime import datetime
from typing import Any

from appointments.domain.customers.corrections import CONTACT
from appointments.domain.customers.merging import plain, records_of, refs_of, who_stays
from appointments.domain.messages import of_person
from appointments.domain.transactions import one_transaction
from appointments.models import Customer, CustomerMerge, ImportRun

FORGOTTEN = ("name", "email", "phone", "address", "note")


def person(pk: int) -> Customer:
    """Whose record this is, whether it is in use or went into another one. Raises `Customer.DoesNotExist`."""
    return who_stays(Customer.objects.get(pk=pk))


def export(customer: Customer) -> dict[str, list[dict[str, Any]]]:
    """Each record of the person, the one in use first, and every message to them, as plain values."""
    records = [{name: plain(one, name) for name in CONTACT} for one in records_of(customer)]
    return {"records": records, "messages": of_person.export(refs_of(customer))}


@one_transaction
def forget(customer: Customer, *, now: datetime) -> int:
    """Wipes who they are from every record, message and merge of theirs; times, kinds and outcomes stay. Returns how
    many messages it concerned. What was put together can be undone no longer, and of files nothing is kept that may be
    about them: those that wait go, and so do the sentences about rows of others.
    """
    records = records_of(Customer.objects.select_for_update().get(pk=customer.pk))
    concerned = of_person.forget([of_person.ref(one) for one in records], now=now)
    for one in records:
        for name in FORGOTTEN:
            setattr(one, name, "")
        one.name = "–"
        one.save(update_fields=FORGOTTEN)
    CustomerMerge.objects.filter(kept__in=records).update(before={}, after={})
    ImportRun.objects.all().forget_words()
    return concerned
