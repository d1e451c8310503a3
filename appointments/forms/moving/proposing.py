"""What a colleague decides when an appointment has to move, and what a customer says on the phone."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from appointments.domain import promises
from appointments.domain.colleagues import desk_colleagues, name_of
from appointments.domain.moving import drafts, foretold
from appointments.domain.moving.drafts import ChosenOffer, Draft, Said
from appointments.domain.recovery import wording
from appointments.domain.recovery.honesty import Facts
from appointments.domain.schedule.slots import Alternative, Slot, slot_at
from appointments.enums import Why
from appointments.errors import DomainError
from appointments.forms.missing import MissingForm
from appointments.forms.moments import QUARTERS, WALL_CLOCK, hour_to_tell, shown_in
from appointments.forms.playbook import UsesSolutions
from appointments.forms.words import ANYWAY, WordsForCustomers, WritesToCustomers
from appointments.models import Appointment, Reason, Resource

UNTOLD = ("respond_by", "call_by", "solutions", "instead", "foretold", ANYWAY)
"""What the decision does not carry under the name of its field."""
USUAL = 3
"""So many suggestions are ticked before a colleague has chosen."""
KEY = re.compile(r"^(\d{9,11})\.(\d{1,18})\.([a-z_]{1,14})$")


@dataclass(frozen=True)
class Suggestion:
    """One line of the list a colleague chooses from. `key` is how the form names it."""

    key: str
    slot: Slot
    why: Why
    provider: Resource | None
    chosen: bool
    guaranteed: bool
    kept_until: datetime | None
    """Only where that is sooner than the answer is due."""


def key_of(slot: Slot, why: Why) -> str:
    return f"{int(slot.starts_at.timestamp())}.{slot.provider_id or 0}.{why}"


def first_marks(appointment: Appointment) -> dict[str, str]:
    """By which a page that has just been opened is known when it is sent: which page it is, and how things stood."""
    return {"nonce": secrets.token_urlsafe(16), "seen": drafts.state_of(appointment)}


def _hour_field(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs=QUARTERS, format=WALL_CLOCK)
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=[WALL_CLOCK, f"{WALL_CLOCK}:%S", "%Y-%m-%d %H:%M"]
    )


class ProposeForm(UsesSolutions, WritesToCustomers):
    """Reason, times, time to answer, who is responsible, a personal line. `draft()` is what the rules get.

    `without_times`: the customer is told although there is no time yet; whatever is ticked is left alone, and instead
    of the time to answer it is said by when the responsible colleague gets in touch.
    """

    reason = forms.ModelChoiceField(
        Reason.objects.filter(is_active=True),
        label=_("Why does it have to move?"),
        empty_label=_("Choose the reason"),
        error_messages={"required": _("Choose the reason: the customer is told it.")},
    )
    respond_by = _hour_field(_("Answer by"))
    call_by = _hour_field(_("Get in touch by"))
    contact = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Responsible"),
        help_text=_("Named to the customer, and phones if there is no answer."),
    )
    can_keep = forms.BooleanField(
        required=False, label=_("The original time is still possible, if the customer insists")
    )
    personal_note = WordsForCustomers(
        required=False,
        max_length=600,
        label=_("A personal line (optional)"),
        help_text=_("Stands in the message as you write it, with your name."),
    )
    could_change = WordsForCustomers(
        required=False,
        max_length=190,
        label=_("What could still change (optional)"),
        help_text=_("One sentence, which the customer reads: what may get in the way, and by when we will know."),
        widget=forms.TextInput,
    )
    foretold = forms.BooleanField(required=False)
    nonce = forms.CharField(max_length=60, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, question: MissingForm, user: User, more: bool, without_times: bool = False
    ) -> None:
        self.without_times = without_times
        self.question, self.appointment, self.now = question, question.appointment, question.now
        self.zone = self.appointment.location.tzinfo
        self.wanted: list[ChosenOffer] = []
        self.outages, limit = question.outages, 12 if more else drafts.MOST
        self.proposed = drafts.propose(self.appointment, now=self.now, limit=limit, outages=self.outages)
        first = [one.slot.starts_at for one in self.proposed[:USUAL]]
        self.usual = drafts.proposed_respond_by(self.appointment, first, now=self.now)
        super().__init__(data, initial=self._first_values(user) if data is None else None)
        self.notice = foretold.notice_for(self.appointment)
        if self.notice is None:
            del self.fields["foretold"]
        else:
            label = _("We told the customer before that this could happen: “%(words)s”") % {
                "words": self.notice.could_change
            }
            self.fields["foretold"].label = label
        self.fields["respond_by" if without_times else "call_by"].required = False
        self.fields["contact"].queryset = desk_colleagues()  # type: ignore[attr-defined]
        self.fields["contact"].label_from_instance = name_of  # type: ignore[attr-defined]

    def _first_values(self, user: User) -> dict[str, Any]:
        return {
            "reason": self.question.reason,
            "respond_by": shown_in(self.usual, self.zone),
            "call_by": shown_in(promises.usually_due(self.appointment.location, now=self.now), self.zone),
            "contact": user.pk,
            **first_marks(self.appointment),
        }

    def sent(self, name: str) -> list[str]:
        """Every value that was sent under `name`."""
        return self.data.getlist(name) if isinstance(self.data, QueryDict) else []

    def clean_respond_by(self) -> datetime | None:
        return None if self.without_times else self._hour("respond_by")

    def clean_call_by(self) -> datetime | None:
        return self._hour("call_by") if self.without_times else None

    def _hour(self, name: str) -> datetime:
        """The wall clock of the location, whatever zone the colleague sits in."""
        return hour_to_tell(self.cleaned_data[name], self.zone)

    def facts(self) -> Facts:
        return wording.about(self.appointment, reason=self.cleaned_data.get("reason"))

    def clean(self) -> dict[str, Any]:
        """Looks at every ticked time once more: it may have gone since the page was opened. All faults at once."""
        if self.question.is_asked and not self.question.is_new and not self.question.is_valid():
            self.add_error(None, [one for errors in self.question.errors.values() for one in errors])
        open_to_all = set(self.sent("open"))
        keys = dict.fromkeys([] if self.without_times else self.sent("offer"))
        for key in keys:
            try:
                self.wanted.append(ChosenOffer(self._slot(key), _why(key), key not in open_to_all))
            except DomainError as error:
                self.add_error(None, self._about(key, error))
        for field, fault in drafts.faults(self.appointment, self._said(), now=self.now):
            if field == "offers" and len(self.wanted) < len(keys):
                continue  # how many there are, and which, is known when those that were refused are off the list
            field = self._hour_meant if field == "respond_by" else field
            self.add_error(field if field in self.fields else None, fault.message)
        self._ask_for_a_line()
        return self.cleaned_data

    def _ask_for_a_line(self) -> None:
        """Where it hits hard, a person speaks too."""
        slots = [one.slot for one in self.wanted]
        why = drafts.why_hard(self.appointment, slots, reason=self.cleaned_data.get("reason"), now=self.now)
        if why and not self.cleaned_data.get("personal_note", "").strip() and "personal_note" not in self.errors:
            hint = _("Please add a personal line here; the solutions of the playbook, if any, have words for it.")
            self.add_error("personal_note", f"{why} {hint}")

    def _said(self) -> Said:
        return Said(
            offers=tuple(self.wanted),
            missing=self.question.missing_now,
            respond_by=self.cleaned_data.get(self._hour_meant),
            contact=self.cleaned_data.get("contact"),
            seen=self.cleaned_data.get("seen", ""),
            without_times=self.without_times,
            reason=self.cleaned_data.get("reason"),
            adds=bool(self.cleaned_data.get("personal_note", "").strip()),
        )

    @property
    def _hour_meant(self) -> str:
        return "call_by" if self.without_times else "respond_by"

    def draft(self) -> Draft:
        """The decision, for `rounds.open_round`. Only after `is_valid`."""
        fields = {name: self.cleaned_data[name] for name in self.fields if name not in UNTOLD}
        return Draft(
            offers=tuple(self.wanted),
            respond_by=self.cleaned_data[self._hour_meant],
            without_times=self.without_times,
            missing=self.question.new_now,
            disruption=self.question.disruption,
            foretold=self.notice if self.cleaned_data.get("foretold") else None,
            **fields,
        )

    def suggestions(self) -> list[Suggestion]:
        """The list to choose from: what is proposed, and what the colleague added, each once; ticked as it was."""
        ticked = self._ticked()
        open_to_all = set(self.sent("open"))
        proposed = {key_of(one.slot, one.why): one for one in self.proposed}
        found: dict[tuple[datetime, int | None], tuple[str, Alternative]] = {}
        for key in dict.fromkeys([*sorted(ticked), *proposed, *self.sent("shown")]):
            if one := proposed.get(key) or self._added(key):
                found.setdefault(one.slot.when_and_whom, (key, one))
        lines = dict(found.values())
        providers = Resource.objects.in_bulk({one.slot.provider_id for one in lines.values() if one.slot.provider_id})
        return [
            Suggestion(
                key,
                one.slot,
                one.why,
                providers.get(one.slot.provider_id or 0),
                chosen=key in ticked,
                guaranteed=key not in open_to_all,
                kept_until=self._shorter(one.slot),
            )
            for key, one in sorted(
                lines.items(), key=lambda item: (item[1].slot.starts_at, item[1].slot.provider_id or 0)
            )
        ]

    def _shorter(self, slot: Slot) -> datetime | None:
        """Until when it would be kept, where that is sooner than the answer is due."""
        due = (getattr(self, "cleaned_data", None) or {}).get("respond_by") or self.usual
        until = drafts.kept_until(self.appointment, slot.starts_at, respond_by=due, now=self.now)
        return until if until and until < due else None

    def _ticked(self) -> set[str]:
        """What was ticked; before anybody has, and when a new reason has taken some away, the first of the list too."""
        sent = set(self.sent("offer"))
        if self.is_bound and not self.question.is_new:
            return sent
        lines = [key_of(one.slot, one.why) for one in self.proposed]
        still = {key for key in sent if key in lines or self._added(key)}
        return still | set([key for key in lines if key not in still][: max(0, USUAL - len(still))])

    def _added(self, key: str) -> Alternative | None:
        try:
            return Alternative(self._slot(key), _why(key))
        except DomainError:
            return None

    def _slot(self, key: str) -> Slot:
        match = KEY.match(key)
        if match is None or match[3] not in Why.values:
            raise DomainError(str(_("One of the times cannot be read. Please choose it again.")))
        starts_at = datetime.fromtimestamp(int(match[1]), tz=UTC)
        provider_id = int(match[2]) or None
        return slot_at(
            self.appointment, starts_at=starts_at, provider_id=provider_id, now=self.now, outages=self.outages
        )

    def _about(self, key: str, error: DomainError) -> str:
        match = KEY.match(key)
        if match is None:
            return error.message
        shown = datetime.fromtimestamp(int(match[1]), tz=self.zone)
        return f"{shown:%d %b, %H:%M}: {error.for_colleagues}"


def _why(key: str) -> Why:
    return Why(key.rsplit(".", 1)[1])
