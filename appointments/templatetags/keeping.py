"""How long something is kept, as a page says it."""

from django.template import Library

from appointments.domain.privacy import sentences

register = Library()
register.filter("span", sentences.span)
