"""Wrong passwords, as django-axes lists them; deleting one ends its pause."""

from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt
from django.contrib import admin

admin.site.unregister(AccessAttempt)


@admin.register(AccessAttempt)
class WrongPasswordsAdmin(AccessAttemptAdmin):
    """Without its button to clean up, which fails: what is old does not count, and is overwritten by the next."""

    actions = ()
