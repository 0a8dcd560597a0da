"""Settings of the program, one file. Environment variables are named GONGKAI_… and documented in docs/settings.md.

Office rules that an agency may change are not here but in `base.office_settings`.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    text = os.environ.get(name, "").strip().lower()
    if text not in ("", "0", "1", "true", "false", "yes", "no"):
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {text!r}")
    return text in ("1", "true", "yes")


def _number(name: str, default: int, *, least: int = 0) -> int:
    text = os.environ.get(name, "").strip()
    if text and (not text.isdigit() or int(text) < least):
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {text!r}")
    return int(text) if text else default


def _words(name: str, default: list[str]) -> list[str]:
    text = os.environ.get(name, "")
    return [word.strip() for word in text.split(",") if word.strip()] or default


def _database(url: str, data: Path) -> dict[str, Any]:
    """SQLite in the data folder, or what GONGKAI_DATABASE_URL says (sqlite:///path, postgres://user:pw@host:port/name?host=/socket)."""
    if not url:
        return _sqlite(data / "gongkai.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme in ("postgres", "postgresql"):
        options = dict(parse_qsl(parts.query))
        options.setdefault("options", "-c jit=off")  # compiling a grouped query takes longer than running it
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", parts.hostname or ""),
            "PORT": str(options.pop("port", parts.port or "")),
            "OPTIONS": options,
            "CONN_MAX_AGE": 60,
        }
    raise ImproperlyConfigured("GONGKAI_DATABASE_URL must begin with postgres:// or sqlite:///")


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


DATA = Path(os.environ.get("GONGKAI_DATA", "data")).resolve()
DATABASES = {"default": _database(os.environ.get("GONGKAI_DATABASE_URL", ""), DATA)}
FILES = Path(os.environ.get("GONGKAI_FILES", DATA / "files"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = _flag("GONGKAI_DEBUG")
SECRET_KEY_FILE = DATA / "secret-key"
BUILDING_KEY = "only-for-building-and-tests"  # `site.installing.why_not_serve` serves nothing with it
SECRET_KEY = os.environ.get("GONGKAI_SECRET_KEY", "").strip() or (
    SECRET_KEY_FILE.read_text().strip() if SECRET_KEY_FILE.exists() else BUILDING_KEY
)
ALLOWED_HOSTS = _words("GONGKAI_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = _words("GONGKAI_ORIGINS", [])
BEHIND_PROXY = _flag("GONGKAI_BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_PROXY
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/desk/"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script reads the cookie
MESSAGE_STORAGE = "gongkai.site.desk_messages.DeskMessages"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_PROXY else 0
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "gongkai.base",
    "gongkai.ledgers.agencies",
    "gongkai.ledgers.returns",
    "gongkai.ledgers.records",
    "gongkai.ledgers.normative",
    "gongkai.ledgers.applications",
    "gongkai.ledgers.remedies",
    "gongkai.reporting.indicators",
    "gongkai.reporting.annual_reports",
    "gongkai.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "gongkai.site.caching.PortalCacheMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "gongkai.site.elder.ElderMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gongkai.site.request_limits.RequestLimitsMiddleware",
    "gongkai.ledgers.agencies.sessions.IdleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongkai.site.context.faces",
            ],
        },
    }
]
FORM_RENDERER = "gongkai.site.forms_rendering.GongkaiRenderer"

ROOT_URLCONF = "gongkai.site.urls"
WSGI_APPLICATION = "gongkai.site.wsgi.application"

AUTH_USER_MODEL = "agencies.Staff"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "desk:sign_in"
LOGIN_REDIRECT_URL = "desk:today"
PASSWORD_MINIMUM = _number("GONGKAI_PASSWORD_MINIMUM", 10, least=8)
PASSWORD_CLASSES = _number("GONGKAI_PASSWORD_CLASSES", 2, least=1)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "gongkai.ledgers.agencies.password_rules.LongEnough",
        "OPTIONS": {"min_length": PASSWORD_MINIMUM},
    },
    {
        "NAME": "gongkai.ledgers.agencies.password_rules.SeveralClasses",
        "OPTIONS": {"classes": PASSWORD_CLASSES},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Lockout and idle sign-off: usual values of assessors' baselines for level 3 (law/security section 1).
AXES_FAILURE_LIMIT = _number("GONGKAI_SIGN_IN_ATTEMPTS", 5, least=1)
AXES_COOLOFF_TIME = _number("GONGKAI_LOCKOUT_MINUTES", 30, least=1) / 60
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "gongkai.ledgers.agencies.lockout.axes_username"
AXES_LOCKOUT_CALLABLE = "gongkai.ledgers.agencies.lockout.keep_response"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_IPWARE_META_PRECEDENCE_ORDER = ["REMOTE_ADDR"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # the account is locked, from wherever the attempts come
IDLE_MINUTES = _number("GONGKAI_IDLE_MINUTES", 30, least=1)

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "gongkai.site.formats"
DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i"

STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path] = []
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True

UPLOAD_LIMIT = _number("GONGKAI_UPLOAD_MEGABYTES", 20, least=1) * 1024 * 1024
# Behind nginx: the internal location from which stored files are sent (X-Accel-Redirect); empty: Django sends them itself.
ACCEL_PREFIX = os.environ.get("GONGKAI_ACCEL_PREFIX", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
