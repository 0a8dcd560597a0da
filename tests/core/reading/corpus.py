"""The files of `tests/corpus` with what is known of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from gongkai.core.national_forms.cells import CellValue
from gongkai.core.national_forms.samples import sample
from gongkai.core.reading.report import PublishedReport

CORPUS = Path(__file__).parents[2] / "corpus"
SAMPLED = ("licheng-2020", "shengsi-2017", "wuding-2020")
WITHOUT_TABLES = {"seed-daishan-2020.txt": "2019", "seed-binjiang-2017.txt": None}


@dataclass(frozen=True)
class Known:
    """A file, the form it is printed on and the values that are printed in it."""

    path: Path
    form: str | None
    cells: Mapping[str, CellValue]
    extra_cells: Mapping[str, CellValue]


@dataclass(frozen=True)
class Score:
    """Cells by how they were read. `invented`: a value where none is printed."""

    right: int
    wrong: int
    invented: int
    unread: int


def known_files() -> Iterator[Known]:
    for path in sorted(CORPUS.iterdir()):
        truth = path.with_name(f"{path.stem}.truth.json")
        if path.suffix not in (".txt", ".html", ".pdf"):
            continue
        if truth.exists():
            data = json.loads(truth.read_text(encoding="utf-8"), parse_float=Decimal)
            yield Known(path, data["form"], data.get("cells", {}), data.get("extra_cells", {}))
        elif path.name in WITHOUT_TABLES:
            yield Known(path, WITHOUT_TABLES[path.name], {}, {})
        else:
            found = sample(path.stem.removeprefix("seed-"))
            yield Known(path, found.form.code, found.cells, found.extra_cells)


def score(known: Known, report: PublishedReport) -> Score:
    """Every cell of the truth against what was read; codes of another form count too."""
    truth = {**known.cells, **known.extra_cells}
    read = {**report.extra_cells, **report.cells}
    pairs = [(value, read.get(code)) for code, value in truth.items()]
    return Score(
        right=sum(value == found for value, found in pairs),
        wrong=sum(value is not None and found is not None and value != found for value, found in pairs),
        invented=sum(value is None and found is not None for value, found in pairs)
        + sum(code not in truth for code in report.extra_cells),
        unread=sum(value is not None and found is None for value, found in pairs),
    )
