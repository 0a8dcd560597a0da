"""The WSGI entry point for gunicorn behind a reverse proxy."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.site.settings")
application = get_wsgi_application()

from gongkai.site.installing import why_not_serve  # noqa: E402 - settings must be there first

if sentence := why_not_serve():
    raise ImproperlyConfigured(sentence)
