"""`python -m bench.reading [COUNT]`: how many cells the reader reads right, over the real reports and COUNT drawn ones.

Prints the table and writes it into `docs/measured.md`. Exit status 1 if any value is wrong or invented. Needs no database.
"""

import platform
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gongkai.core.reading.reader import read_document, read_report
from gongkai.core.reading.report import PublishedReport
from gongkai.core.reading.sources.html import read_html
from gongkai.core.reading.sources.text import read_text
from tests.core.reading.corpus import known_files, score
from tests.core.reading.layouts import TEXTS, Drawn, drawn_report

PAGE = Path(__file__).parents[1] / "docs" / "measured.md"
BEGIN, END = "<!-- reading: written by `python -m bench.reading` -->", "<!-- reading: end -->"
HEAD = "| what | form | cells | right | wrong | value instead of nothing | unread |\n| --- | --- | --- | --- | --- | --- | --- |"


def of_files() -> Iterator[tuple[str, str, Counter[str]]]:
    """File, form and its cells by how they were read."""
    for known in known_files():
        report = read_report(known.path)
        found = score(known, report)
        counts = Counter(right=found.right, wrong=found.wrong, invented=found.invented, unread=found.unread)
        yield known.path.name, report.form or "none", counts


def of_layouts(count: int) -> Iterator[tuple[str, str, Counter[str]]]:
    """Layout and the cells of all its drawn reports by how they were read."""
    for layout in TEXTS:
        counts: Counter[str] = Counter()
        for seed in range(count):
            drawn, text = drawn_report(seed, layout)
            counts += _drawn(
                drawn, read_document(read_html(text) if layout == "html" else read_text(text), file=layout)
            )
        yield f"{count} drawn, {layout}", "all", counts


def _drawn(drawn: Drawn, report: PublishedReport) -> Counter[str]:
    counts: Counter[str] = Counter(invented=len(report.extra_cells))
    for code, value in drawn.expected().items():
        found = report.cells.get(code)
        if found == value:
            counts["right"] += 1
        elif found is None:
            counts["unread"] += 1
        else:
            counts["wrong" if value is not None else "invented"] += 1
    return counts


def row(name: str, form: str, counts: Counter[str]) -> str:
    numbers = (counts[kind] for kind in ("right", "wrong", "invented", "unread"))
    return f"| {name} | {form} | {counts.total()} | " + " | ".join(map(str, numbers)) + " |"


def main(arguments: list[str]) -> int:
    count = int(arguments[0]) if arguments else 40
    rows, every, bad = [], Counter[str](), 0
    for name, form, counts in (*of_files(), *of_layouts(count)):
        rows.append(row(name, form, counts))
        print(rows[-1], flush=True)
        every += counts
        bad += counts["wrong"] + counts["invented"]
    table = "\n".join(
        [f"Python {platform.python_version()}, {count} drawn reports a layout.", "", HEAD, *rows, row("all", "", every)]
    )
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(
        re.sub(re.escape(BEGIN) + r".*?" + re.escape(END), lambda _: f"{BEGIN}\n{table}\n{END}", page, flags=re.DOTALL),
        encoding="utf-8",
    )
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
