"""What a text may say of times to choose from, and of what comes with them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from appointments.domain.compensation.promised import told_with
from appointments.domain.compensation.words import said
from appointments.models import Compensation, Offer, RescheduleRequest, Resource


def span(starts_at: datetime, ends_at: datetime, provider: Resource | None) -> dict[str, Any]:
    return {"starts_at": starts_at, "ends_at": ends_at, "person": provider.name if provider else ""}


def gift_with_code(given: Compensation) -> dict[str, Any]:
    """What was given, the code by which it is used, and until when."""
    language = given.appointment.customer.reads
    return {"said": said(given, language), "code": given.code, "valid_until": given.valid_until}


def told_offers(
    offers: Iterable[Offer], round_: RescheduleRequest, *, now: datetime, language: str, page: str
) -> list[dict[str, Any]]:
    """The times to choose from, each with its own address on the customer's `page` and with what comes with it."""
    return [
        _offer(offer, round_, now=now, language=language) | {"url": f"{page}?offer={offer.pk or offer.position}"}
        for offer in offers
    ]


def _offer(offer: Offer, round_: RescheduleRequest, *, now: datetime, language: str) -> dict[str, Any]:
    is_kept = offer.is_kept(now) and not round_.holds_lapsed
    comes_with = told_with(offer)
    return {
        "position": offer.position,
        **span(offer.starts_at, offer.ends_at, offer.provider),
        "same_person": offer.provider_id == round_.was_provider_id,
        "why": offer.why,
        "guaranteed": is_kept,
        "kept_until": offer.kept_until if is_kept else None,
        "is_shorter": is_kept and offer.is_kept_shorter,
        "outside_hours": offer.outside_hours,
        "gift": said(comes_with, language) if comes_with else "",
    }
