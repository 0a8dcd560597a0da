"""The 270 figures that the five seeds state, against the ledgers (design section 6).

`FIGURES` binds a figure to the indicator that computes it: adding a figure is one line, its id and its indicator. The value
always comes from rows, confirmed returns or settings through the indicator, never from the figure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TextIO

from gongkai.base.models import Installation
from gongkai.core import seeds
from gongkai.core.national_forms.samples import SAMPLES, sample
from gongkai.ledgers.agencies.queries import root_agency
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.indicators import Scope, named
from gongkai.reporting.indicators.evaluation import Ask, Figure, ask, evaluate
from gongkai.reporting.indicators.scopes import history, scope_of
from gongkai.site.figure_list import CANNOT_AGREE, FIGURES


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


_KINDS_NAMED: dict[str, tuple[str, ...]] = {
    "各区直行政机关": ("department",),
    "高新区、各街道办事处": ("dispatched", "town"),
    "各街道": ("town",),
}


def _scope(stated: str, root: int, year: int) -> Scope:
    """The agencies a figure speaks of: own, the kind of agency that it names, else all."""
    if stated == "own":
        return scope_of(root, year, "own")
    everything = scope_of(root, year, "own_level")
    kinds = _KINDS_NAMED.get(stated)
    if kinds is None or everything.tree is None:
        return everything
    return everything.within(node.pk for node in everything.tree.nodes.values() if node.kind in kinds)


def _ask(name: str, as_of: str) -> Ask:
    """How a figure is computed: the indicator of the year, or from the first record on."""
    one = ask(named(name))
    if as_of != "cumulative" or named(name).kind == "returns":
        return one
    return replace(one, cumulative=True, term=None if one.term is None else replace(one.term, cumulative=True))


def _source(name: str, figure: Figure) -> str:
    return "setting" if named(name).kind in ("setting", "form") else figure.source.partition("+")[0]


def evaluate_world() -> list[Result]:
    """Every figure of the seed that this installation's world plays, in order of appearance."""
    world = Installation.objects.get(pk=1).world
    wanted = [figure for figure in seeds.figures() if figure["id"].startswith(world + "-")] if world else []
    if not wanted:
        return []
    year = int(world.rsplit("-", 1)[1])
    tree, _ = history(date(year, 12, 31))
    root = tree.roots()[0].pk
    computed: dict[str, Figure] = {}
    for stated in dict.fromkeys(figure["scope"] for figure in wanted):
        asked = {
            figure["id"]: _ask(FIGURES[figure["id"]], figure["as_of"])
            for figure in wanted
            if figure["scope"] == stated and figure["id"] in FIGURES
        }
        values = evaluate(asked.values(), _scope(stated, root, year)).figures
        computed |= {name: values[one] for name, one in asked.items()}
    return [_result(figure, computed.get(figure["id"])) for figure in wanted]


def _result(stated: Mapping[str, Any], figure: Figure | None) -> Result:
    name, ledger, value = stated["id"], stated["ledger"], Decimal(stated["value"])
    if name in CANNOT_AGREE:
        computed = figure.value if figure else None
        return Result(
            name, stated["indicator"], value, computed, "none", None, f"不可能相符：{CANNOT_AGREE[name]}", ledger
        )
    if figure is None:
        return Result(name, stated["indicator"], value, None, "none", None, f"等待台账 {ledger}", ledger)
    if figure.value is None:
        return Result(name, FIGURES[name], value, None, "none", equal=False, why="台账和填报里都没有", ledger=ledger)
    equal = agrees(value, figure.value, unit=stated["unit"], bound=stated.get("bound"))
    why = "" if equal else f"台账算出 {figure.value}"
    return Result(name, FIGURES[name], value, figure.value, _source(FIGURES[name], figure), equal, why, ledger)


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


def table_summary(name: str) -> str:
    """The published table of a world against the compiled one, as a line; empty for a world without one."""
    root = root_agency()
    if not name or root is None:
        return ""
    table = sample(name)
    compiled = compile_report(root, table.year)
    printed = {code: value for code, value in table.cells.items() if value is not None}
    unequal = [code for code, value in printed.items() if compiled.values[code] != value]
    returned = sum("returns" in compiled.cells[code].source for code in printed)
    text = (
        f"公布的表印出 {len(printed)} 格：相符 {len(printed) - len(unequal)}"
        f"（其中 {returned} 格有填报的数），不相符 {len(unequal)}。\n"
    )
    if table.extra_cells:
        text += f"  另有 {len(table.extra_cells)} 格按别的年度的格式印出，不在本年度的表里，按各行之和核对。\n"
    return text + "".join(f"  ✕ {compiled.cells[code].cell.label}\n" for code in unequal)


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
    world = Installation.objects.get(pk=1).world
    out.write(table_summary(world if world in SAMPLES else ""))
    if not results:
        out.write("这个世界没有对应的公布报告，没有数字可核对。请用 --world licheng-2020 等。\n")
        return
    out.write(summary(results[0].id.rsplit("-", 1)[0]))
    for result in results:
        mark = {True: "✓", False: "✕", None: "○"}[result.equal]
        value = "—" if result.computed is None else f"{result.computed.normalize():f}"
        out.write(f"{mark} {result.id}  {result.indicator}  写 {result.stated:f}  算 {value}  {result.why}\n")
