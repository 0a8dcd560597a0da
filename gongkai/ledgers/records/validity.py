"""A port: what the ledger of normative documents says of a record's validity (有效性), shown wherever the record is.

47号 asks that a repealed or lapsed document is marked on its own page. Records import nothing upwards, so they ask here.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Mark:
    """Validity on a day: the word, its tone (good, warn, bad or empty), since when and by what, until when."""

    document: int
    """Primary key of the normative document, for addresses of the desk."""
    word: str
    tone: str
    kind: str
    in_force_on: date
    valid_until: date | None
    ended_on: date | None
    ended_by: str


Source = Callable[[Collection[int], date], dict[int, Mark]]

_sources: list[Source] = []


def fill(source: Source) -> None:
    """Called once at start-up by the ledger that knows: source(primary keys of records, day)."""
    _sources[:] = [source]


def marks(record_pks: Collection[int], day: date) -> dict[int, Mark]:
    """Marks of those records that are normative documents or rules; one query whatever their number."""
    if not _sources or not record_pks:
        return {}
    return _sources[0](record_pks, day)
