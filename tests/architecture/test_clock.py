"""`base/clock.py` is the only place that knows today; everything else is told."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.repository import PACKAGE, named, sources

CLOCK = PACKAGE / "base" / "clock.py"
TODAY = frozenset(
    {
        "date.today",
        "datetime.today",
        "datetime.now",
        "datetime.utcnow",
        "timezone.now",
        "timezone.localdate",
        "time.time",
    }
)
IMPORTED = {
    "django.utils.timezone": frozenset({"now", "localdate"}),
    "django.db.models.functions": frozenset({"Now"}),
}
FIELDS_THAT_LOOK = frozenset({"auto_now", "auto_now_add"})


def looks_at_the_clock(source: str) -> Iterator[str]:
    """The places in a module that ask what time it is, called or only named (as the default of a field)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            name = f"{ast.unparse(node.value).rpartition('.')[2]}.{node.attr}"
            if name in TODAY:
                yield f"{node.lineno}: {name}"
        elif isinstance(node, ast.ImportFrom) and node.module in IMPORTED:
            yield from (f"{node.lineno}: {name.name}" for name in node.names if name.name in IMPORTED[node.module])
        elif isinstance(node, ast.keyword) and node.arg in FIELDS_THAT_LOOK:
            yield f"{node.value.lineno}: {node.arg}"


def test_only_the_clock_knows_today():
    others = [(path, text) for path, text in sources() if path != CLOCK]
    found = [f"{named(path)}:{place}" for path, text in others for place in looks_at_the_clock(text)]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "on = date.today()",
        "on = datetime.datetime.now(BEIJING)",
        "at = models.DateTimeField(default=timezone.now)",  # named, not called
        "at = models.DateTimeField(auto_now_add=True)",
        "from django.utils.timezone import localdate",
        "from django.db.models.functions import Now",
    ],
)
def test_a_look_at_the_clock_is_found(source):
    assert len(list(looks_at_the_clock(source))) == 1


@pytest.mark.parametrize("source", ["on = clock.localdate()", "local = timezone.localtime(at)", "'date.today()'"])
def test_being_told_the_day_is_no_look_at_the_clock(source):
    assert list(looks_at_the_clock(source)) == []
