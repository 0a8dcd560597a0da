"""What every installation has: one row that says what it is, and a secret key of its own."""

import secrets

from django.conf import settings

from gongkai.base import clock
from gongkai.base.models import Installation


def ensure_installation() -> Installation:
    """The row of a production installation, made when missing. A demo makes its own."""
    row, _ = Installation.objects.get_or_create(pk=1, defaults={"created_at": clock.now()})
    return row


def ensure_secret_key() -> None:
    """A secret key outside database and backup, made once; GONGKAI_SECRET_KEY takes its place when set."""
    path = settings.SECRET_KEY_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
        settings.SECRET_KEY = path.read_text()
