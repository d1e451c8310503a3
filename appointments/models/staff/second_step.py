"""What a colleague shows beside the password when signing in: an app that counts codes, passkeys, codes on paper."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AuthenticatorApp(models.Model):
    """An app on a phone that shows another code every half minute. `sealed` is its key, which nobody reads without the
    key of the installation. Of the codes it has shown only those after `last_period` still open anything.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="authenticator_app", verbose_name=_("user")
    )
    sealed = models.TextField(editable=False)
    last_period = models.BigIntegerField(editable=False)
    added_at = models.DateTimeField(_("added"))
    used_at = models.DateTimeField(_("used last"), null=True, blank=True)

    objects: ClassVar[models.Manager["AuthenticatorApp"]] = models.Manager()

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(name="authenticator_app_has_a_key", condition=~Q(sealed="")),
            models.CheckConstraint(name="authenticator_app_counts_from_a_period", condition=Q(last_period__gt=0)),
        )

    def __str__(self) -> str:
        return str(_("Authenticator app"))


class Passkey(models.Model):
    """A key that a phone, computer or stick keeps for one colleague and shows to nobody; here is its public half.

    `signatures` counts up with each use on devices that count; `last_challenge` is the fingerprint of what was signed
    last, so that one signature opens once.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=60)
    credential_id = models.CharField(max_length=1400, unique=True, editable=False)
    credential = models.BinaryField(editable=False)
    signatures = models.BigIntegerField(default=0, editable=False)
    last_challenge = models.CharField(max_length=64, blank=True, editable=False)
    added_at = models.DateTimeField(_("added"))
    used_at = models.DateTimeField(_("used last"), null=True, blank=True)

    objects: ClassVar[models.Manager["Passkey"]] = models.Manager()

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        default_permissions = ()
        ordering = ("added_at", "pk")
        constraints = (
            models.CheckConstraint(name="passkey_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="passkey_has_an_id", condition=~Q(credential_id="")),
            models.CheckConstraint(name="passkey_counts_up", condition=Q(signatures__gte=0)),
        )

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """One code of a sheet of paper, of which only the fingerprint is kept; it opens once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes", verbose_name=_("user")
    )
    code_hash = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("made"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects: ClassVar[models.Manager["RecoveryCode"]] = models.Manager()

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(name="recovery_code_once_per_person", fields=("user", "code_hash")),
            models.CheckConstraint(name="recovery_code_has_a_fingerprint", condition=~Q(code_hash="")),
        )

    def __str__(self) -> str:
        return str(_("Recovery code"))
