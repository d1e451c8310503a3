"""The project's own settings, with an environment for tests: its own folder, sample key, nobody's mail server.

Only what is named here differs. The environment is set, not just the settings, so that the programs a test starts
(workers, web servers) run with the same; values given from outside win.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "RESCHEDULE_DATA" not in os.environ:
    os.environ["RESCHEDULE_DATA"] = tempfile.mkdtemp(prefix="reschedule-tests-")
    atexit.register(shutil.rmtree, os.environ["RESCHEDULE_DATA"], ignore_errors=True)
if os.environ["RESCHEDULE_DATA"]:  # as the demo does: WhiteNoise warns of a folder that is not there
    Path(os.environ["RESCHEDULE_DATA"], "static").mkdir(parents=True, exist_ok=True)
os.environ.setdefault("EMBEDDED", "true")
os.environ.setdefault("SECRET_KEY", "of-tests-and-of-nothing-else-0123456789-abcdefghijklmnopqrstuvwxyz")
# A developer's .env must not decide what the tests see.
for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "EMAIL_PROVIDER", "PUBLIC_URL"):
    os.environ.setdefault(name, "")
if not os.environ["DATABASE_URL"]:
    os.environ["DATABASE_URL"] = f"sqlite:///{os.environ['RESCHEDULE_DATA']}/reschedule.sqlite3"
if not os.environ["PUBLIC_URL"]:
    os.environ["PUBLIC_URL"] = "http://127.0.0.1:8000"

from reschedule.settings import *  # noqa: E402, F403  Django's way of saying "the same, except"

# Hashing passwords slowly is right for people and wrong for thousands of test users.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# As on a workbench, whatever a developer's .env says; tests of the second step ask for it.
SECOND_STEP_REQUIRED = False

# Each test client begins its middleware anew: it must not list every static file each time.
WHITENOISE_AUTOREFRESH = True

# What tests write need not survive a power cut; their PostgreSQL does not wait for the disk either.
if "init_command" in DATABASES["default"]["OPTIONS"]:  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # noqa: F405
