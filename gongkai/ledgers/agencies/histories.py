"""What a history of agencies must satisfy on every day (design 4a, "The tree has dates"); pure, over rows in memory.

A change is tried here on all terms before it is written, one change or a thousand.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from gongkai.base.errors import RuleBroken

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One term of one agency: who it was under from a day to a day (both included; None: still)."""

    agency: str
    parent: str | None
    name: str
    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        """Whether the term is in force on the day."""
        return self.first <= day and (self.last is None or day <= self.last)


def require_sound(spans: Iterable[Span]) -> None:
    """Refuse, with a sentence, a history that cannot have been: gaps, overlaps, a parent that did not exist, a cycle, two roots.

    Agencies are named by their slug. An empty history is sound.
    """
    by_agency: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        by_agency[span.agency].append(span)
    for history in by_agency.values():
        history.sort(key=lambda span: span.first)
        _require_unbroken(history)
    for history in by_agency.values():
        for span in history:
            _require_parent(span, by_agency)
    _require_tree_on_every_day(by_agency)


def _require_unbroken(history: list[Span]) -> None:
    for before, after in pairwise(history):
        if before.last is None or before.last >= after.first:
            raise RuleBroken(f"“{after.name}”的沿革在 {after.first} 重叠：同一天只能有一种情况。", field="valid_from")
        if before.last + ONE_DAY != after.first:
            raise RuleBroken(
                f"“{after.name}”的沿革在 {before.last} 与 {after.first} 之间断开：撤销的单位不能恢复，请新建单位。",
                field="valid_from",
            )


def _require_parent(span: Span, by_agency: dict[str, list[Span]]) -> None:
    """The parent exists on every day of the term. Its own history is unbroken, so its ends decide."""
    if span.parent is None:
        return
    history = by_agency.get(span.parent)
    if history is None:
        raise RuleBroken(f"“{span.name}”的上级单位“{span.parent}”不存在。", field="parent")
    first, last = history[0].first, history[-1].last
    if span.first < first:
        raise RuleBroken(
            f"“{span.name}”从 {span.first} 起隶属“{history[0].name}”，但后者 {first} 才设立。", field="parent"
        )
    if last is not None and (span.last is None or span.last > last):
        raise RuleBroken(
            f"“{span.name}”的上级单位“{history[-1].name}”到 {last} 为止，之后要另定上级单位。", field="parent"
        )


def _require_tree_on_every_day(by_agency: dict[str, list[Span]]) -> None:
    """On each day on which something begins there is one root and no cycle; between such days nothing changes."""
    everything = [span for history in by_agency.values() for span in history]
    for day in sorted({span.first for span in everything}):
        here = {span.agency: span for span in everything if span.covers(day)}
        roots = sorted(span.name for span in here.values() if span.parent is None)
        if len(roots) > 1:
            raise RuleBroken(
                f"{day} 会有两个没有上级的单位：{'、'.join(roots)}。一套系统只有一个根单位。", field="parent"
            )
        _require_no_cycle(here, day)


def _require_no_cycle(here: dict[str, Span], day: date) -> None:
    safe: set[str] = set()
    for start in here:
        path: list[str] = []
        step: str | None = start
        while step is not None and step not in safe:
            if step in path:
                names = " → ".join(here[slug].name for slug in [*path[path.index(step) :], step])
                raise RuleBroken(f"{day} 的隶属关系会成环：{names}。", field="parent")
            path.append(step)
            step = here[step].parent
        safe.update(path)
