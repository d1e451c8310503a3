"""How a colleague likes to see a queue."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 40


class SavedView(models.Model):
    """A queue narrowed and ordered in one way, under a name of the colleague's own. `filters` are as in an address."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    queue = models.CharField(_("queue"), max_length=20)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    filters = models.CharField(_("filters"), max_length=300, blank=True)

    objects: ClassVar = models.Manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(name="saved_view_name_once", fields=("owner", "name")),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
        )

    def __str__(self) -> str:
        return self.name
