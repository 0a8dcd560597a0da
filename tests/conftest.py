"""What every test shares. Django is touched only where it is there: `tests/core` runs with Django refused."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# `make soak` multiplies the number of examples and lets them be random; otherwise a run is the same every time.
SOAK = int(os.environ.get("GONGKAI_SOAK", "1"))

settings.register_profile(
    "gongkai",
    max_examples=settings.default.max_examples * SOAK,
    derandomize=SOAK == 1,
    deadline=None,  # two shared cores: time is measured by `make bench`, not by a test
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("gongkai")

WITH_DJANGO = "tests.without_django" not in sys.modules
if WITH_DJANGO:
    pytest_plugins = ["tests.district"]


def _django_settings() -> Any:
    from django.conf import settings as django_settings

    return django_settings


def pytest_configure() -> None:
    if WITH_DJANGO:
        # Hashing a password slowly is the point of it, and half of the time of tests that sign in.
        _django_settings().PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=WITH_DJANGO)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for the files of each test, so that none ever touches those of an installation."""
    monkeypatch.setattr(_django_settings(), "DATA", tmp_path)
    monkeypatch.setattr(_django_settings(), "FILES", tmp_path / "files")
    return tmp_path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are known by their folder, so that none of them can be forgotten in a run without a browser."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that needs PostgreSQL fails elsewhere; it is never left out in silence."""
    if item.get_closest_marker("postgres") is None:
        return
    if "postgresql" not in _django_settings().DATABASES["default"]["ENGINE"]:
        pytest.fail(
            f"This test needs PostgreSQL: .venv/bin/python -m tests.postgres -- .venv/bin/pytest {item.path}",
            pytrace=False,
        )
