"""What has waited since a restore is decided about in the list of messages too, by the rules of its own page."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appointments.domain.messages.held import deciding
from appointments.domain.messages.held.deciding import Reason
from notifications.admin import MessageAdmin
from notifications.models import Message

admin.site.unregister(Message)


@admin.action(description=_("Release held messages"), permissions=["send_again"])
def release(page: MessageAdmin, request: HttpRequest, chosen: QuerySet[Message]) -> None:
    by = cast(User, request.user)
    count = deciding.release(_among(chosen), by=by, now=timezone.now(), through="admin")
    text = ngettext(
        "%(count)d held message leaves now if it is still true.",
        "%(count)d held messages leave now if they are still true.",
        count,
    )
    page.message_user(request, text % {"count": count}, messages.SUCCESS if count else messages.WARNING)


def _dropping(reason: Reason, description: Any) -> Callable[..., None]:
    @admin.action(description=description, permissions=["send_again"])
    def drop(page: MessageAdmin, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        by = cast(User, request.user)
        dropped = deciding.drop(_among(chosen), reason=reason, by=by, now=timezone.now(), through="admin")
        page.message_user(request, deciding.said(dropped), messages.SUCCESS if dropped.count else messages.WARNING)

    drop.__name__ = f"drop_{reason}"
    return drop


def _among(chosen: QuerySet[Message]) -> deciding.Held:
    """Without the order and the columns of the list."""
    return Message.objects.filter(pk__in=chosen.order_by().values("pk"))


@admin.register(Message)
class MessagesAdmin(MessageAdmin):
    """Whoever drops says why by the action chosen; for a reason in one's own words there is the page."""

    actions = (
        *MessageAdmin.actions,
        release,
        _dropping(Reason.LEFT, _("Drop held messages: they had left before the restore")),
        _dropping(Reason.TOLD, _("Drop held messages: they were told by phone or in another way")),
        _dropping(Reason.CALL, _("Drop held messages: phone them instead")),
        _dropping(Reason.UNTRUE, _("Drop held messages: it is not so any more")),
    )
