"""The colleagues' shared list of solutions: what to do when something has to move, what became of it, and practice."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from appointments.enums import UsedBy
from appointments.models.catalogue import Service
from appointments.models.reason import Reason
from appointments.models.recovery import CasePoint
from appointments.models.rescheduling import RescheduleRequest
from appointments.multilingual import WordsField
from appointments.roles import WRITE_PLAYBOOK
from notifications.text import languages

TEXTS = ("title", "when", "steps", "words", "limits", "examples", "questions")
"""What a solution says, in the order in which it is read."""


class Solution(models.Model):
    """One solution through all its versions. `reasons` and `services` that it is for; none means all."""

    code = models.SlugField(max_length=60, blank=True, editable=False)
    """Of one that came with the product: it is put in once."""
    reasons = models.ManyToManyField(Reason, blank=True, related_name="solutions", verbose_name=_("reasons"))
    services = models.ManyToManyField(Service, blank=True, related_name="solutions", verbose_name=_("services"))
    used_by = models.CharField(_("who may use it"), max_length=10, choices=UsedBy, default=UsedBy.DESK)
    review_by = models.DateField(_("to be looked over by"))
    archived_at = models.DateTimeField(_("put away"), null=True, blank=True)

    class Meta:
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")
        ordering = ("pk",)
        permissions = ((WRITE_PLAYBOOK, "Can write the playbook"),)
        constraints = (models.UniqueConstraint(name="solution_code_once", fields=("code",), condition=~Q(code="")),)

    def __str__(self) -> str:
        newest = self.versions.order_by("-number").first()
        return str(newest) if newest else str(self.pk)


class VersionQuerySet(models.QuerySet["SolutionVersion"]):
    def newest(self) -> "VersionQuerySet":
        """Of each solution what it says now."""
        later = SolutionVersion.objects.filter(solution=OuterRef("solution"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))

    def in_use(self) -> "VersionQuerySet":
        return self.newest().filter(solution__archived_at=None)

    def meant_for(self, *, reason: Reason | None, service: Service | None) -> "VersionQuerySet":
        """Those of solutions for this reason and this service; for any where it is not known."""
        rows = self
        if reason is not None:
            rows = rows.filter(_for(Solution.reasons.through, "reason", reason.pk))
        if service is not None:
            rows = rows.filter(_for(Solution.services.through, "service", service.pk))
        return rows


def _for(links: type[models.Model], name: str, pk: int) -> Q:
    own = links._default_manager.filter(solution=OuterRef("solution"))
    return Q(~Exists(own)) | Q(Exists(own.filter(**{name: pk})))


class SolutionVersion(models.Model):
    """What a solution says since somebody wrote it so. Never changed (migration 0029): a change is a new version."""

    solution = models.ForeignKey(
        Solution, on_delete=models.PROTECT, related_name="versions", verbose_name=_("solution")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    title = WordsField(_("title"), max_length=120)
    when = WordsField(_("when to use it"), max_length=600)
    steps = WordsField(_("steps"), max_length=1500, help_text=_("One in a line."))
    words = WordsField(
        _("words for the customer"), max_length=600, blank=True, help_text=_("As the customer will read them.")
    )
    limits = WordsField(_("limits"), max_length=600, blank=True, help_text=_("What it does not cover, and until when."))
    examples = WordsField(_("examples"), max_length=1500, blank=True, help_text=_("Without names of customers."))
    questions = WordsField(_("questions to ask first"), max_length=1000, blank=True, help_text=_("One in a line."))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    """None: it came with the product."""
    written_at = models.DateTimeField(_("written"))

    objects: ClassVar = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a solution")
        verbose_name_plural = _("versions of solutions")
        ordering = ("solution", "-number")
        constraints = (models.UniqueConstraint(name="solution_version_once", fields=("solution", "number")),)

    def __str__(self) -> str:
        return str(self.title)

    def words_in(self, language: str) -> str:
        """What the customer may read; "" where nobody has written it in that language."""
        return str(self.words.data.get(languages.nearest(language), ""))

    @property
    def step_list(self) -> list[str]:
        return _lines(self.steps)

    @property
    def question_list(self) -> list[str]:
        return _lines(self.questions)


def _lines(words: object) -> list[str]:
    return [line.strip() for line in str(words).splitlines() if line.strip()]


class SolutionComment(models.Model):
    """What a colleague has seen of it, for the others."""

    solution = models.ForeignKey(
        Solution, on_delete=models.PROTECT, related_name="comments", verbose_name=_("solution")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    words = models.TextField(_("comment"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.words[:60]


class SolutionVote(models.Model):
    """What one colleague says of it: it worked for them, or it did not. They may change their mind."""

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="votes", verbose_name=_("solution"))
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("colleague")
    )
    worked = models.BooleanField(_("worked"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = (models.UniqueConstraint(name="solution_one_vote", fields=("solution", "voter")),)

    def __str__(self) -> str:
        return f"{self.solution_id}: {self.worked}"


class SolutionRead(models.Model):
    """That a colleague has read one version, as they say themselves."""

    version = models.ForeignKey(
        SolutionVersion, on_delete=models.PROTECT, related_name="reads", verbose_name=_("version")
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("colleague")
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("read receipt")
        verbose_name_plural = _("read receipts")
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(name="solution_read_once", fields=("version", "reader")),)

    def __str__(self) -> str:
        return f"{self.version_id}: {self.reader_id}"


class SolutionUse(models.Model):
    """That a solution was used, for a move or for a point of a complaint. What became of it is told by that."""

    version = models.ForeignKey(
        SolutionVersion, on_delete=models.PROTECT, related_name="uses", verbose_name=_("version")
    )
    round = models.ForeignKey(
        RescheduleRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="solutions_used",
        verbose_name=_("proposal"),
    )
    point = models.ForeignKey(
        CasePoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="solutions_used",
        verbose_name=_("point"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("used by")
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("use of a solution")
        verbose_name_plural = _("uses of solutions")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="solution_used_for_one_thing",
                condition=Q(round__isnull=True, point__isnull=False) | Q(round__isnull=False, point__isnull=True),
            ),
            models.UniqueConstraint(
                name="solution_used_once_a_round", fields=("version", "round"), condition=Q(round__isnull=False)
            ),
            models.UniqueConstraint(
                name="solution_used_once_a_point", fields=("version", "point"), condition=Q(point__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id}: {self.at:%Y-%m-%d}"


class AnotherWay(models.Model):
    """What a colleague did instead of what the playbook says, and why: it waits for whoever writes the playbook."""

    words = models.TextField(_("what was done instead, and why"), max_length=600)
    round = models.ForeignKey(
        RescheduleRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposal")
    )
    point = models.ForeignKey(
        CasePoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("point")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"))
    taken_up_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("another way")
        verbose_name_plural = _("other ways")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="another_way_in_one_thing",
                condition=Q(round__isnull=True, point__isnull=False) | Q(round__isnull=False, point__isnull=True),
            ),
            models.UniqueConstraint(name="another_way_once_a_round", fields=("round",)),
            models.UniqueConstraint(name="another_way_once_a_point", fields=("point",)),
        )

    def __str__(self) -> str:
        return self.words[:60]

    @property
    def reason(self) -> Reason | None:
        """The cause it was about, as far as it is known."""
        return self.round.reason if self.round else self.point.case.cause if self.point else None


class PracticeRun(models.Model):
    """One attempt at one scenario. What was written is not kept: only how much of it was right."""

    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("colleague")
    )
    scenario = models.SlugField(max_length=60)
    at = models.DateTimeField(_("when"))
    right = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(name="practice_right_of_all", condition=Q(of__gte=1, right__lte=F("of"))),
        )
        indexes = (models.Index(fields=("colleague", "scenario"), name="practice_own"),)

    def __str__(self) -> str:
        return f"{self.scenario}: {self.right}/{self.of}"
