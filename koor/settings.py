"""Settings of the house, all from the environment; one file for every machine."""

import os
import sys
from pathlib import Path

from django.conf import global_settings
from django.utils.translation import gettext_lazy as _

from koor.kernel import addresses, postgres, secrets, storage
from koor.shell.supervisor import running_at

ROOT = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_list(name: str) -> list[str]:
    return [part.strip() for part in env(name).split(",") if part.strip()]


# The house: its data and its address
KOOR_HOME = Path(env("KOOR_HOME", str(ROOT / "var"))).resolve()
KOOR_PORT = addresses.port_of("KOOR_PORT", env("KOOR_PORT", "8000"))
KOOR_URL = addresses.url_of("KOOR_URL", env("KOOR_URL") or running_at(KOOR_HOME) or f"http://127.0.0.1:{KOOR_PORT}")
KOOR_ALLOW_HOSTS, KOOR_TRUSTED_PROXIES = env_list("KOOR_ALLOW_HOSTS"), env_list("KOOR_TRUSTED_PROXIES")
HTTPS = KOOR_URL.startswith("https://")
HOST = addresses.host_of(KOOR_URL)

SECRET_KEY = secrets.django_key(KOOR_HOME)
DEBUG = env("KOOR_DEBUG") == "1"
ALLOWED_HOSTS = [HOST, "127.0.0.1", "localhost", "[::1]", *env_list("KOOR_HOSTS")]
CSRF_TRUSTED_ORIGINS, CSRF_FAILURE_VIEW = [KOOR_URL], "koor.shell.errors.no_token"

DATABASES = {"default": postgres.django_database(KOOR_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The rooms, lowest first
ROOMS = [
    "koor.kernel",
    "koor.ground.people",
    "koor.ground.governance",
    "koor.ground.story",
    "koor.ground.channels",
    "koor.ground.contacts",
    "koor.flow.hub",
    "koor.flow.calendar",
    "koor.flow.publishing",
    "koor.flow.listening",
    "koor.flow.conversations",
    "koor.flow.relations",
    "koor.growth.academy",
    "koor.growth.insight",
    "koor.connectors",
    "koor.shell",
]
INSTALLED_APPS = [
    *ROOMS[::-1],
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "koor.kernel.pulse.asked",
    "koor.shell.proxies.forwarded",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "koor.shell.health.asked",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "koor.shell.middleware.timed",
    "koor.shell.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "koor.shell.middleware.signed_in",
    "koor.shell.middleware.refusals",
]
ROOT_URLCONF = "koor.shell.urls"
WSGI_APPLICATION = "koor.shell.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "koor.shell.context.house",
            ],
            "builtins": [f"koor.kernel.templatetags.{name}" for name in ("koor", "panels", "alike")],
        },
    }
]

# Sign-in
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "koor.shell.sign_in.NotLikeYou"},
    {"NAME": "koor.shell.sign_in.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "koor.shell.sign_in.NotCommon"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, ACCOUNT_LOGOUT_REDIRECT_URL = "account_login", "/", "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "koor.shell.sign_in.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_ADAPTER, SOCIALACCOUNT_LOGIN_ON_GET = "koor.shell.own_provider.Adapter", True  # forms may not lead away
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED, MFA_ALLOW_UNVERIFIED_EMAIL = True, True  # the house gives the addresses, nobody signs up
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_ENGINE = "koor.shell.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60  # seconds: a phone in the field stays signed in for two months
CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"}
CACHES = {"default": {**CACHE, "OPTIONS": {"MAX_ENTRIES": 10_000}}}  # of 300, strangers push out who tries passwords
if TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Security
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024  # bytes of text in one form
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FORM_RENDERER = "koor.kernel.forms.Renderer"
FILE_UPLOAD_HANDLERS = ["koor.kernel.uploads.Limited", *global_settings.FILE_UPLOAD_HANDLERS]

# Language, time, files
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = KOOR_HOME / "static"
STORAGES = {
    "default": storage.of_house(KOOR_HOME, os.environ),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Mail: none is sent until a server is named; it waits, and is shown as waiting
EMAIL_HOST = env("SMTP_HOST")
EMAIL_PORT = addresses.port_of("SMTP_PORT", env("SMTP_PORT", "587"))
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env("SMTP_USER"), env("SMTP_PASSWORD")
EMAIL_USE_SSL = EMAIL_PORT == 465  # TLS from the first byte; elsewhere STARTTLS
EMAIL_USE_TLS = not EMAIL_USE_SSL and env("SMTP_TLS", "1") != "0"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env("SMTP_FROM", f"Koor <koor@{HOST}>")

PROCRASTINATE_ON_APP_READY = "koor.kernel.jobs.ready"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env("KOOR_LOG", "WARNING")},
}
