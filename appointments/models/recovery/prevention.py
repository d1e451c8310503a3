"""What we change so that less has to move: for which cause, by whom, by when, and from when on it works."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.models.business import Location
from appointments.models.catalogue import Service
from appointments.models.reason import Reason
from appointments.models.recovery.cases import RecoveryCase


class CorrectiveAction(models.Model):
    """One change, with an owner. It works from `works_since` on, or was given up, or is still to come."""

    cause = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="actions", verbose_name=_("cause"))
    service = models.ForeignKey(
        Service,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
        help_text=_("Empty: all."),
    )
    location = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("location"),
        help_text=_("Empty: all."),
    )
    case = models.ForeignKey(
        RecoveryCase,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("complaint"),
        help_text=_("That it was learned from, if there is one."),
    )
    what = models.CharField(_("what we change"), max_length=250)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="actions", verbose_name=_("owner")
    )
    due_on = models.DateField(_("due"))
    works_since = models.DateField(
        _("works since"),
        null=True,
        blank=True,
        help_text=_("The first day on which it was so. From then on we compare."),
    )
    given_up = models.CharField(_("given up, because"), max_length=250, blank=True)

    objects: ClassVar[models.Manager["CorrectiveAction"]] = models.Manager()

    class Meta:
        verbose_name = _("change we make")
        verbose_name_plural = _("changes we make")
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="action_works_or_was_given_up", condition=Q(works_since__isnull=True) | Q(given_up="")
            ),
        )

    def __str__(self) -> str:
        return self.what

    def is_late(self, today: date) -> bool:
        return self.works_since is None and not self.given_up and self.due_on < today
