"""Everything the project can be told, read top to bottom; every value comes from the environment or `.env`.

With nothing set this is the embedded installation: SQLite and a mail folder in `RESCHEDULE_DATA`, no broker.
`reschedule.checks` refuses to start in production (DEBUG off) with a value that is only safe in the embedded one.
"""

import json
import os
import tomllib
from ipaddress import ip_network
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from reschedule.hosts import opens_only_here

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# --- Where things are kept -----------------------------------------------------------------------------------------

DATA_DIR = Path(env.str("RESCHEDULE_DATA", default=str(BASE_DIR / "data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
MAIL_DIR = DATA_DIR / "mail"

# --- What kind of installation this is -----------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
EMBEDDED = env.bool("EMBEDDED", default=DEMO or DEBUG)

SAMPLE_SECRET_KEY = "only-for-trying-out-never-for-customers"  # noqa: S105  refused in production by reschedule.checks
SECRET_KEY = env.str("SECRET_KEY", default=SAMPLE_SECRET_KEY)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL])
PRIVATE_NETWORK = env.bool("PRIVATE_NETWORK", default=False)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
NEAR_NETWORKS = ["127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"]
PROXY_ADDRESSES = [ip_network(one.strip(), strict=False) for one in env.list("PROXY_ADDRESSES", default=NEAR_NETWORKS)]

# --- Language and time ---------------------------------------------------------------------------------------------

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [
    (code, _(LANG_INFO[code]["name"]) if "name" in LANG_INFO.get(code, {}) else code)
    for code in map(str.strip, env.list("LANGUAGES", default=["en", "id"]))
]
# Each holds a folder per language with its habits and texts; see notifications/text/languages.py.
LOCALE_PATHS = [
    *(Path(folder.strip()).resolve() for folder in env.list("LANGUAGE_FOLDERS", default=[])),
    BASE_DIR / "locale",
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
PHONENUMBER_DEFAULT_REGION = env.str("PHONE_REGION", default="ID")
PHONENUMBER_DB_FORMAT = "E164"

# --- Apps and middleware -------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "appointments",
    "notifications",
    "appointments.adminconfig.ManagersAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.forms",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "anymail",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "phonenumber_field",
]

MIDDLEWARE = [
    "reschedule.health.AnswerFirst",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "reschedule.signed_out.SignInFirst",
    "reschedule.second_step.SecondStepFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "reschedule.urls"
WSGI_APPLICATION = "reschedule.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", *LOCALE_PATHS],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "appointments.context_processors.desk",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database ------------------------------------------------------------------------------------------------------
# SQLite: IMMEDIATE takes the write lock when a transaction begins, so racing writers wait instead of failing.
# synchronous=FULL: a commit is on the disk before the page that tells of it; WAL with NORMAL loses the last ones in a
# power cut.

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'reschedule.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["ENGINE"] = "reschedule.postgresql"
    DATABASES["default"]["OPTIONS"] = {
        # A machine that vanished in the middle of a statement is given up after a quarter of a minute.
        "keepalives_idle": 5,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": 15_000,
        # The ORM names joins outwards from the row it is asked for. To try every other order of eight tables takes
        # PostgreSQL four milliseconds, of four at a time less than one, and it reads the rows the same way.
        "options": "-c join_collapse_limit=4",
        "pool": {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL", default=16),
            "timeout": 0.7,  # at a time; reschedule.postgresql decides whether to wait on
            "reconnect_timeout": 1,  # so that the next page tries anew, and not a timer that grows
        },
    }

# In the memory of each process on purpose: pages never wait for a broker that is down.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # addresses that guess at links must not push each other out
    }
}

# --- Worker: the outbox table is the queue, the broker is only a bell ----------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 2, "socket_connect_timeout": 1, "max_retries": 0}
CELERY_TASK_PUBLISH_RETRY = False
WORKER_SILENCE_SECONDS = env.int("WORKER_SILENCE_SECONDS", default=180)

# --- Mail ----------------------------------------------------------------------------------------------------------
# EMAIL_URL: smtp+tls://user:password@host:587; without it the embedded installation keeps files in MAIL_DIR.
# EMAIL_PROVIDER: one of Anymail's back-ends ("mailgun", "postmark", "amazon_ses", …); its keys go into ANYMAIL_*.

EMAIL_PROVIDER = env.str("EMAIL_PROVIDER", default="")
EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_FROM_ENVIRONMENT = bool(EMAIL_PROVIDER or EMAIL_URL)
# What managers typed on a page, where nothing is said here: notifications/channels/email/stored.py writes it.
MAIL_FILE = DATA_DIR / "mail.json"
_typed = json.loads(MAIL_FILE.read_text()) if EMBEDDED and not DEMO and MAIL_FILE.is_file() else {}
if EMAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
    ANYMAIL = env.dict("ANYMAIL", default={})
elif EMAIL_URL:
    vars().update(env.email("EMAIL_URL"))
elif _typed:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _typed["host"], _typed["port"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _typed["username"], _typed["password"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _typed["security"] == "starttls", _typed["security"] == "tls"
    EMAIL_URL = f"smtp://{EMAIL_HOST}:{EMAIL_PORT}"
else:
    EMAIL_BACKEND = "notifications.channels.files.EmailBackend"
EMAIL_TIMEOUT = 20

# Anybody may read it, so it is there only while nothing in it can be a real customer's.
DEMO_MAILBOX = DEMO and EMBEDDED and not (EMAIL_PROVIDER or EMAIL_URL) and "sqlite3" in DATABASES["default"]["ENGINE"]

MESSAGE_FROM = env.str(
    "MESSAGE_FROM", default=f"<{_typed['sender']}>" if _typed else "Reschedule <no-reply@reschedule.example>"
)
MESSAGE_REPLY_TO = env.str("MESSAGE_REPLY_TO", default="")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MESSAGE_FROM

OUTBOX = {
    "BATCH": env.int("OUTBOX_BATCH", default=100),
    "SMTP_CONNECTIONS": env.int("OUTBOX_SMTP_CONNECTIONS", default=8),
    "SMTP_TIMEOUT": env.int("OUTBOX_SMTP_TIMEOUT", default=20),
    "LEASE_SECONDS": env.int("OUTBOX_LEASE_SECONDS", default=120),
    "MAX_ATTEMPTS": env.int("OUTBOX_MAX_ATTEMPTS", default=8),
}

# --- Signing in ----------------------------------------------------------------------------------------------------

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "reschedule.sign_in.Colleagues"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS += [{"NAME": "reschedule.passwords.WithoutOwnName"}]
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60  # for so many seconds a link opens by which somebody chooses a new password
# How many wrong passwords are too many, and for how long: `reschedule.sign_in`. A right one clears its own pair only.
AXES_HANDLER = "reschedule.sign_in.ByAddress"
AXES_CLIENT_IP_CALLABLE = "appointments.client_address.client_address"
AXES_COOLOFF_TIME = "reschedule.sign_in.pause"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "reschedule.sign_in.paused"
# Whether nothing opens for managers before they have a second step (`reschedule.second_step`). What only this machine
# can open is somebody's workbench, as it is to `reschedule.checks`.
_WORKBENCH = EMBEDDED and opens_only_here(PUBLIC_URL, ALLOWED_HOSTS)
SECOND_STEP_REQUIRED = env.bool("SECOND_STEP_REQUIRED", default=not (DEBUG or DEMO or _WORKBENCH))

# --- Security ------------------------------------------------------------------------------------------------------

SECURE_TLS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE_TLS
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if SECURE_TLS else 0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = [
    "appointments.upload_limit.NotTooLarge",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Static files --------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "reschedule.staticfinders.PackageFinder",
]
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if EMBEDDED
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# --- Monitors ------------------------------------------------------------------------------------------------------
# Both are off unless something is said: reschedule.monitors.metrics, reschedule.monitors.reporting.

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_DIR = DATA_DIR / "metrics"
if METRICS_TOKEN:
    METRICS_DIR.mkdir(exist_ok=True)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_DIR))  # where the library's processes count together
    MIDDLEWARE.insert(0, "reschedule.monitors.metrics.CountRequests")
SENTRY_DSN = env.str("SENTRY_DSN", default="")

# --- Log -----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_keys": {"()": "reschedule.logs.WithoutKeys"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_keys"]}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "axes": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
    },
}
