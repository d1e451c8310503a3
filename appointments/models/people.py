"""Customers: how to greet them, how to reach them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from appointments.enums import Honorific
from notifications.enums import Channel
from notifications.text import languages
from notifications.text.cleaning import one_line

WAYS = (Channel.EMAIL, Channel.SMS, Channel.CALL)
"""How a customer may want to be told."""


class CustomerQuerySet(models.QuerySet["Customer"]):
    def matching(self, words: str) -> "CustomerQuerySet":
        """Customers whose name, e-mail or phone holds `words`; the start of a name counts, digits count as a phone."""
        words = one_line(words)
        digits = "".join(c for c in words if c.isdigit())
        found = Q(name__icontains=words) | Q(email__istartswith=words)
        if len(digits) >= 4:
            found |= Q(phone__contains=digits.removeprefix("0"))
        return self.filter(found)


class Customer(models.Model):
    """A person who has appointments with us."""

    name = models.CharField(_("name"), max_length=150, db_index=True)
    honorific = models.CharField(
        _("greeted as"), max_length=2, choices=Honorific, default=Honorific.UNKNOWN, blank=True
    )
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    phone = PhoneNumberField(_("phone"), blank=True, db_index=True)
    language = models.CharField(_("language"), max_length=16, choices=languages.choices, default=languages.own)
    preferred_channel = models.CharField(
        _("prefers"),
        max_length=10,
        choices=[(way.value, way.label) for way in WAYS],
        default=Channel.EMAIL,
        help_text=_("We try this way first, then the others we have an address for."),
    )
    address = models.CharField(
        _("address"), max_length=250, blank=True, help_text=_("For deliveries and on-site jobs.")
    )
    wants_follow_up = models.BooleanField(
        _("may be asked how it went"), default=True, help_text=_("Apologies and confirmations are sent in any case.")
    )
    note = models.TextField(_("note for staff"), blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects: ClassVar = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """What the customer's page shows: never the whole name. Of "I Wayan Sudiarta" it is Wayan."""
        words = self.name.split()
        return next((word for word in words if len(word.strip(".")) > 1), words[0] if words else "")

    @property
    def reads(self) -> str:
        """The language we write to this customer in: their own, while it is one that is in use."""
        return languages.nearest(self.language)
