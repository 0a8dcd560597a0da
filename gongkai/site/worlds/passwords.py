"""Sample accounts share one printed password; hashing it slowly hundreds of times would only make the demo slow to build."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import hashers


class QuickHasher(hashers.PBKDF2PasswordHasher):
    """PBKDF2 with few rounds, for sample accounts only; the usual hasher verifies it and renews it at the first sign-in."""

    iterations = 1000


def _forget() -> None:
    hashers.get_hashers.cache_clear()
    hashers.get_hashers_by_algorithm.cache_clear()


@contextmanager
def quick_hashing() -> Iterator[None]:
    """Hash with few rounds while a demo world is built."""
    usual = settings.PASSWORD_HASHERS
    settings.PASSWORD_HASHERS = [f"{QuickHasher.__module__}.{QuickHasher.__name__}", *usual]
    _forget()
    try:
        yield
    finally:
        settings.PASSWORD_HASHERS = usual
        _forget()
