"""Every setting, read from the environment. docs/settings.md explains each one.

ALIGN_MODE decides how strict the rest is:

- ``production`` (the default): whatever is insecure or missing refuses to start;
- ``embedded``: set by ``make run`` for its children, on one machine, loopback only;
- ``test``: set by the test suite.
"""

from datetime import date
from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from align.embedded import addresses
from align.people.logs import hide_secrets

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env.str("ALIGN_MODE", "production")
if MODE not in {"production", "embedded", "test"}:
    raise ImproperlyConfigured(f"ALIGN_MODE is {MODE!r}; it must be production, embedded or test.")
EMBEDDED = MODE == "embedded"
PRODUCTION = MODE == "production"


def required(name: str, *, otherwise: str) -> str:
    """Return the variable; outside production its safe local value will do."""
    value: str = env.str(name, "" if PRODUCTION else otherwise)
    if not value:
        raise ImproperlyConfigured(
            f"Set {name}. It has no default in production; see docs/settings.md, "
            "or use `make run` for a local installation."
        )
    return value


def holiday(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ImproperlyConfigured(
            f"ALIGN_HOLIDAYS names {text!r}; write days as 2026-12-25."
        ) from error


STORES = addresses.of(BASE_DIR / ".align" / ("test" if MODE == "test" else "run"))

SECRET_KEY = required("SECRET_KEY", otherwise="embedded-only-" + "k" * 50)
DEBUG = False
BASE_URL = required("ALIGN_URL", otherwise="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS, the comma-separated names this site answers to.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])

INSTALLED_APPS = [
    "align.people",
    "align.jobs",
    "align.notices",
    "strategy",
    "training",
    "feedback",
    "align.dashboard",
    "align",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "rest_framework",
    "rest_framework.authtoken",
]

MIDDLEWARE = [
    "align.jobs.middleware.Probes",
    "align.people.middleware.Unavailable",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "align.dashboard.offline.Queued",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "align.people.middleware.BodyLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "align.people.middleware.PersonZone",
    "align.people.middleware.NoStore",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "align.urls"
WSGI_APPLICATION = "align.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["align.dashboard.templatetags.parts"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "align.dashboard.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "align.dashboard.forms.Renderer"

STATEMENT_TIMEOUT_MS = env.int("ALIGN_STATEMENT_TIMEOUT_MS", 5000)
# PostgreSQL. One dialect everywhere; timeouts keep one bad statement from starving the rest.
DATABASE_URL = required("DATABASE_URL", otherwise=STORES.database_url)
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"] |= {
    "HOST": addresses.socket_folder(DATABASE_URL) or DATABASES["default"]["HOST"],
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        **DATABASES["default"].get("OPTIONS", {}),
        "connect_timeout": 5,
        "options": (
            f"-c statement_timeout={STATEMENT_TIMEOUT_MS}"
            " -c lock_timeout=2000 -c idle_in_transaction_session_timeout=30000"
            # Compiling a query costs more here than any query takes: 5 times the suite's time.
            " -c jit=off"
        ),
    },
    "TEST": {"NAME": env.str("ALIGN_TEST_DB", "test_align")},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis or Valkey: Celery's broker, and the cache in database 1.
REDIS_URL = required("REDIS_URL", otherwise=STORES.redis_url)
CACHE = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": addresses.cache_url(REDIS_URL),
    "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
}
CACHES = {
    # For those who count attempts: while the server is away, nobody is kept out.
    "default": CACHE | {"BACKEND": "align.people.cache.ForgivingCache"},
    # For align.jobs, which wants to hear that the broker's server is away.
    "broker": CACHE,
}
CELERY_BROKER_URL = addresses.broker_url(REDIS_URL)
CELERY_BEAT_SCHEDULER = "align.jobs.scheduler:Scheduler"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ALWAYS_EAGER = MODE == "test"
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TIMEZONE = "UTC"

# People and sign-in
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "align.people.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # invitations and resets prove the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # still asks for the second factor
# One IP address may be a whole office. Wrong passwords are counted by axes, in the database;
# login_failed counts wrong codes of the second factor.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {"login": "300/m/ip", "login_failed": "5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Align"
# Every address came with an invitation; allauth's own marks of verified addresses are not kept.
MFA_ALLOW_UNVERIFIED_EMAIL = True
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_USERNAME_FORM_FIELD = "login"
# Without it axes finds no name in allauth's credentials and locks out whole offices.
AXES_USERNAME_CALLABLE = "align.people.adapter.login_name"
AXES_DISABLE_ACCESS_LOG = True  # who signed in when is nobody's business; last_login is enough
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
if MODE == "test":
    AXES_ENABLED = False
    ACCOUNT_RATE_LIMITS = False

SESSION_COOKIE_NAME = "align_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("ALIGN_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.int("ALIGN_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if env.bool("ALIGN_BEHIND_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Input limits: larger bodies are refused before anything is parsed.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# Mail. Without EMAIL_URL the embedded mode prints mail to the worker's log.
if MODE == "test":
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
else:
    vars().update(env.email_url_config(required("EMAIL_URL", otherwise="consolemail://")))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("ALIGN_MAIL_FROM", "Align <align@localhost>")

# Words, dates, numbers
LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
ALIGN_HOLIDAYS = [holiday(day) for day in env.list("ALIGN_HOLIDAYS", default=[])]

# `prepare` loads the example company into an empty installation; never in production.
ALIGN_EXAMPLE = EMBEDDED and env.bool("ALIGN_EXAMPLE", True)

# Static files
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("ALIGN_STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = MODE == "test"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# The API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "align.api.tokens.Hashed",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["align.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "align.api.pagination.Cursor",
    "DEFAULT_FILTER_BACKENDS": ["align.api.filters.Backend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["align.api.throttles.Rate"],
    "DEFAULT_THROTTLE_RATES": {"user": None if MODE == "test" else "600/min"},
    "EXCEPTION_HANDLER": "align.api.errors.handle",
    "DEFAULT_VERSIONING_CLASS": None,
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Align",
    "VERSION": "1",
    "DESCRIPTION": "Strategy, training and the voice of the field.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "OAS_VERSION": "3.0.3",
    "POSTPROCESSING_HOOKS": ["align.api.schema.finish"],
}

# Logs: one line per event, JSON in production.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                hide_secrets,
                (
                    structlog.processors.JSONRenderer()
                    if PRODUCTION
                    else structlog.dev.ConsoleRenderer(
                        colors=False, exception_formatter=structlog.dev.plain_traceback
                    )
                ),
            ],
        }
    },
    "filters": {
        # /readyz answers 503 while a part is missing, and says which: no news for the log.
        "not_a_probe": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: "/readyz" not in record.getMessage(),
        }
    },
    "loggers": {"django.request": {"filters": ["not_a_probe"]}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.str("ALIGN_LOG_LEVEL", "INFO" if PRODUCTION else "WARNING"),
    },
}
