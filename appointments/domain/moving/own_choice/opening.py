"""The round of a customer who does something by themselves: their own wish, looked after by whom they know."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils import translation
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.strings import LazyI18nString

from appointments.domain import promises
from appointments.domain.actors import CUSTOMER
from appointments.domain.colleagues import desk_colleagues
from appointments.domain.moving.drafts import ChosenOffer, Draft
from appointments.domain.moving.rounds import open_round
from appointments.domain.schedule.slots import Slot
from appointments.enums import Family, Fault, Why
from appointments.errors import MoveRefused
from appointments.models import Appointment, Reason, RescheduleRequest
from notifications.text import languages

CODE = "customer-asked"
LABEL, WORDING = gettext_lazy("Customer asked for another time"), gettext_lazy("you asked us for another time")
TO_WRITE_IT_DOWN = timedelta(minutes=15)
"""The round lives for the moment in which it is written; a row needs an hour by which an answer would be due."""


def open_own(appointment: Appointment, slots: tuple[Slot, ...], *, now: datetime) -> RescheduleRequest:
    """The round in which the customer goes to one of `slots`, cancels, or asks: no message opens it, and the original
    time stays possible. The appointment is locked.
    """
    draft = Draft(
        reason=wish(),
        offers=tuple(ChosenOffer(one, Why.WISH, guaranteed=False) for one in slots),
        respond_by=now + TO_WRITE_IT_DOWN,
        contact=contact_of(appointment),
        can_keep=True,
        agreed=True,
    )
    opened: RescheduleRequest = open_round(appointment, draft, by=CUSTOMER, now=now)
    return opened


def contact_of(appointment: Appointment) -> User:
    """Whom the customer knows from the last round; else whoever works at the desk. Raises `MoveRefused` for nobody."""
    latest = appointment.requests.select_related("contact").order_by("-round").first()
    contact = promises.stand_in_for(latest.contact) if latest else desk_colleagues().first()
    if contact is None:
        raise MoveRefused(_("There is nobody here at the moment who looks after this. Please phone us."))
    return contact


def wish() -> Reason:
    """The reason that says so: the first in use, or one that was; where a business has none it is made."""
    known = Reason.objects.filter(family=Family.CUSTOMER, fault=Fault.CUSTOMER)
    found = known.order_by("-is_active", "position", "pk").first()
    if found is not None:
        return found
    words = {"label": _in_each_language(LABEL), "wording": _in_each_language(WORDING)}
    made, _is_new = Reason.objects.get_or_create(
        code=CODE, defaults={"family": Family.CUSTOMER, "fault": Fault.CUSTOMER, **words}
    )
    return made


def _in_each_language(text: LazyText) -> LazyI18nString:
    said = {}
    for code in languages.codes():
        with translation.override(code):
            said[code] = str(text)
    return LazyI18nString(said)
