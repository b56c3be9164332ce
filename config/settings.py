"""One settings file, read from the environment. Each variable is told in docs/operations.md."""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0") == "1"


# --- where things live -----------------------------------------------------------------------------------------------
DATA_DIR = Path(os.environ.get("ALLERVERS_DATA", BASE_DIR / "var"))
KEY_DIR = Path(os.environ.get("ALLERVERS_KEYS", DATA_DIR / "keys"))  # master key and secret key, mode 0600
ANCHOR_FILE = Path(os.environ.get("ALLERVERS_ANCHORS", DATA_DIR / "anchors.log"))  # outside the database
ERASURE_FILE = Path(os.environ.get("ALLERVERS_ERASURES", DATA_DIR / "erasures.log"))  # outside the database

# --- what kind of installation ---------------------------------------------------------------------------------------
DEMO = _flag("ALLERVERS_DEMO")  # a demonstration: mails on screen, no authenticator asked
DEBUG = _flag("ALLERVERS_DEBUG")
HTTPS = _flag("ALLERVERS_HTTPS")  # behind a proxy that terminates TLS
# Without a mail server, `make start` writes sign-in codes on the terminal of the one computer it runs on; never a server.
CONSOLE_CODES = _flag("ALLERVERS_CONSOLE_CODES") and not HTTPS
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://localhost:{os.environ.get('PORT', '8000')}")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]


def _secret_key() -> str:
    """The cookie-signing key: a file beside the master key, made by `manage.py init_keys`."""
    path = KEY_DIR / "secret.key"
    return path.read_text().strip() if path.exists() else "absent-until-init_keys"


SECRET_KEY = _secret_key()

# --- applications ----------------------------------------------------------------------------------------------------
LOCAL_APPS = [
    "allervers.journal",
    "allervers.accounts",
    "allervers.outbox",
    "allervers.directory",
    "allervers.people",
    "allervers.prevention",
    "allervers.needs",
    "allervers.referrals",
    "allervers.relief",
    "allervers.programmes",
    "allervers.impact",
    "allervers.demonstration",
    "allervers.web.components",
    "allervers.web.workspace",
    "allervers.web.partner",
    "allervers.web.public",
    "allervers.web.api",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # its widget templates, which ours override
    "csp",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *LOCAL_APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "allervers.web.public.gate.GateMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allervers.web.middleware.KeyMiddleware",
    "allervers.web.middleware.ViewerMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "allervers.web.components.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "allervers/web/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "allervers.web.context.page",
            ],
            "builtins": ["allervers.web.components.templatetags.dates"],
        },
    },
]

# --- database: SQLite in WAL with short immediate transactions, or PostgreSQL ----------------------------------------
DATABASE_URL = os.environ.get("DATABASE_URL", f"sqlite:///{DATA_DIR / 'allervers.sqlite3'}")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000;"
        " PRAGMA temp_store=MEMORY;",
    }
else:  # compiling a query costs more than any of ours takes
    DATABASES["default"]["OPTIONS"] = {"options": "-c jit=off"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# It counts tries: Django's own 300 entries would forget them as soon as a neighbourhood connects.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- sign-in ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace:today"
ACCOUNT_ADAPTER = "allervers.web.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Aller-vers"
MFA_TRUST_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
LOCK_MINUTES = int(os.environ.get("LOCK_MINUTES", "10"))  # a desk without a gesture locks itself, for who has a code
LEAVE_MINUTES = 60  # and without a code, whoever sees people is signed out

# --- languages of the interface (contents have their own registry, core.languages) -----------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# --- static files ----------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("ALLERVERS_STATIC", BASE_DIR / "static-collected"))
STATICFILES_FINDERS = [
    "allervers.web.components.finders.BundleFinder",  # one style file and one script a surface
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# --- browser ---------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],  # a recording is listened to before it is sent
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the proxy writes X-Forwarded-For itself: tries are counted by visitor
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "__Host-session", "__Host-csrf", "__Host-language"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    MFA_TRUST_COOKIE_NAME = "__Host-trusted"

# --- uploads stream to disk past 2 MB; a form holds at most a long return list ---------------------------------------
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
UPLOAD_MAX_BYTES = 52_428_800

# --- mail: what leaves goes through the outbox -----------------------------------------------------------------------
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "aller-vers@localhost")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("MAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("MAIL_PASSWORD", "")
EMAIL_USE_TLS = _flag("MAIL_TLS")
EMAIL_TIMEOUT = 20
SMS_URL = os.environ.get("SMS_URL", "")  # a gateway that takes POST {to, text}; none: SMS wait and the page says so

# --- logs carry codes and ids, never a name; links without an account are kept out -----------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "allervers.core.logs.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
