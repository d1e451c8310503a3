"""Who signs in is looked after on the page of the people; of what Django and django-axes show of it, one list is left:
wrong passwords, of which deleting one ends its pause.
"""

from typing import Any

from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth import admin as _theirs  # noqa: F401  it has to be there before it is taken away
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from appointments.admin import audited

admin.site.unregister([AccessAttempt, AccessFailureLog, AccessLog, Group, User])


@admin.register(AccessAttempt)
class WrongPasswordsAdmin(AccessAttemptAdmin):
    """Without its button to clean up, which fails: what is old does not count, and is overwritten by the next."""

    actions = ()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        audited.removed(request, obj)
        super().delete_model(request, obj)
