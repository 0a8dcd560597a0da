"""What is wrong with a report, or must be said of it: relations that do not hold, unknown cells, returns, hand figures.

An error finding keeps the report from being frozen until somebody explains it; nothing is corrected silently.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from gongkai.core.national_forms.relations import Broken, cells_equal_to_gap, check_relations
from gongkai.core.writing.numerals import plain
from gongkai.ledgers.applications.models import Application
from gongkai.reporting.annual_reports.compiled import Compiled, CompiledCell, Finding
from gongkai.reporting.annual_reports.narrative import Token
from gongkai.reporting.annual_reports.parts import CARRIED_OVER, Parts
from gongkai.reporting.indicators import find, term
from gongkai.reporting.indicators.evaluation import Stated, count_by_agency, rows

NAMED = 20
"""So many rows are named in a finding; how many more there are is said."""
CARRY = "applications.carry."


def checked(compiled: Compiled, parts: Parts, tokens: Mapping[str, Token]) -> Compiled:
    """Run the relations and the other checks; fills `relations` and `findings`."""
    compiled.relations = check_relations(compiled.form, compiled.values, compiled.previous)
    found = (
        *_relations(compiled, parts),
        *_cells(compiled),
        *_returns(compiled),
        *_outside(compiled),
        *_text(compiled, tokens),
    )
    once = dict.fromkeys(found)
    compiled.findings = tuple(
        replace(finding, explained=parts.explanations.get(finding.id)) for finding in _in_order(once)
    )
    return compiled


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    order = {"error": 0, "warning": 1, "notice": 2}
    return sorted(findings, key=lambda finding: order[finding.severity])


def _name(compiled: Compiled, agency: int) -> str:
    tree = compiled.scope.tree
    return (tree.name(agency) if tree is not None else "") or f"单位{agency}"


# Relations


def _relations(compiled: Compiled, parts: Parts) -> Iterator[Finding]:
    carried_in: _CarriedIn | None = None
    for broken in compiled.relations.broken:
        relation = broken.relation
        added, returns = _explained_by_returns(compiled, broken)
        message = broken.explanation + _equal_to_gap(compiled, broken) + added
        if relation.id.startswith(CARRY):
            carried_in = carried_in or _CarriedIn(compiled, parts)
            message += carried_in.sentence(relation.id.removeprefix(CARRY))
        yield Finding(
            id=relation.id,
            code="relation",
            severity=relation.severity,
            message=message,
            cells=broken.cells,
            relation=relation.id,
            expected=broken.expected,
            actual=broken.actual,
            basis={"printed": "格式印明的关系", "label": "由表头看出的关系", "meaning": "由含义推出的关系"}.get(
                relation.basis, relation.basis
            ),
            returns=returns,
        )


def _equal_to_gap(compiled: Compiled, broken: Broken) -> str:
    """A cell that equals the gap is the likeliest cause, unless it stands in the relation itself."""
    same = [code for code in cells_equal_to_gap(broken, compiled.values) if code not in broken.cells]
    if not same or len(same) > 3:
        return ""
    labels = "、".join(f"“{compiled.form.cells[code].label.rpartition(' · ')[2]}”" for code in same)
    return f"差额正好等于{labels}。"


def _explained_by_returns(compiled: Compiled, broken: Broken) -> tuple[str, tuple[int, ...]]:
    """Returns filed in addition to rows that stand in the relation, with their reason (the world of 2017)."""
    if compiled.evaluation is None:
        return "", ()
    keys = {
        key
        for code in broken.cells
        if (cell := compiled.cells.get(code)) is not None
        for key in cell.figure.in_addition
    }
    added = [stated for stated in compiled.evaluation.returns if stated.pk in keys]
    if not added:
        return "", ()
    sentences = "".join(_addition(compiled, stated) for stated in added)
    total = sum((stated.value for stated in added), Decimal(0))
    exact = f"另加数合计{plain(total)}，正好是差额。" if total == abs(broken.gap) else ""
    return sentences + exact, tuple(stated.pk for stated in added)


def _addition(compiled: Compiled, stated: Stated) -> str:
    indicator = find(stated.indicator)
    title = indicator.title if indicator is not None else stated.indicator
    return (
        f"{_name(compiled, stated.agency)}在台账之外向“{title}”另加填报{plain(stated.value)}"
        f"（{stated.first}至{stated.last}），理由：{stated.reason.rstrip('。')}。"
    )


class _CarriedIn:
    """上年结转 differs from last year's 结转下年度: which applications came or went. One query, a second for what went."""

    def __init__(self, compiled: Compiled, parts: Parts) -> None:
        self.before = parts.previous_rows
        found = rows(term("applications.carried_in"), compiled.scope)
        self.now = list(found.values_list("pk", "number", "applicant_kind"))
        gone = set(self.before.get(f"{CARRIED_OVER}total", ())) - {pk for pk, _, _ in self.now}
        self.gone = dict(Application.objects.filter(pk__in=gone).values_list("pk", "number")) if gone else {}

    def sentence(self, column: str) -> str:
        """The rows of one column: by number those that came or went, or all where last year's rows are not known."""
        now = {pk: number for pk, number, kind in self.now if column in ("total", kind)}
        before = self.before.get(f"{CARRIED_OVER}{column}")
        if before is None:
            return f"台账里结转的申请：{_numbers(now.values())}。" if now else "台账里没有结转的申请。"
        known = {pk: number for pk, number, _ in self.now} | self.gone
        came = [now[pk] for pk in sorted(now.keys() - before)]
        went = [known.get(pk, f"已不在台账的第{pk}行") for pk in sorted(before - now.keys())]
        return (f"上年报告没有计入的：{_numbers(came)}。" if came else "") + (
            f"上年报告计入、现在不再结转的：{_numbers(went)}。" if went else ""
        )


def _numbers(numbers: Iterable[str]) -> str:
    listed = list(numbers)
    text = "、".join(listed[:NAMED])
    return text if len(listed) <= NAMED else f"{text}等{len(listed)}件"


# Cells


def _label(cell: CompiledCell) -> str:
    return cell.cell.label


def _cells(compiled: Compiled) -> Iterator[Finding]:
    for code, cell in compiled.cells.items():
        if cell.hand is not None:
            yield Finding(
                f"hand:{code}",
                "hand-figure",
                "warning",
                f"“{_label(cell)}”是{cell.hand.by}手工填写的{plain(cell.hand.value)}，"
                f"台账和填报算出的是{plain(cell.figure.value) or '未知'}。理由：{cell.hand.reason}",
                (code,),
            )
            continue
        if cell.value is None:
            yield Finding(
                f"unknown:{code}",
                "unknown-cell",
                "error",
                f"“{_label(cell)}”还没有数：请填报，没有的填0。",
                (code,),
            )
        for sentence in cell.figure.incomplete:
            yield Finding(f"incomplete:{code}", "incomplete", "warning", f"“{_label(cell)}”：{sentence}", (code,))


# Returns


def _returns(compiled: Compiled) -> Iterator[Finding]:
    evaluation = compiled.evaluation
    if evaluation is None:
        return
    cells: dict[str, list[str]] = {}
    for code, cell in compiled.cells.items():
        if cell.returns:
            cells.setdefault(cell.returns, []).append(code)
        cells.setdefault(f"{compiled.form.code}:{code}", []).append(code)
    for stated in evaluation.returns:
        indicator = find(stated.indicator)
        title = indicator.title if indicator is not None else stated.indicator
        at = tuple(cells.get(stated.indicator, ()))
        if not stated.confirmed:
            yield Finding(
                f"unconfirmed:{stated.pk}",
                "unconfirmed-return",
                "warning",
                f"{_name(compiled, stated.agency)}填报的“{title}”（{stated.first}至{stated.last}）还没有第二个人确认，没有计入。",
                at,
                returns=(stated.pk,),
            )
        elif stated.in_addition:
            yield Finding(
                f"in-addition:{stated.pk}",
                "in-addition",
                "notice",
                _addition(compiled, stated),
                at,
                returns=(stated.pk,),
            )


def _outside(compiled: Compiled) -> Iterator[Finding]:
    """Agencies outside the system: whose table is missing, and who has rows beside a table."""
    evaluation = compiled.evaluation
    if evaluation is None:
        return
    for agency in sorted(evaluation.outside_without_table):
        yield Finding(
            f"outside:{agency}",
            "table-missing",
            "warning",
            f"{_name(compiled, agency)}不在本系统办理，还没有上传本年度的统计表，其数据没有计入。",
        )
    if not evaluation.outside_with_table:
        return
    terms = {cell.term for cell in compiled.cells.values() if cell.term is not None}
    within = compiled.scope.within(evaluation.outside_with_table)
    beside = {agency for _, agency in count_by_agency(terms, within)}
    for agency in sorted(beside):
        yield Finding(
            f"rows-beside-table:{agency}",
            "rows-beside-table",
            "warning",
            f"{_name(compiled, agency)}上传了统计表，台账里又有记录；申请、救济和规范性文件以统计表为准，台账的没有计入。",
        )


# Text


def _text(compiled: Compiled, tokens: Mapping[str, Token]) -> Iterator[Finding]:
    for token in tokens.values():
        if token.why:
            yield Finding(f"token:{token.text}"[:200], "token", "error", f"文字里的“{{{{{token.text}}}}}”：{token.why}")
    for section in compiled.sections:
        if not section.outline.tables and not section.text.strip():  # where a table stands, it may stand alone
            yield Finding(
                f"empty:{section.outline.key}", "empty-section", "warning", f"“{section.outline.heading}”还没有写。"
            )
        for segment in section.segments:
            if segment.figure is None or segment.token is None:
                continue
            for sentence in segment.figure.incomplete:
                title = segment.token.indicator.title if segment.token.indicator is not None else segment.token.name
                yield Finding(
                    f"incomplete-text:{segment.token.text}"[:200],
                    "incomplete",
                    "warning",
                    f"文字里的“{title}”：{sentence}",
                )
            if segment.figure.value is None:
                yield Finding(
                    f"unknown-text:{segment.token.text}"[:200],
                    "unknown-figure",
                    "error",
                    f"“{section.outline.heading}”里的{{{{{segment.token.text}}}}}还没有数。",
                )
