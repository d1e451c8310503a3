"""The mail server of the business."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from appointments.domain.messages.ways import mail_server
from appointments.domain.messages.ways.mail_server import MailServer

SECURITY = (
    (mail_server.STARTTLS, _("STARTTLS (mostly port 587)")),
    (mail_server.TLS, _("TLS from the start (mostly port 465)")),
    (mail_server.NONE, _("none: only inside your own house")),
)


class MailForm(forms.Form):
    """The password is never shown again: left empty, the stored one stays."""

    host = forms.CharField(label=_("Server"), max_length=200, help_text=_("As your mail provider names it."))
    port = forms.IntegerField(label=_("Port"), initial=587, validators=[MinValueValidator(1), MaxValueValidator(65535)])
    security = forms.ChoiceField(label=_("Encryption"), choices=SECURITY)
    username = forms.CharField(label=_("Name at the server"), max_length=200, required=False)
    password = forms.CharField(
        label=_("Password at the server"),
        max_length=200,
        required=False,
        strip=False,
        # What was just typed stays after a test; what is stored is never given to the form.
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
    )
    sender = forms.EmailField(label=_("Messages come from"), max_length=200)

    def __init__(self, data: Any = None, *, stored: MailServer | None, sender: str) -> None:
        names = ("host", "port", "security", "username", "sender")
        initial = {name: getattr(stored, name) for name in names} if stored else {"sender": sender}
        super().__init__(data, initial=initial)
        if stored and stored.password:
            self.fields["password"].help_text = _("One is stored. Leave this empty to keep it.")

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).strip()
        if not host.isascii() or any(mark in host for mark in " /@:"):
            raise forms.ValidationError(_("Only the name of the server, such as mail.example.com."))
        return host
