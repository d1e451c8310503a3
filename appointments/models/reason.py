"""Why appointments move: what colleagues call it, and what customers read."""

import string

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.enums import Family, Fault, ReasonAbout, ReasonSpan
from appointments.models.appointment import Appointment
from appointments.multilingual import EachLanguage, InReadersLanguage, WordsField
from notifications.text import languages

WORDING_PLACEHOLDERS = frozenset({"provider", "service", "location"})


def validate_wording(value: str) -> None:
    """Accepts plain text with the named placeholders of `WORDING_PLACEHOLDERS` in braces, and nothing that computes."""
    try:
        fields = [(name, spec, conversion) for __, name, spec, conversion in string.Formatter().parse(value)]
    except ValueError as error:
        raise ValidationError(_("A brace is open or closed without its partner.")) from error
    for name, spec, conversion in fields:
        if name is not None and (name not in WORDING_PLACEHOLDERS or spec or conversion):
            raise ValidationError(
                _("“{%(name)s}” is not a placeholder. You can use %(known)s."),
                params={"name": name, "known": ", ".join(f"{{{known}}}" for known in sorted(WORDING_PLACEHOLDERS))},
            )


class Reason(models.Model):
    """Why an appointment has to move, in words a customer may read. Typed, so that reports can count causes."""

    code = models.SlugField(_("code"), unique=True, max_length=40)
    label = WordsField(_("name for staff"), max_length=120)
    family = models.CharField(_("family"), max_length=12, choices=Family)
    fault = models.CharField(
        _("fault"), max_length=10, choices=Fault, help_text=_("Decides whether we apologise, and how.")
    )
    wording = WordsField(
        _("what customers read"),
        max_length=300,
        validators=[EachLanguage(validate_wording)],
        help_text=_("Completes the sentence below. You can use {provider}, {service} and {location}. No full stop."),
    )
    about = models.CharField(
        _("takes away"),
        max_length=12,
        choices=ReasonAbout,
        default=ReasonAbout.APPOINTMENT,
        help_text=_("No time is offered in which this is missing. A colleague can say otherwise for each appointment."),
    )
    lasts = models.CharField(_("for how long"), max_length=5, choices=ReasonSpan, default=ReasonSpan.TIME)
    is_private = models.BooleanField(
        _("details are private"),
        default=False,
        help_text=_("Customers read only that a colleague is not available, never why. For anything about health."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ("position", InReadersLanguage("label"))

    def __str__(self) -> str:
        return self.label_in()

    def label_in(self, language: str | None = None) -> str:
        return str(self.label.localize(language or languages.active()))

    @property
    def is_wish(self) -> bool:
        """Whether the customer is who wants to move: then nothing is missing on our side."""
        return self.family == Family.CUSTOMER

    def wording_for(self, appointment: Appointment, language: str) -> str:
        """The public cause in `language` with its placeholders filled from `appointment`."""
        values = {
            "provider": appointment.provider.name if appointment.provider else appointment.location.name,
            "service": appointment.service.name_in(language),
            "location": appointment.location.name,
        }
        return str(self.wording.localize(language)).format_map(values)
