"""The 270 figures that the five seeds state, against the ledgers (design section 6).

`FIGURES` binds a figure to the indicator that computes it: adding a figure is one line, its id and its indicator. The value
always comes from rows, confirmed returns or settings through the indicator, never from the figure.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from typing import Any, TextIO

from gongkai.base.models import Installation
from gongkai.ledgers.agencies.tree import Tree, tree_on
from gongkai.reporting.indicators import Figure, Scope, evaluate_indicators
from gongkai.site.figure_list import CANNOT_AGREE, FIGURES

FIRST_RECORD = date(1990, 1, 1)
"""Cumulative figures count from the first record on; there was no disclosure before this day."""


@dataclass(frozen=True, slots=True)
class Result:
    """One figure compared. `equal` is None where there is nothing to compare; `why` says why not."""

    id: str
    indicator: str
    stated: Decimal
    computed: Decimal | None
    source: str
    equal: bool | None
    why: str
    ledger: str

    def to_json_object(self) -> dict[str, object]:
        """The object of `gongkai figures --json`."""
        return {
            "id": self.id,
            "indicator": self.indicator,
            "stated": self.stated,
            "computed": self.computed,
            "source": self.source,
            "equal": self.equal,
            "why": self.why,
        }


@cache
def stated_figures() -> tuple[dict[str, Any], ...]:
    """All figures, numbers as Decimal."""
    text = resources.files("gongkai.core.seeds").joinpath("figures.json").read_text(encoding="utf-8")
    return tuple(json.loads(text, parse_float=Decimal, parse_int=Decimal))


def unit_of_last_digit(value: Decimal) -> Decimal:
    """One unit of the last stated digit: 10000 (1万余) is 10000, 73000 (7.3万余) is 1000, 24 is 1."""
    if value == 0:
        return Decimal(1)
    return Decimal(1).scaleb(value.normalize().as_tuple().exponent)  # type: ignore[arg-type]


def agrees(stated: Decimal, computed: Decimal, *, unit: str, bound: str | None) -> bool:
    """Equality as design section 6 defines it."""
    if bound == "at_least":
        return stated <= computed < stated + unit_of_last_digit(stated)
    if bound == "about":
        return abs(computed - stated) <= unit_of_last_digit(stated) / 2
    if unit == "%":
        places = Decimal(1).scaleb(min(0, int(stated.as_tuple().exponent)))
        return computed.quantize(places, ROUND_HALF_UP) == stated
    return computed == stated


def _agencies(scope: str, tree: Tree, root: int) -> tuple[int, ...]:
    """The agencies a figure speaks of: own, all, or the kind of agency that it names."""
    if scope == "own":
        return tuple(pk for pk in tree.subtree(root) if pk == root or _reporting_above(tree, pk) == root)
    kinds = _KINDS_NAMED.get(scope)
    nodes = (node for node, _ in tree.walk(root))
    return tuple(node.pk for node in nodes if kinds is None or node.kind in kinds)


def _reporting_above(tree: Tree, pk: int) -> int:
    for above in tree.ancestors(pk):
        if tree.nodes[above].reports_for_itself:
            return above
    return pk


_KINDS_NAMED: dict[str, tuple[str, ...]] = {
    "各区直行政机关": ("department",),
    "高新区、各街道办事处": ("dispatched", "town"),
    "各街道": ("town",),
}


def _period(figure: dict[str, Any], year: int) -> tuple[date, date]:
    first = FIRST_RECORD if figure["as_of"] == "cumulative" else date(year, 1, 1)
    return first, date(year, 12, 31)


def _source(figure: Figure) -> str:
    if figure.from_setting:
        return "setting"
    if figure.value is None:
        return "none"
    return "returns" if figure.returns and not figure.from_rows else "records"


def evaluate_world() -> list[Result]:
    """Every figure of the seed that this installation's world plays, in order of appearance."""
    world = Installation.objects.get(pk=1).world
    wanted = [figure for figure in stated_figures() if figure["id"].startswith(world + "-")] if world else []
    if not wanted:
        return []
    year = int(world.rsplit("-", 1)[1])
    tree = tree_on(date(year, 12, 31))
    root = tree.roots()[0].pk
    groups: dict[tuple[tuple[int, ...], date, date], list[dict[str, Any]]] = {}
    for figure in wanted:
        if figure["id"] in FIGURES:
            key = (_agencies(figure["scope"], tree, root), *_period(figure, year))
            groups.setdefault(key, []).append(figure)
    computed: dict[str, Figure] = {}
    for (agencies, first, last), figures in groups.items():
        values = evaluate_indicators(
            Scope(agencies=agencies, first=first, last=last), {FIGURES[f["id"]] for f in figures}
        )
        computed |= {figure["id"]: values[FIGURES[figure["id"]]] for figure in figures}
    return [_result(figure, computed.get(figure["id"])) for figure in wanted]


def _result(stated: dict[str, Any], figure: Figure | None) -> Result:
    name, ledger = stated["id"], stated["ledger"]
    if name in CANNOT_AGREE:
        value = figure.value if figure else None
        return Result(
            name, stated["indicator"], stated["value"], value, "none", None, f"不可能相符：{CANNOT_AGREE[name]}", ledger
        )
    if figure is None:
        return Result(name, stated["indicator"], stated["value"], None, "none", None, f"等待台账 {ledger}", ledger)
    if figure.value is None:
        return Result(name, FIGURES[name], stated["value"], None, "none", False, "台账和填报里都没有", ledger)
    equal = agrees(stated["value"], figure.value, unit=stated["unit"], bound=stated.get("bound"))
    why = "" if equal else f"台账算出 {figure.value}"
    return Result(name, FIGURES[name], stated["value"], figure.value, _source(figure), equal, why, ledger)


def _counts(results: Iterable[Result]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for result in results:
        if result.equal:
            counts[result.source] += 1
        elif result.equal is False:
            counts["unequal"] += 1
        elif result.id in CANNOT_AGREE:
            counts["cannot"] += 1
        else:
            counts["waiting"] += 1
    return counts


def summary(world: str) -> str:
    """The lines printed at the end of a demo and above the list of figures."""
    results = evaluate_world()
    if not results:
        return ""
    counts = _counts(results)
    waiting = Counter(result.ledger for result in results if result.equal is None and result.id not in CANNOT_AGREE)
    text = (
        f"报告正文写到的 {len(results)} 个数字（{world}）："
        f"与台账相符 {counts['records']}，与填报相符 {counts['returns']}，与设置相符 {counts['setting']}，"
        f"不相符 {counts['unequal']}，不可能相符 {counts['cannot']}，等待其他台账 {counts['waiting']}。\n"
    )
    if waiting:
        text += "  等待：" + "，".join(f"{ledger} {count}" for ledger, count in waiting.most_common()) + "\n"
    return text


def print_results(results: list[Result], out: TextIO) -> None:
    """A readable list of figures."""
    if not results:
        out.write("这个世界没有对应的公布报告，没有数字可核对。请用 --world licheng-2020 等。\n")
        return
    out.write(summary(results[0].id.rsplit("-", 1)[0]))
    for result in results:
        mark = {True: "✓", False: "✕", None: "○"}[result.equal]
        value = "—" if result.computed is None else f"{result.computed.normalize():f}"
        out.write(f"{mark} {result.id}  {result.indicator}  写 {result.stated:f}  算 {value}  {result.why}\n")
