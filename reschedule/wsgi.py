"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from appointments.backups import in_use
from reschedule.checks import refuse_unsafe
from reschedule.logs import clean_web_server
from reschedule.monitors import reporting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reschedule.settings")

clean_web_server()
reporting.begin()
application = get_wsgi_application()
refuse_unsafe()
in_use.serve()
