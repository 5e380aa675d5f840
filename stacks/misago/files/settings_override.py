"""Django settings of Misago on Kubernetes: those of the image, with what the cluster decides taken from the environment.

Mounted on the PYTHONPATH and named by DJANGO_SETTINGS_MODULE.
"""

import os
from urllib.parse import quote

from devproject.settings import *  # noqa: F403
from devproject.settings import MIDDLEWARE

DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]

# Hosts and proxies. nginx passes the Host of the client on and says by which scheme it came.
ALLOWED_HOSTS = [host.strip() for host in os.environ["ALLOWED_HOSTS"].split(",") if host.strip()]
CSRF_TRUSTED_ORIGINS = [f"{scheme}://{host}" for host in ALLOWED_HOSTS for scheme in ("http", "https")]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def healthz(get_response):
    """Answer the probes of the kubelet before anything asks for a host name, a session or the database."""

    def middleware(request):
        if request.path == "/healthz":
            from django.http import HttpResponse

            return HttpResponse("ok\n", content_type="text/plain")
        return get_response(request)

    return middleware


MIDDLEWARE = [f"{__name__}.healthz"] + [name for name in MIDDLEWARE if not name.startswith("debug_toolbar.")]

# The volume shared with nginx, which serves what is below it: /static/, /media/ and /promopage/.
SHARED_ROOT = os.environ.get("SHARED_ROOT", "/srv/misago/static")
STATIC_URL = "/static/"
STATIC_ROOT = os.path.join(SHARED_ROOT, "static")
MEDIA_URL = "/media/"
MEDIA_ROOT = os.path.join(SHARED_ROOT, "media")
FILE_UPLOAD_PERMISSIONS = 0o644  # nginx reads as another user
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755

# Personal data that users ask for is put together here; nginx must not reach it.
MISAGO_USER_DATA_DOWNLOADS_WORKING_DIR = "/tmp/userdata"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["POSTGRES_HOST"],
        "PORT": os.environ.get("POSTGRES_PORT", "5432"),
        "NAME": os.environ["POSTGRES_DB"],
        "USER": os.environ["POSTGRES_USER"],
        "PASSWORD": os.environ["POSTGRES_PASSWORD"],
        # PgBouncer in transaction mode gives each transaction another server connection.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"connect_timeout": 5},
        "TEST": {"NAME": os.environ.get("POSTGRES_TEST_DB", "misago_test")},
    }
}

# One cache for all pods: Misago stores what makes the others drop stale settings and permissions in it.
# The table is made by `manage.py createcachetable`.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "misago_cache",
        "OPTIONS": {"MAX_ENTRIES": 20000},
    }
}

# Celery asks the sentinels which Redis is the primary. The same password guards both.
REDIS_PASSWORD = os.environ.get("REDIS_PASSWORD", "")
CELERY_BROKER_URL = "sentinel://:{}@{}:{}/0".format(
    quote(REDIS_PASSWORD, safe=""),
    os.environ["REDIS_SENTINEL_HOST"],
    os.environ.get("REDIS_SENTINEL_PORT", "26379"),
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "master_name": os.environ.get("REDIS_PRIMARY", "primary"),
    "sentinel_kwargs": {"password": REDIS_PASSWORD, "socket_timeout": 2} if REDIS_PASSWORD else {"socket_timeout": 2},
    "socket_keepalive": True,
    "visibility_timeout": 3600,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# Everything to stderr, where the cluster collects it; errors with their traceback, which DEBUG = False would only mail.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_BACKEND = "django.core.mail.backends.{}.EmailBackend".format("smtp" if EMAIL_HOST else "console")
