"""How a colleague narrows a queue, hands over what is ticked in it, and keeps a view of it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from appointments.domain.colleagues import desk_colleagues, name_of
from appointments.domain.pages.queues.asked import Asked, Due
from appointments.domain.pages.queues.kinds import Queue
from appointments.forms.words import NoteForColleagues
from appointments.models import Location, Promise, Resource
from appointments.models.desk import LONGEST_NAME
from appointments.models.promise import PromiseQuerySet

MOST_AT_ONCE = 200


class FilterForm(forms.Form):
    """What a queue can be narrowed to, as it is `asked` for now. It is read by `asked.read`, which takes no offence."""

    place = forms.ChoiceField(label=_("Place"), required=False)
    person = forms.ChoiceField(label=_("Who has it"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    due = forms.ChoiceField(label=_("Due"), required=False, choices=[("", _("at any time")), *Due.choices])

    def __init__(
        self, *, queue: Queue, asked: Asked, places: Iterable[Location], people: Iterable[User], reader: User
    ) -> None:
        super().__init__(initial={name: getattr(asked, name) for name in self.base_fields})
        self._offer("place", [(one.code, one.name) for one in places], _("all places"), more_than=1)
        if queue.source.owned:
            owners = [(one.pk, _("me") if one == reader else name_of(one)) for one in people]
            owners.sort(key=lambda one: one[0] != reader.pk)
        else:
            del self.fields["due"]
            self.fields["person"].label = _("With")
            owners = [(one.pk, one.name) for one in Resource.objects.filter(kind="provider").order_by("name", "pk")]
        self._offer("person", owners, _("everybody"))
        self._offer("kind", [(code, one.label) for code, one in queue.kinds.items()], _("all kinds"))
        if queue.code == "complaints":
            self.fields["kind"].label = _("Step")
        if queue.code == "mine":
            del self.fields["person"]

    def _offer(self, name: str, choices: list[tuple[Any, Any]], everything: Any, *, more_than: int = 0) -> None:
        if len(choices) <= more_than:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  tells the type checker
        field.choices = [("", everything), *choices]


class HandingOver(forms.Form):
    """To whom, and what they should know."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("Hand over to"), empty_label=_("choose a colleague"))
    note = NoteForColleagues(
        required=False, max_length=400, label=_("What they should know"), widget=forms.TextInput, strip=True
    )

    def __init__(self, data: Any = None, *, but: User | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["to"].queryset = desk_colleagues().exclude(pk=but.pk if but else 0)  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = name_of  # type: ignore[attr-defined]


class AssignForm(HandingOver):
    """What is ticked, or the one line whose button was pressed, goes to the reader or to somebody else."""

    def __init__(
        self,
        data: Any = None,
        *,
        among: PromiseQuerySet | None = None,
        people: Iterable[User] | None = None,
        reader: User,
    ) -> None:
        """`people`: all colleagues of the desk, where they are read anyway; not before a line can be handed over."""
        super().__init__(data)
        if people is not None:
            to = self.fields["to"]
            to.choices = lambda: [("", to.empty_label), *((one.pk, name_of(one)) for one in people)]  # type: ignore[attr-defined]
        self._among, self._reader = among, reader
        if data is not None and "to_me" in data:
            self.fields["to"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "to_me" in self.data:
            cleaned["to"], cleaned["note"] = self._reader, ""
        cleaned["promises"] = self._ticked()
        if not cleaned["promises"]:
            raise forms.ValidationError(_("Tick at least one line first."))
        return cleaned

    def _ticked(self) -> list[Promise]:
        """One that has been settled meanwhile is left out, like nonsense."""
        one = str(self.data.get("to_me", ""))
        ticked = self.data.getlist("promise") if isinstance(self.data, MultiValueDict) else []
        wanted = [one] if one else ticked[:MOST_AT_ONCE]
        pks = [int(text) for text in wanted if text.isascii() and text.isdecimal() and len(text) < 18]
        return list(self._among.filter(pk__in=pks).order_by("pk")) if self._among is not None else []


class SaveViewForm(forms.Form):
    name = forms.CharField(
        max_length=LONGEST_NAME, label=_("Name of this view"), error_messages={"required": _("Give the view a name.")}
    )


def first_fault(form: forms.Form) -> str:
    """What is wrong with it, in a sentence."""
    return next(str(one) for faults in form.errors.values() for one in faults)
