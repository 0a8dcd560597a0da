"""`docs/measured.md`: the sections that a command writes; what stands between them is written by people."""

import os
import platform
import re
from pathlib import Path

import django
from django.db import connection

PAGE = Path(__file__).parents[1] / "docs" / "measured.md"


def rewrite_section(name: str, text: str, *, page: Path = PAGE) -> None:
    """Replace what stands between the two marks of a section. Raises ValueError where the page has no such marks."""
    begin, end = f"<!-- {name}: written by `make {name}` -->", f"<!-- {name}: end -->"
    before = page.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(begin) + r".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(before):
        raise ValueError(f"{page.name} has no section between {begin} and {end}")
    after = pattern.sub(lambda _: f"{begin}\n{text.strip()}\n{end}", before)
    page.write_text(after, encoding="utf-8")


def surroundings() -> str:
    """One line: on what it was measured. Names no host."""
    cores = os.cpu_count() or 1
    with connection.cursor():
        version = getattr(connection, "pg_version", None)
    database = f"PostgreSQL {version // 10000}" if version else connection.vendor
    return f"{cores} cores, Python {platform.python_version()}, Django {django.get_version()}, {database}"
