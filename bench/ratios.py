"""What a measurement says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """One measured number with the bound that the product promises.

    `value` is a ratio of two times of the same run, or a count (queries of a page), or seconds where the promise is in
    seconds: `unit` says which (``×``, ``queries``, ``s``). `how` tells what was compared, with the sizes.
    """

    what: str
    value: float
    bound: float | None
    unit: str
    how: str

    @property
    def is_kept(self) -> bool:
        """Whether the promise holds; a number without a bound promises nothing."""
        return self.bound is None or self.value <= self.bound

    def line(self) -> str:
        """For the terminal."""
        verdict = "" if self.bound is None else ("  kept" if self.is_kept else "  NOT KEPT")
        return f"{self.what}: {self.value:.3g} {self.unit} (bound {self._bound()}){verdict}  [{self.how}]"

    def row(self) -> str:
        """For the table in docs/measured.md."""
        mark = "" if self.is_kept else " (not kept)"
        return f"| {self.what} | {self.value:.3g} {self.unit}{mark} | {self._bound()} | {self.how} |"

    def _bound(self) -> str:
        return "none" if self.bound is None else f"{self.bound:g} {self.unit}"
