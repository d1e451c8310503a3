"""Names of languages.

{{ code|own_name }}       what a language calls itself: for those who look for theirs
{{ code|language_name }}  what the reader calls it
"""

from django.template import Library

from notifications.text import habits, languages

register = Library()
register.filter("own_name", habits.own_name)
register.filter("language_name", languages.name)
