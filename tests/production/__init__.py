"""The production stack for real: gunicorn, worker, timetable, PostgreSQL, Redis and a mail server."""
