"""The account of somebody who can be booked, before they have been invited to use it."""

from django.contrib.auth.models import User

from appointments.models import Resource


def prepare(resource: Resource, *, email: str) -> User | None:
    """An account without a password and without a role: nobody signs in with it until somebody is invited.

    None where the address is somebody's already: two people with one address are for a person to sort out.
    """
    if not email or User.objects.filter(email__iexact=email).exists() or resource.user_id:
        return None
    first, _blank, last = resource.name.partition(" ")
    username = email.lower()
    if User.objects.filter(username=username).exists():
        return None
    made = User.objects.create_user(username, email, None, first_name=first[:150], last_name=last[:150])
    resource.user = made
    resource.save(update_fields=["user"])
    return made
