"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from reschedule.checks import refuse_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reschedule.settings")

application = get_wsgi_application()
refuse_unsafe()
