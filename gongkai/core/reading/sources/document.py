"""What every kind of file becomes, and the limits that a hostile file meets."""

from dataclasses import dataclass

from gongkai.core.reading.report import Format
from gongkai.core.reading.tables.grids import Grid

LARGEST = 64 * 1024 * 1024
"""Bytes of a file, or of the text inside a .docx. The largest report seen has less than a hundredth of it."""
MOST_CELLS = 200_000
MOST_PAGES = 500
WIDEST = 200
"""Columns of a table, and the most that one cell may span."""


class Unreadable(Exception):
    """A file that cannot be read; `str()` is one sentence for the clerk."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it is read: the text as printed, line by line, and the tables that still are tables.

    `layout` is the text with columns kept in their places, where the source knows them; tables are read from it.
    `title` is the title a web page gives itself. `lost_pages` are pages that are pictures: they have no text layer.
    """

    format: Format
    text: str
    grids: tuple[Grid, ...] = ()
    title: str = ""
    lost_pages: int = 0
    pages: int = 0
    layout: str = ""
