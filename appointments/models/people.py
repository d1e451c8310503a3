"""Customers: how to greet them, how to reach them."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from appointments.enums import Honorific
from notifications.enums import Channel
from notifications.text import languages
from notifications.text.cleaning import fold, one_line, sought
from notifications.text.names import called

WAYS = (Channel.EMAIL, Channel.SMS, Channel.CALL)
"""How a customer may want to be told."""

MOST_WORDS = 8
"""A search for more words asks for the first: no name has as many."""

SHORTEST_NUMBER = 4

NO_DISTRICT = re.compile(r"(?:rt|rw|blok|unit|lantai|lt|no|apt|flat|floor|suite)\b", re.IGNORECASE)
"""How those parts of an address begin that say where in a house or a street it is."""


class CustomerQuerySet(models.QuerySet["Customer"]):
    def standing(self) -> "CustomerQuerySet":
        """Without who was forgotten, and the records that turned out to be somebody's whom we have another one of."""
        known = self.filter(forgotten_at__isnull=True)
        return known.exclude(pk__in=CustomerMerge.objects.in_force().values("gone"))

    def matching(self, words: str) -> "CustomerQuerySet":
        """Those that stand whose name, e-mail or phone holds each of `words`, in any order: parts of words count;
        accents, apostrophes and signs between words do not, and from four on digits are looked for in the phone, too.
        """
        found = Q()
        for word in (parts := sought(words))[:MOST_WORDS]:
            found &= Q(sought__contains=word) | _in_phone(word)
        found |= _in_phone(fold(one_line(words)))
        return self.standing().filter(found) if parts else self.none()


def _in_phone(said: str) -> Q:
    """The digits as people write a number, if `said` is one or a part of one."""
    digits = "".join(mark for mark in said if mark.isdigit())
    is_number = len(digits) >= SHORTEST_NUMBER and not any(mark.isalpha() for mark in said)
    return Q(phone__contains=digits.removeprefix("0")) if is_number else Q(pk__in=())


class FoldedField(models.TextField):
    """What other fields hold, as it is searched. Written with them, so no row can be saved without it; an update that
    passes `save` by has to name it.
    """

    def __init__(self, *args: Any, of: Sequence[str] = (), **options: Any) -> None:
        self.of = of
        super().__init__(*args, **{"editable": False, "default": "", **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = fold(" ".join(str(getattr(model_instance, name)) for name in self.of))
        setattr(model_instance, self.attname, folded)
        return folded


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
    sought = FoldedField(of=("name", "email"))
    forgotten_at = models.DateTimeField(
        _("forgotten"), null=True, blank=True, editable=False, help_text=_("Nothing is left of who they were.")
    )

    objects: ClassVar = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ("name", "pk")
        permissions = (("forget_customer", "Can hand over and forget what is kept of a customer"),)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        fields = set(update_fields) if update_fields is not None else None
        if fields and fields & {"name", "email"}:
            fields.add("sought")
        super().save(*args, update_fields=fields, **options)

    @property
    def first_name(self) -> str:
        """What the customer's page shows: never the whole name. Of "Hj. Siti Aminah" it is Siti."""
        return called(self.name).first or self.name

    @property
    def reads(self) -> str:
        """The language we write to this customer in: their own, while it is one that is in use."""
        return languages.nearest(self.language)

    @property
    def district(self) -> str:
        """Whereabouts they live, for whoever goes there: "Cempaka Putih" of "Jl. Teratai No. 12, Cempaka Putih, Jakarta
        10510". The whole address where it has one part only.
        """
        for part in self.address.split(",")[1:]:
            words = re.sub(r"\b\d[\d-]*\b", "", part).strip(" .-")
            if words and not NO_DISTRICT.match(words):
                return words
        return self.address.strip()


class MergeQuerySet(models.QuerySet["CustomerMerge"]):
    def in_force(self) -> "MergeQuerySet":
        return self.filter(undone_at__isnull=True)


class CustomerMerge(models.Model):
    """Two records that are one person's: `gone` points to `kept` by this row, and stays as it was.

    It remembers exactly what was done, so that it can be undone: `moved` holds the keys of the rows that went over, by
    what they are, `before` and `after` what was known of `kept`, for what changed. That nothing is booked for a record
    that is gone is kept by triggers (migration 0045), whoever writes.
    """

    kept = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="took_in", verbose_name=_("stays"))
    gone = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges", verbose_name=_("is the same"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("said by")
    )
    moved = models.JSONField(_("went over"), default=dict)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )

    objects: ClassVar = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("record put together")
        verbose_name_plural = _("records put together")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(name="merge_is_of_two", condition=~Q(kept=F("gone"))),
            models.UniqueConstraint(name="merge_once_at_a_time", fields=("gone",), condition=Q(undone_at__isnull=True)),
            models.CheckConstraint(
                name="merge_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"


class TwoPeople(models.Model):
    """Somebody has said that these two, alike as they look, are two people; the one of the lower key is the first."""

    one = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", verbose_name=_("one"))
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", verbose_name=_("other"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("said by")
    )

    objects: ClassVar[models.Manager["TwoPeople"]] = models.Manager()

    class Meta:
        verbose_name = _("two people")
        verbose_name_plural = _("two people")
        constraints = (
            models.UniqueConstraint(name="two_people_said_once", fields=("one", "other")),
            models.CheckConstraint(name="two_people_in_order", condition=Q(one__lt=F("other"))),
        )

    def __str__(self) -> str:
        return f"{self.one} ≠ {self.other}"
