"""How the business says what our texts leave to it: one row a version, of which none is ever changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WordingQuerySet(models.QuerySet["Wording"]):
    """Refuses what would rewrite a version; migration `0008` makes the database refuse it too."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("Versions of a wording are append-only.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("Versions of a wording are append-only.")

    def in_force(self) -> WordingQuerySet:
        """Of each kind in each language the newest."""
        later = self.model._default_manager.filter(
            kind=models.OuterRef("kind"), language=models.OuterRef("language"), version__gt=models.OuterRef("version")
        )
        return self.filter(~models.Exists(later))


class Wording(models.Model):
    """The parts of the messages of one kind in one language that the business words itself. What `parts` does not name
    is said as we ship it; with none, the business has gone back to ours.
    """

    kind = models.CharField(_("message"), max_length=60)
    language = models.CharField(_("language"), max_length=16)
    version = models.PositiveIntegerField(_("version"))
    parts = models.JSONField(_("words"), default=dict, blank=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))

    objects: ClassVar = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording of a message")
        verbose_name_plural = _("wordings of messages")
        ordering = ("kind", "language", "-version")
        constraints = (
            models.UniqueConstraint(name="wording_version_once", fields=("kind", "language", "version")),
            models.CheckConstraint(name="wording_counts_from_one", condition=Q(version__gte=1)),
            models.CheckConstraint(name="wording_names_kind", condition=~Q(kind="") & ~Q(language="")),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.language}), {self.version}"
