"""Colleagues of the business beside what Django knows of them, and those who are asked to become one."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments import roles
from appointments.models.business import Location
from appointments.models.resources import Resource


class Colleague(models.Model):
    """What a colleague's user does not say. Without `places` they work for all of them; so does who has no row."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="colleague", verbose_name=_("user")
    )
    places = models.ManyToManyField(Location, blank=True, related_name="colleagues", verbose_name=_("places"))
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("retired by"),
    )

    objects: ClassVar[models.Manager["Colleague"]] = models.Manager()

    class Meta:
        verbose_name = _("colleague")
        verbose_name_plural = _("colleagues")
        permissions = ((roles.MANAGE_PEOPLE, _("Can invite, retire and give roles to colleagues")),)
        constraints = (
            models.CheckConstraint(
                name="colleague_retired_by_somebody",
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.user.get_full_name() or self.user.get_username()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> "InvitationQuerySet":
        """Those whose link still opens."""
        return self.standing().filter(expires_at__gt=now)

    def standing(self) -> "InvitationQuerySet":
        """Neither taken up nor taken back: open, or run out."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)

    def for_display(self) -> "InvitationQuerySet":
        return self.select_related("invited_by").prefetch_related("places")


class Invitation(models.Model):
    """Somebody is asked to work here. Its link opens once; of it only the fingerprint is kept, so a new link is made
    to send it again, and the one before is dead.
    """

    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=20, choices=roles.LABELS)
    places = models.ManyToManyField(Location, blank=True, related_name="+", verbose_name=_("places"))
    resource = models.ForeignKey(
        Resource,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person of the calendar"),
        help_text=_("Whose appointments are theirs once they have come."),
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("open until"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    links = models.PositiveSmallIntegerField(default=1, editable=False)
    nonce = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    used_at = models.DateTimeField(_("taken up"), null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitation",
        verbose_name=_("became"),
    )

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-invited_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="invitation_used_iff_somebody_came",
                condition=Q(used_at__isnull=True, user__isnull=True) | Q(used_at__isnull=False, user__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_used_or_taken_back", condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="invitation_standing_once_per_address",
                fields=("email",),
                condition=Q(used_at__isnull=True, revoked_at__isnull=True) & ~Q(email=""),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_standing(self) -> bool:
        return self.used_at is None and self.revoked_at is None

    def is_open(self, now: datetime) -> bool:
        return self.is_standing and now < self.expires_at
