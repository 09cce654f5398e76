"""Settings that hold everywhere. What differs between installations comes from the environment.

Every variable is described in docs/guides/operators.md; a test holds the list complete. Whatever is wrong
with one of them is said before it is read.
"""

import logging
import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from accounts.sign_on import configuration as sign_on
from locales import languages
from operations import logs

from .checking import refuse_wrong
from .environment import flag, items, seconds, text, whole

refuse_wrong(os.environ)

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(text("NISANE_VAR", str(BASE_DIR / "var"))).resolve()
KEYS_DIR = Path(text("NISANE_KEYS_DIR", str(VAR_DIR / "keys")))
BASE_URL = text("NISANE_BASE_URL", "http://localhost:8000").rstrip("/")
SECURE = BASE_URL.startswith("https://")
HOST = BASE_URL.split("://", 1)[1]

DEBUG = False
DEMO = flag("NISANE_DEMO", False)  # set by `make demo` alone: its administrator sees the sent mail
SECRET_KEY = text("NISANE_SECRET_KEY")
if not SECRET_KEY and (secret := KEYS_DIR / "django-secret-key").exists():
    SECRET_KEY = secret.read_text().strip()
NO_SECRET = "only-for-building-never-for-serving"  # everybody knows it: nothing is served under it
SECRET_KEY = SECRET_KEY or NO_SECRET
ALLOWED_HOSTS = [HOST.split(":")[0], *items("NISANE_ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "modeltranslation",
    "operations",
    "people",
    "merging",
    "audit",
    "accounts",
    "privacy",
    "rosters",
    "standards",
    "assessments",
    "courses",
    "certificates",
    "clearance",
    "curriculum",
    "elearning",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.mfa",
    "allauth.usersessions",
    "wagtail.contrib.forms",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",  # Wagtail's search on PostgreSQL
    "django.forms",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "elearning.middleware.CompressionMiddleware",  # of what is made by all that follow
    "operations.middleware.RequestMiddleware",
    "elearning.middleware.ContentPolicyMiddleware",
    "elearning.middleware.OwnPageMiddleware",
    "elearning.middleware.KeepableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "elearning.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PositionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "elearning.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "elearning.urls"
WSGI_APPLICATION = "elearning.wsgi.application"
ASGI_APPLICATION = "elearning.asgi.application"
FORM_RENDERER = "elearning.rendering.FormRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "elearning" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "elearning.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "elearning.templatetags.look",
            ],
        },
    }
]

# --- data ---------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}"), conn_max_age=None
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 3,  # seconds to wait while connecting; then 30, by the last command
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA journal_size_limit=67108864;"
            "PRAGMA busy_timeout=30000;PRAGMA recursive_triggers=ON;"
        ),
    }
else:
    DATABASES["default"] |= {"ENGINE": "operations.postgresql", "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = text("REDIS_URL")
CACHES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "operations.caches.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Guesses are counted here: at Django's 300 a stranger's 300 others would push out what was counted. Some 30 MB.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_ENGINE = "operations.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = int(timedelta(days=7).total_seconds())
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the page editor with three languages has more than 1,000

# --- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.GrantBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_LENGTH = 12  # characters at least; the forms say so
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.passwords.AboutThePersonValidator",
        "OPTIONS": {"user_attributes": ("family_name", "given_name", "father_name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.KnownWordsValidator"},
]
LOGIN_URL = "account_login"
EXAM_RESULT_URL = "clearance:result"  # where a closed exam is told of: certificate and duties stand there
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=15).total_seconds())
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Per account first; per address only far above an agency's size: a whole agency may share one.
# Networks of agencies, as "203.0.113.0/24,2001:db8::/48": see accounts.networks.
AGENCY_NETWORKS = [network.replace(" ", "") for network in items("NISANE_AGENCY_NETWORKS")]
ACCOUNT_RATE_LIMITS = {
    "login": "3000/m/ip",
    "login_failed": "1000/m/ip,9/5m/key",
    "reset_password": "1000/m/ip,5/h/key",
    "reset_password_from_key": "1000/m/ip",
}
ACCOUNT_FORMS = {
    "login": "elearning.forms.SignInForm",
    "reset_password": "elearning.forms.AskResetForm",
    "reset_password_from_key": "elearning.forms.ResetForm",
    "change_password": "elearning.forms.ChangeForm",
    "set_password": "elearning.forms.SetForm",
    "reauthenticate": "elearning.forms.AskAgainForm",
    "confirm_email_verification_code": "elearning.forms.EmailCodeForm",
}
INVITATION_DAYS = whole("NISANE_INVITATION_DAYS", 14)
INVITATION_SHEET_DAYS = whole("NISANE_INVITATION_SHEET_DAYS", 60)
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # the code before and the code after: clocks of telephones are off, people type slowly
MFA_RATE_LIMITS = {"webauthn_login": "3000/m/ip"}  # nothing to guess: a whole agency may share an address
MFA_FORMS = {
    "authenticate": "elearning.forms_second_factor.CodeForm",
    "reauthenticate": "elearning.forms_second_factor.CodeAgainForm",
    "activate_totp": "elearning.forms_second_factor.ActivateForm",
    "login_webauthn": "elearning.forms_second_factor.SignInByPasskeyForm",
    "add_webauthn": "elearning.forms_second_factor.AddPasskeyForm",
    "edit_webauthn": "elearning.forms_second_factor.RenamePasskeyForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = BASE_URL.split("://", 1)[0]

# Agencies' own identity providers: accounts/sign_on/configuration.py says what the file holds.
SIGN_ON = sign_on.read(text("NISANE_SIGN_ON"))
SOCIALACCOUNT_PROVIDERS = sign_on.for_allauth(SIGN_ON)
SOCIALACCOUNT_ADAPTER = "accounts.sign_on_adapter.SignOnAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # people without an address sign in by their service number
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

# --- languages ----------------------------------------------------------------------------------
LANGUAGE_CODE = languages.DEFAULT_LANGUAGE
LANGUAGES = list(languages.LANGUAGE_NAMES.items())
MODELTRANSLATION_LANGUAGES = languages.LANGUAGES
MODELTRANSLATION_DEFAULT_LANGUAGE = languages.DEFAULT_LANGUAGE
MODELTRANSLATION_FALLBACK_LANGUAGES = (languages.DEFAULT_LANGUAGE,)
MODELTRANSLATION_CUSTOM_FIELDS = ("StreamField",)
LOCALE_PATHS = [BASE_DIR / "locales", BASE_DIR / "locales" / "wagtail"]  # the first wins
LANGUAGE_COOKIE_NAME = "nisane_language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
USE_TZ = True
TIME_ZONE = "Asia/Baku"

# --- files --------------------------------------------------------------------------------------
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700  # WhiteNoise serves in this process
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
DOCUMENTS_DIR = VAR_DIR / "documents"  # certificates; never served by path
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "documents": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DOCUMENTS_DIR, "base_url": None},
    },
    "results": {  # of jobs, until they expire; never served by path
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "results", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- how long personal data is kept, in days; 0: for ever -------------------------------------------
RETENTION_BY_ITSELF = flag("NISANE_RETENTION", True)
RETENTION_DAYS = {
    "notices": whole("NISANE_KEEP_NOTICES_DAYS", 365),
    "audit": whole("NISANE_KEEP_AUDIT_DAYS", 3650),
    "invitations": whole("NISANE_KEEP_INVITATIONS_DAYS", 365),
    "addresses": whole("NISANE_KEEP_ADDRESSES_DAYS", 365),
    "corrections": whole("NISANE_KEEP_CORRECTIONS_DAYS", 1095),
    "rosters": whole("NISANE_KEEP_ROSTERS_DAYS", 30),
    "left": whole("NISANE_KEEP_LEFT_DAYS", 3650),
    "answers": whole("NISANE_KEEP_ANSWERS_DAYS", 1825),
    "appeals": whole("NISANE_KEEP_APPEALS_DAYS", 1095),
    "appeal_decisions": whole("NISANE_KEEP_APPEALS_DAYS", 1095),
    "decisions": whole("NISANE_KEEP_DECISIONS_DAYS", 3650),
}

# --- work ---------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "operations.tasks.ErrandBackend", "QUEUES": []}}
ERRAND_LEASE = timedelta(seconds=seconds("NISANE_ERRAND_LEASE", 60))
ERRAND_POLL = seconds("NISANE_ERRAND_POLL", 0.5)  # seconds

# --- mail ---------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = text("NISANE_FROM_EMAIL", "Nişanə <no-reply@nisane.example>")
if text("NISANE_SMTP_HOST"):
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": text("NISANE_SMTP_HOST"),
                "port": whole("NISANE_SMTP_PORT", 587),
                "username": text("NISANE_SMTP_USER"),
                "password": text("NISANE_SMTP_PASSWORD"),
                "use_tls": flag("NISANE_SMTP_TLS", True),
                "timeout": 20,
            },
        }
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": VAR_DIR / "mail"},
        }
    }

# --- what visitors' browsers may do ---------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = whole("NISANE_HSTS_SECONDS", 31_536_000 if SECURE else 0)
SECURE_SSL_REDIRECT = False  # the proxy in front does it
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "elearning.views.csrf_failure"
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = whole("NISANE_TRUSTED_PROXIES", 0)
if SECURE and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Wagtail --------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Nişanə"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "courses.cms_search"}}
WAGTAILADMIN_LOGIN_URL = "cms_sign_in"
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 0
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 5 * 1024 * 1024
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("az", _("Azerbaijani")), ("en", _("English")), ("ru", _("Russian"))]

# --- the issuer of certificates -------------------------------------------------------------------
ISSUER_NAMES = {
    "az": text("NISANE_ISSUER_NAME_AZ", "Nişanə sınaq mərkəzi (nümayiş)"),
    "en": text("NISANE_ISSUER_NAME_EN", "Nişanə demonstration centre"),
    "ru": text("NISANE_ISSUER_NAME_RU", "Демонстрационный центр Nişanə"),
}
ISSUER_DID = "did:web:" + HOST.replace(":", "%3A")

# --- logs: one JSON object a line, with the request's id, without personal data --------------------
LOGGING = logs.configured(level=text("NISANE_LOG_LEVEL", "INFO"))
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
