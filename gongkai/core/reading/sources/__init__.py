"""A file as text and tables: HTML, .docx, PDF with a text layer, plain text. `open_source` tells which it is by its bytes."""

from gongkai.core.reading.sources.document import Document, Unreadable
from gongkai.core.reading.sources.opening import open_source

__all__ = ["Document", "Unreadable", "open_source"]
