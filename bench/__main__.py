"""`make bench`: run every module `bench/measure_*.py`, print its rows, and write them into `docs/measured.md`.

Such a module has `measure() -> Iterator[Ratio]`. A ratio compares two things measured in the same run, so that it holds
on another machine too; a time alone would not. The database is empty at first and thrown away afterwards.
"""

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django

from bench.ratios import Ratio

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("measure_*.py"))


def prepare_database() -> None:
    """Bring the schema into the database that GONGKAI_DATABASE_URL names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.site.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def measured() -> Iterator[Ratio]:
    for name in MODULES:
        sys.stderr.write(f"{name} …\n")
        yield from importlib.import_module(f"bench.{name}").measure()


def main() -> int:
    """Exit status 1 when a ratio is above its bound, 2 when there is nothing to measure or nowhere to do it."""
    if "GONGKAI_DATABASE_URL" not in os.environ:
        sys.stderr.write("A measurement fills a database: it runs on a private one, by `make bench`.\n")
        return 2
    if not MODULES:
        sys.stderr.write("There is no module bench/measure_*.py: nothing was measured.\n")
        return 2
    prepare_database()
    from bench.measured import rewrite_section, surroundings

    ratios = []
    for ratio in measured():
        print(ratio.line(), flush=True)
        ratios.append(ratio)
    head = "| what | measured | bound | how |\n| --- | --- | --- | --- |"
    rewrite_section("bench", "\n".join([f"{surroundings()}.", "", head, *(ratio.row() for ratio in ratios)]))
    return int(any(not ratio.is_kept for ratio in ratios))


if __name__ == "__main__":
    sys.exit(main())
