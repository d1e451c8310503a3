"""What files from elsewhere said, so that the next one shows which side has changed since."""

from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from appointments.models.appointment import Appointment


class ImportedFile(models.Model):
    """A file that was brought in. Its digest tells what it held, whatever it was called.

    `follows` is the export of the same source that it was newer than, as far as anybody knows.
    """

    name = models.CharField(_("name"), max_length=150)
    digest = models.CharField(_("digest"), max_length=64, db_index=True, help_text=_("SHA-256 of its bytes."))
    imported_at = models.DateTimeField(_("imported on"))
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("newer export of")
    )

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        ordering = ("-imported_at", "-pk")

    def __str__(self) -> str:
        return f"{self.name} · {date_format(localtime(self.imported_at), 'SHORT_DATETIME_FORMAT')}"


class Statement(models.Model):
    """What was said about an appointment by the newest file that says anything about it.

    `said` is `imports.statements.Said` as JSON; `sequence` and `stamp` tell which of two statements is the newer one.
    """

    appointment = models.OneToOneField(
        Appointment, on_delete=models.CASCADE, primary_key=True, related_name="statement", verbose_name=_("appointment")
    )
    file = models.ForeignKey(
        ImportedFile, on_delete=models.PROTECT, related_name="statements", verbose_name=_("imported file")
    )
    sequence = models.PositiveIntegerField(_("SEQUENCE"), default=0)
    stamp = models.CharField(_("last changed there"), max_length=32, blank=True)
    said = models.JSONField(_("said"))

    class Meta:
        verbose_name = _("statement of a file")
        verbose_name_plural = _("statements of files")

    def __str__(self) -> str:
        return str(self.file)
