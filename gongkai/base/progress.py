"""A progress bar for long work: on a terminal only, never in a pipe (design section 4)."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
WIDTH = 30
PAUSE = 0.1  # seconds between two drawings


def progress(iterable: Iterable[T], total: int, label: str) -> Iterator[T]:
    """Yield the items; meanwhile draw on stderr how many of `total` are done, if stderr is a terminal.

    `total` may be an estimate, 0 when nothing is known of it. The line is wiped at the end, also after an error.
    """
    if not sys.stderr.isatty():
        yield from iterable
        return
    drawn_at = 0.0
    try:
        for done, item in enumerate(iterable):
            if time.monotonic() - drawn_at > PAUSE:
                drawn_at = time.monotonic()
                sys.stderr.write("\r" + _drawing(done, total, label) + "\x1b[K")
                sys.stderr.flush()
            yield item
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _drawing(done: int, total: int, label: str) -> str:
    if total <= 0:
        return f"{label} {done:,}"
    share = min(done / total, 1)
    bar = "█" * int(share * WIDTH)
    return f"{label} {bar:·<{WIDTH}} {share:4.0%} {done:,}/{total:,}"
