"""What files from elsewhere said, so that the next one shows which side has changed since."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from appointments.enums import ImportState
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


WORDS_OF_FILES = ("problems", "left", "unknown")
"""What of a report quotes the file, or may."""
OVER = (ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE)


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def due(self) -> "ImportRunQuerySet":
        """Those that the worker has to check or to bring in."""
        return self.filter(state__in=(ImportState.CHECKING, ImportState.WAITING))

    def forget_words(self) -> None:
        """Of what files said of people only the numbers stay; those that wait to be brought in go."""
        self.filter(state=ImportState.DRAFT).delete()
        for run in self.filter(report__has_key="problems").defer("data"):
            kept = {name: value for name, value in (run.report or {}).items() if name not in WORDS_OF_FILES}
            self.filter(pk=run.pk).update(report=kept)

    def for_display(self) -> "ImportRunQuerySet":
        """Without what the file holds, which only the worker needs."""
        return self.select_related("by", "undone_by", "file").defer("data")


class ImportRun(models.Model):
    """One time that a colleague brings a file in: what was uploaded, what they have chosen, and what became of it.

    `choices` are those of `imports.choices.Chosen`, `report` what the last check or the import itself has said.
    `headings` is the digest of a table's headings: the next file with the same ones begins with the same choices.
    `created` are the customers who are new by it, with what was known of each then. `begun_at` tells when a worker
    began with it, `tries` how often one did. The file itself is kept only until it is brought in.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("brought in by")
    )
    name = models.CharField(_("name"), max_length=150)
    digest = models.CharField(_("digest"), max_length=64)
    data = models.BinaryField(null=True)
    size = models.PositiveIntegerField(_("size"))
    headings = models.CharField(max_length=64, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"))
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.DRAFT)
    choices = models.JSONField(default=dict)
    report = models.JSONField(null=True, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    created = models.JSONField(default=dict)
    begun_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(_("imported on"), null=True, blank=True)
    file = models.ForeignKey(
        ImportedFile, on_delete=models.PROTECT, null=True, blank=True, related_name="runs", verbose_name=_("file")
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone = models.JSONField(default=dict)

    objects: ClassVar = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-uploaded_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="import_ended_iff_brought_in",
                condition=Q(state__in=OVER, ended_at__isnull=False) | (~Q(state__in=OVER) & Q(ended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="import_undone_by_somebody",
                condition=Q(state__in=OVER[1:], undone_at__isnull=False, undone_by__isnull=False)
                | (~Q(state__in=OVER[1:]) & Q(undone_at__isnull=True, undone_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="import_keeps_its_file_until_then",
                condition=Q(data__isnull=False) | Q(state__in=OVER),
            ),
        )
        indexes = (models.Index(fields=("headings", "-uploaded_at"), name="import_of_headings"),)
        permissions = (("import_appointments", _("Can bring in appointments from files")),)

    def __str__(self) -> str:
        return self.name

    @property
    def changed(self) -> int:
        """How many known appointments it has moved, corrected, cancelled or taken up again."""
        counts = (self.report or {}).get("counts", {})
        return sum(counts.get(name, 0) for name in ("moved", "changed", "reinstated", "cancelled"))


class Statement(models.Model):
    """What was said about an appointment by the newest file that says anything about it.

    `said` is `imports.statements.Said` as JSON; `sequence` and `stamp` tell which of two statements is the newer one.
    `brought_by` is the import to which we owe the appointment, as long as that was done on the page.
    """

    appointment = models.OneToOneField(
        Appointment, on_delete=models.CASCADE, primary_key=True, related_name="statement", verbose_name=_("appointment")
    )
    file = models.ForeignKey(
        ImportedFile, on_delete=models.PROTECT, related_name="statements", verbose_name=_("imported file")
    )
    brought_by = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="brought", verbose_name=_("import")
    )
    sequence = models.PositiveIntegerField(_("SEQUENCE"), default=0)
    stamp = models.CharField(_("last changed there"), max_length=32, blank=True)
    said = models.JSONField(_("said"))

    class Meta:
        verbose_name = _("statement of a file")
        verbose_name_plural = _("statements of files")

    def __str__(self) -> str:
        return str(self.file)
