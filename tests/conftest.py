"""What every test shares. Imports no Django: `tests/core` runs with Django refused."""

import os

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are known by their folder, so that none of them can be forgotten in a run without a browser."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that needs PostgreSQL fails elsewhere; it is never left out in silence."""
    if item.get_closest_marker("postgres") is None:
        return
    from django.conf import settings as django_settings

    if "postgresql" not in django_settings.DATABASES["default"]["ENGINE"]:
        pytest.fail(
            f"This test needs PostgreSQL: .venv/bin/python -m tests.postgres -- .venv/bin/pytest {item.path}",
            pytrace=False,
        )
