"""A port: what the plumbing must know of the tree of agencies, filled by `site` from `ledgers.agencies` at start-up."""

from collections.abc import Iterable
from typing import Protocol


class Port(Protocol):
    """The tree as it stands today."""

    def names(self) -> dict[int, str]:
        """Name of each agency by primary key; one that ended keeps its last name."""

    def lineages(self, pks: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """For each agency the keys of itself and of all above it, nearest first."""

    def roots(self) -> frozenset[int]:
        """Agencies that have nobody above them."""


class _Empty:
    """No tree yet: no names, nobody above anybody."""

    def names(self) -> dict[int, str]:
        return {}

    def lineages(self, pks: Iterable[int]) -> dict[int, tuple[int, ...]]:
        return {pk: (pk,) for pk in pks}

    def roots(self) -> frozenset[int]:
        return frozenset()


_port: Port = _Empty()


def fill(port: Port) -> None:
    """Called once at start-up."""
    global _port  # noqa: PLW0603 - one per process
    _port = port


def port() -> Port:
    """The filled port."""
    return _port
