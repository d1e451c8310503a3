"""Who did what to how the business is set up: settings, hours, people, wording, roles, and what was taken home.

What happens to appointments has a history of its own. Rows are added and never changed.
"""

from typing import ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from appointments.enums import ActorKind, AuditAction
from appointments.models.history import AppendOnly

REPORT = "report"
"""The noun of what is no row: a file with figures that left the house."""
MAIL_SERVER = "mail_server"
HELD = "held"
OF_NO_TABLE = {REPORT: _("Report"), MAIL_SERVER: _("Mail server"), HELD: _("Messages since the restore")}
LONGEST_NAME = 200


class AuditEntry(models.Model):
    """One act. `noun` names the kind of thing as Django does, `key` the row, `name` what it was called then; `before`
    and `after` say of each field that changed what it was and is, as plain words.
    """

    at = models.DateTimeField(_("when"))
    actor_kind = models.CharField(_("by"), max_length=10, choices=ActorKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    action = models.CharField(_("did"), max_length=16, choices=AuditAction)
    noun = models.CharField(_("what"), max_length=60)
    key = models.CharField(_("number"), max_length=60, blank=True)
    name = models.CharField(_("which"), max_length=LONGEST_NAME, blank=True)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)

    objects: ClassVar = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("change of the settings")
        verbose_name_plural = _("changes of the settings")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(name="audit_names_a_noun", condition=~Q(noun="")),
            models.CheckConstraint(
                name="audit_of_staff_names_them",
                condition=~Q(actor_kind=ActorKind.STAFF) | Q(actor__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=("at", "id"), name="audit_by_time"),
            models.Index(fields=("actor", "at"), name="audit_by_person"),
            models.Index(fields=("noun", "at"), name="audit_by_noun"),
        )

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.noun_label} {self.name}"

    @property
    def noun_label(self) -> str:
        return label_of(self.noun)


def label_of(noun: str) -> str:
    """What a reader calls such a thing."""
    if noun in OF_NO_TABLE:
        return str(OF_NO_TABLE[noun])
    for app in ("appointments", "notifications", "auth"):
        try:
            return capfirst(str(apps.get_model(app, noun)._meta.verbose_name))
        except LookupError:
            continue
    return noun
