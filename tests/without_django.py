"""Run pytest in a process in which Django cannot be imported: `python -m tests.without_django -q tests/core`.

The law and its arithmetic must work without a web framework; an import of Django fails here as where none is installed.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest


class DjangoRefused(MetaPathFinder):
    """A finder that answers for Django before any other, and says it is not installed."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] == "django":
            raise ModuleNotFoundError("the core runs with Django not installed", name=fullname)
        return None


def refuse_django() -> None:
    loaded = [name for name in sys.modules if name.partition(".")[0] == "django"]
    if loaded:
        raise RuntimeError(f"Django was imported before it could be refused: {loaded[0]}")
    sys.meta_path.insert(0, DjangoRefused())


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know the setting of pytest-django in pyproject.toml, whose own plugin is left out."""
    parser.addini("DJANGO_SETTINGS_MODULE", "not used without Django")


if __name__ == "__main__":
    # Loaded as a plugin, so that the workers of pytest-xdist load it too.
    sys.exit(pytest.main(["-p", "no:django", "-p", "tests.without_django", *sys.argv[1:]]))

refuse_django()
