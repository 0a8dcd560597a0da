"""Sample accounts share one printed password; hashing it slowly hundreds of times would only make the demo slow to build."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import hashers
from django.core.signals import setting_changed


class QuickHasher(hashers.PBKDF2PasswordHasher):
    """PBKDF2 with few rounds, for sample accounts only; the usual hasher verifies it and renews it at the first sign-in."""

    iterations = 1000


def _use(names: list[str]) -> None:
    settings.PASSWORD_HASHERS = names
    # Django keeps the hashers it has loaded until it hears that the setting changed.
    setting_changed.send(sender=QuickHasher, setting="PASSWORD_HASHERS", value=names, enter=True)


@contextmanager
def quick_hashing() -> Iterator[None]:
    """Hash with few rounds while a demo world is built."""
    usual = list(settings.PASSWORD_HASHERS)
    _use([f"{QuickHasher.__module__}.{QuickHasher.__name__}", *usual])
    try:
        yield
    finally:
        _use(usual)
