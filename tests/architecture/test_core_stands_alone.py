"""`gongkai.core` is law and arithmetic: it runs with Django not installed."""

import subprocess
import sys

from tests.architecture.repository import ROOT

IMPORT_ALL = """
import tests.without_django
import importlib, pkgutil, gongkai.core
for module in pkgutil.walk_packages(gongkai.core.__path__, "gongkai.core."):
    importlib.import_module(module.name)
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_module_of_the_core_can_be_imported_without_django():
    assert run(IMPORT_ALL).stderr == ""


def test_django_is_really_refused_where_the_core_is_tested():
    refused = run("import tests.without_django\nimport django")
    assert "the core runs with Django not installed" in refused.stderr


def test_the_command_itself_is_found_without_importing_django():
    """The pure commands of `gongkai` answer at once, and on a machine that has no Django."""
    started = run("import tests.without_django\nimport gongkai.__main__")
    assert (started.returncode, started.stderr) == (0, "")
