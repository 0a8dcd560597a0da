"""`docs/indicators.md`: every indicator, generated from the registry and checked."""

from itertools import groupby

from gongkai.reporting.indicators import LEDGERS, Indicator, Term, family, indicators
from gongkai.reporting.indicators.returnable import CELLS, IN_ADDITION


def indicators_markdown() -> str:
    """The page in Chinese: by ledger each indicator with name, title, counts, unit and basis, and what may be returned."""
    lines = [
        "# 指标",
        "",
        "本页由程序生成。指标是台账上有名字的查询：它的数就是符合条件的行数，每个数都能打开看到这些行。",
        "在年度报告的文字里写 `{{指标名}}` 就插入它的数。",
        "`{{指标名|分类=取值}}` 再加条件，`{{指标名|period=cumulative}}` 从有记录以来累计。",
        "`records.topic.主题代号` 对每个主题分类都有，这里不逐一列出。",
    ]
    for ledger, group in groupby(indicators().values(), key=lambda one: one.ledger):
        lines += [
            "",
            f"## {LEDGERS[ledger]}",
            "",
            "| 指标名 | 名称 | 统计口径 | 单位 | 依据 |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [_row(one) for one in group]
        lines += _dimensions(ledger)
    return "\n".join([*lines, *_returnable(), ""])


def _row(one: Indicator) -> str:
    counts = one.counts + (f"（{_cut(one.term)}）" if one.term is not None and one.term.where else "")
    return f"| `{one.name}` | {one.title} | {counts} | {one.unit} | {one.basis} |"


def _cut(one: Term) -> str:
    ledger = family(one.family).ledger
    return "；".join(
        f"{ledger.dimensions[name].title}：{'、'.join(_label(ledger.dimensions[name].labels, m) for m in members)}"
        for name, members in one.where
    )


def _label(labels: object, member: str) -> str:
    return labels.get(member, member) if isinstance(labels, dict) else member


def _dimensions(ledger: str) -> list[str]:
    """The dimensions of the ledger's rows, with their members."""
    found = next(
        (
            family(one.term.family).ledger
            for one in indicators().values()
            if one.ledger == ledger and one.term is not None
        ),
        None,
    )
    if found is None:
        return []
    lines = ["", "可以再分：", ""]
    for dimension in found.dimensions.values():
        members = (
            "任意文字" if dimension.labels is None else "、".join(f"`{m}` {t}" for m, t in dimension.labels.items())
        )
        lines.append(f"- `{dimension.name}` {dimension.title}：{members}")
    return lines


def _returnable() -> list[str]:
    lines = ["", "## 可以填报的数据格", "", "只有这些数据格接受填报，其余一律由台账逐条算出。", ""]
    lines += ["| 数据格 | 指标名 | 为什么 |", "| --- | --- | --- |"]
    lines += [f"| `{cell}` | `{name}` | {why} |" for cell, (name, why) in CELLS.items()]
    lines += ["", "台账之外另加：", ""]
    return [*lines, *(f"- `{name}`：{why}" for name, why in IN_ADDITION.items())]
