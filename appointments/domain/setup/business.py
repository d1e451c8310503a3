"""What the business says of itself, and in which country it is."""

from datetime import datetime

from appointments.domain import audit
from appointments.domain.actors import Actor
from appointments.domain.setup.countries import COUNTRIES
from appointments.domain.transactions import one_transaction
from appointments.models import Business, Location, Setup


@one_transaction
def write_down(business: Business, *, country: str = "", by: Actor, now: datetime) -> None:
    """`country`: from which everything else is proposed."""
    with audit.watch(business, by=by, now=now):
        business.save()
    if country:
        Setup.objects.update_or_create(pk=1, defaults={"country": country})


def home_country(*, otherwise: str) -> str:
    """Where the business is: as it was said, else as its first place, else `otherwise`."""
    said = Setup.current().country or Location.objects.values_list("country", flat=True).first() or otherwise
    return said if said in COUNTRIES else ""


def remember_trade(trade: str) -> None:
    Setup.objects.update_or_create(pk=1, defaults={"trade": trade})
