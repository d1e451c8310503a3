"""Where somebody is signed in."""

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session


def end_all(user: User, *, but: str = "") -> int:
    """Signs somebody out everywhere, `but` in the browser with that key. Returns in how many browsers that was.

    Django keeps no list of them by person: each is opened, which for a business's own people is a matter of moments.
    """
    own = [
        one.session_key
        for one in Session.objects.iterator()
        if one.session_key != but and one.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    return Session.objects.filter(session_key__in=own).delete()[0]
