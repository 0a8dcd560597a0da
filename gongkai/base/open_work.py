"""A port: each ledger tells which open work a member of staff holds, and hands it over when staff change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One piece of open work, as it stands on the hand-over list.

    `title` identifies it and is read by administrators too, who see nothing of the ledgers: a number, no more. `content`
    says what it is about, to the person who works on it.
    """

    ledger: str
    title: str
    due: str
    url: str
    content: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """How a ledger lists and hands over open work."""

    items: Callable[[Any], list[OpenItem]]
    """Open work of a member of staff."""
    hand_over: Callable[..., int]
    """hand_over(staff, successor, *, by, reason) -> how many rows changed hands, each change journalled."""


_sources: dict[str, Source] = {}


def register(ledger: str, source: Source) -> None:
    """Called once by each ledger at start-up."""
    _sources[ledger] = source


def items_of(staff: Any) -> list[OpenItem]:
    """All open work of a member of staff, over all ledgers."""
    return [item for source in _sources.values() for item in source.items(staff)]


def hand_over(staff: Any, successor: Any, *, by: Any, reason: str) -> int:
    """Hand all open work to the successor; returns how many rows changed hands."""
    return sum(source.hand_over(staff, successor, by=by, reason=reason) for source in _sources.values())
