"""Each world is built once for all tests of a module, inside a transaction that is rolled back."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction

from gongkai.base import clock
from gongkai.site.worlds import WORLDS, World, building


@pytest.fixture(scope="module")
def world(request, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """The world named by the test module's indirect parameter, in the database of the test run."""
    data = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATA", data)
        patch.setattr(settings, "FILES", data / "files")
        patch.setattr(settings, "SECRET_KEY_FILE", data / "secret-key")
        clock.forget_demo_date()
        with transaction.atomic():
            assert building.build(WORLDS[request.param], fresh=False) == 0
            yield WORLDS[request.param]
            transaction.set_rollback(True)
        clock.forget_demo_date()
