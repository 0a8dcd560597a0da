"""A frozen report: every value with the rows behind it, sealed by a digest that is the same on every database."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, F, Value

from gongkai.base.journal import canonical, subject_of
from gongkai.base.models import RowVersion
from gongkai.core.national_forms import form_for_year
from gongkai.core.national_forms.relations import check_relations
from gongkai.core.writing.numerals import plain
from gongkai.ledgers.agencies.tree import Tree
from gongkai.ledgers.returns.models import Return
from gongkai.reporting.annual_reports.bindings import bindings_of
from gongkai.reporting.annual_reports.compiled import Compiled, CompiledCell, CompiledSection, Finding
from gongkai.reporting.annual_reports.models import AnnualReport, Frozen, FrozenCell, FrozenFigure
from gongkai.reporting.annual_reports.narrative import Token, print_figure, segments
from gongkai.reporting.annual_reports.outlines import outline_of
from gongkai.reporting.annual_reports.parts import Hand, Parts, read_parts
from gongkai.reporting.indicators import Scope, Term, family, year_scope
from gongkai.reporting.indicators.evaluation import STATED_BY_TABLES, Figure, rows
from gongkai.reporting.indicators.scopes import history
from gongkai.reporting.indicators.traces import Trace, trace

CHUNK = 500


# Freezing


def freeze(report: AnnualReport, compiled: Compiled) -> str:
    """Store every value of the compiled report with its trace and the findings, and return the digest.

    Called by the action only, which saves the report.
    """
    tokens = [token for section in compiled.sections for token in _figures_of(section)]
    terms = [cell.term for cell in compiled.cells.values() if cell.term is not None]
    terms += [token.asked.term for token, _ in tokens if token.asked is not None and token.asked.term is not None]
    evaluation = compiled.evaluation
    without = evaluation.outside_with_table if evaluation is not None else frozenset()
    traces = trace(terms, compiled.scope, without)
    versions = {} if evaluation is None else {stated.pk: stated.version for stated in evaluation.returns}
    cells = [
        FrozenCell(
            report=report,
            code=code,
            value=cell.value,
            printed=cell.printed,
            source=cell.source,
            **_traced(cell.term, cell.figure, traces, versions),
        )
        for code, cell in compiled.cells.items()
    ]
    figures = {
        token.text: FrozenFigure(
            report=report,
            token=token.text,
            value=_stored_value(figure.value),
            printed=print_figure(token, figure.value),
            source=_source(token, figure),
            **_traced(None if token.asked is None else token.asked.term, figure, traces, versions),
        )
        for token, figure in tokens
    }
    report.agencies = list(compiled.scope.agencies or ())
    report.agencies_by_table = sorted(without)
    report.findings = [finding.as_json() for finding in compiled.findings]
    FrozenCell.objects.bulk_create(cells, batch_size=CHUNK)
    FrozenFigure.objects.bulk_create(figures.values(), batch_size=CHUNK)
    return digest_of(report)


def _figures_of(section: CompiledSection) -> Iterator[tuple[Token, Figure]]:
    for segment in section.segments:
        if segment.token is not None and segment.figure is not None:
            yield segment.token, segment.figure


def _stored_value(value: Decimal | None) -> Decimal | None:
    """Shares do not end: six decimals are kept."""
    return None if value is None else value.quantize(Decimal("0.000001")) if value % 1 else value


def _source(token: Token, figure: Figure) -> str:
    kind = "" if token.indicator is None else token.indicator.kind
    return "setting" if kind in ("setting", "form") else figure.source


def _traced(
    one: Term | None, figure: Figure, traces: Mapping[Term, Trace], versions: Mapping[int, int]
) -> dict[str, Any]:
    return {
        "term": None if one is None else term_as_json(one),
        "trace": {} if one is None else traces[one].as_json(),
        "returns": [[pk, versions[pk]] for pk in sorted(figure.returns)],
    }


def term_as_json(one: Term) -> dict[str, Any]:
    """How a term is stored: the query that finds the rows again, in the scope of the report."""
    return {
        "family": one.family,
        "where": [[name, list(members)] for name, members in one.where],
        "long": one.cumulative,
    }


def term_from_json(stored: Mapping[str, Any]) -> Term:
    """The term that was stored."""
    where = tuple((name, tuple(members)) for name, members in stored["where"])
    return Term(stored["family"], where, stored["long"])


# The digest


def _content(report: AnnualReport) -> dict[str, Any]:
    def lines(found: Any, name: str) -> list[list[Any]]:
        return sorted(
            [key, None if value is None else plain(value), printed, source, one, traced, returns]
            for key, value, printed, source, one, traced, returns in found.values_list(
                name, "value", "printed", "source", "term", "trace", "returns"
            )
        )

    return {
        "agency": report.agency_id,
        "year": report.year,
        "number": report.number,
        "scope": report.scope,
        "agencies": report.agencies,
        "agencies_by_table": report.agencies_by_table,
        "findings": report.findings,
        "cells": lines(FrozenCell.objects.filter(report=report), "code"),
        "figures": lines(FrozenFigure.objects.filter(report=report), "token"),
        "sections": sorted([part.key, part.text] for part in report.reportsections.all()),
        "hand_figures": sorted(
            [part.code, plain(part.value), part.reason] for part in report.handfigures.filter(removed=False)
        ),
        "correction_note": report.correction_note,
    }


def digest_of(report: AnnualReport) -> str:
    """Digest over all values, traces and sections, the same on SQLite and PostgreSQL."""
    return hashlib.sha256(canonical(_content(report))).hexdigest()


def verify_frozen(report: AnnualReport) -> str:
    """An empty text where the frozen report is what its digest says, else a sentence."""
    if not report.is_frozen:
        return f"{report}还没有定稿。"
    if digest_of(report) != report.digest:
        return f"{report}第{report.number}版与定稿时的摘要不一致：定稿后被改动过。"
    return ""


# Reading back


def stored(report: AnnualReport) -> Compiled:
    """The report as it was frozen, in the shape of a compiled one. Three queries."""
    form = form_for_year(report.year)
    tree, _ = history(date(report.year, 12, 31))
    parts = read_parts(report.pk, report.agency_id, report.year)
    cells_by_code, figures_by_token = _read_frozen(report)
    cells = {
        code: _cell(code, cells_by_code[code], parts.hand.get(code), report.year)
        for code in bindings_of(form.code)
        if code in cells_by_code
    }
    figures = {token: _figure(line) for token, line in figures_by_token.items()}
    return Compiled(
        agency_id=report.agency_id,
        issuer=tree.name(report.agency_id),
        year=report.year,
        form=form,
        scope=scope_of_frozen(report, tree),
        reach=report.scope,
        report=report,
        cells=cells,
        sections=_sections(form, parts, figures),
        previous=parts.previous,
        previous_source=parts.previous_source,
        relations=check_relations(form, {code: cell.value for code, cell in cells.items()}, parts.previous),
        findings=tuple(Finding.from_json(kept) for kept in report.findings),
        is_frozen=True,
    )


def _sections(form: Any, parts: Parts, figures: Mapping[str, Figure]) -> tuple[CompiledSection, ...]:
    return tuple(
        CompiledSection(outline, text, tuple(segments(text, figures)))
        for outline in outline_of(form)
        for text in (parts.sections.get(outline.key, ""),)
    )


def scope_of_frozen(report: AnnualReport, tree: Tree) -> Scope:
    """The scope as it was frozen: the same agencies, whatever became of them."""
    return year_scope(report.agencies, report.year, tree)


@dataclass(frozen=True, slots=True)
class Line:
    """A frozen value without its trace, which may be long."""

    value: Decimal | None
    printed: str
    source: str
    returns: tuple[int, ...]


def _read_frozen(report: AnnualReport) -> tuple[dict[str, Line], dict[str, Line]]:
    """Cells and figures in one query."""

    def part(found: Any, name: str, *, is_cell: bool) -> Any:
        marked = found.filter(report=report).annotate(l_cell=Value(is_cell, BooleanField()), l_key=F(name))
        return marked.values_list("l_cell", "l_key", "value", "printed", "source", "returns")

    cells: dict[str, Line] = {}
    figures: dict[str, Line] = {}
    both = part(FrozenCell.objects, "code", is_cell=True).union(
        part(FrozenFigure.objects, "token", is_cell=False), all=True
    )
    for is_cell, key, value, printed, source, returns in both:
        line = Line(value, printed, source, tuple(pk for pk, _ in returns))
        (cells if is_cell else figures)[key] = line
    return cells, figures


def _figure(line: Line) -> Figure:
    from_rows = line.value if line.source in ("records", "records+returns") else None
    from_returns = line.value if "returns" in line.source else None
    return Figure(line.value, from_rows, from_returns, line.returns)


def _cell(code: str, line: Line, hand: Hand | None, year: int) -> CompiledCell:
    binding = bindings_of(form_for_year(year).code)[code]
    return CompiledCell(
        cell=binding.cell,
        value=line.value,
        printed=line.printed,
        source=line.source,
        figure=_figure(line),
        term=binding.term,
        returns=binding.returns or binding.added or binding.total,
        hand=hand,
    )


# Opening a frozen figure


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """A row as it was at freezing, and what became of it.

    `content` is its version of that day, None where it was blanked at the end of its retention. `change`: "" (as it was),
    changed, uncounted (it counts no longer), gone. `fields` are the names of what changed.
    """

    pk: int
    version: int
    content: Mapping[str, Any] | None
    change: str
    fields: tuple[str, ...] = ()
    now: Any = None


@dataclass(frozen=True, slots=True)
class OpenedFigure:
    """The rows behind a frozen value as they were.

    `total` is their number; `rows` a page of them; `newly` the rows that count now and did not then. Where there were
    more than 10,000, only their digest was kept: `rows` is empty and `same` tells whether today's rows are the same.
    """

    frozen: Frozen
    term: Term | None
    total: int
    rows: tuple[FrozenRow, ...]
    newly: tuple[Any, ...]
    returns: tuple[FrozenRow, ...]
    same: bool | None = None
    tree: Tree | None = None
    """The tree of the report's 31 December, where it was read."""


def open_frozen_figure(report: AnnualReport, key: str, *, start: int = 0, size: int = 50) -> OpenedFigure:
    """Open a cell (by code) or a figure of the text (by token) of a frozen report. Raises DoesNotExist for another key."""
    frozen = _frozen_value(report, key)
    one = None if frozen.term is None else term_from_json(frozen.term)
    returns = _as_they_were(Return, frozen.returns, _today(Return, [pk for pk, _ in frozen.returns]), None)
    if one is None:
        return OpenedFigure(frozen, None, 0, (), (), returns)
    tree, _ = history(date(report.year, 12, 31))
    scope = scope_of_frozen(report, tree)
    if family(one.family).ledger.name in STATED_BY_TABLES:
        scope = scope.within(set(report.agencies) - set(report.agencies_by_table))
    if "rows" not in frozen.trace:
        live = trace([one], scope)[one].as_json()
        total = frozen.trace["count"]
        return OpenedFigure(frozen, one, total, (), (), returns, same=live == frozen.trace, tree=tree)
    traced = frozen.trace["rows"]
    known = {pk for pk, _ in traced}
    counted = rows(one, scope)
    keys = set(counted.values_list("pk", flat=True))
    new_keys = sorted(keys - known)[:size]
    ledger, shown = family(one.family).ledger, traced[start : start + size]
    today = _today(ledger.model, [*(pk for pk, _ in shown), *new_keys], ledger.related)
    newly = tuple(today[pk] for pk in new_keys)
    page = _as_they_were(ledger.model, shown, today, keys)
    return OpenedFigure(frozen, one, len(traced), page, newly, returns, tree=tree)


def _frozen_value(report: AnnualReport, key: str) -> Frozen:
    if key in form_for_year(report.year).cells:
        return FrozenCell.objects.get(report=report, code=key)
    return FrozenFigure.objects.get(report=report, token=key)


def _today(model: Any, keys: list[int], related: tuple[str, ...] = ()) -> dict[int, Any]:
    """The rows as they are now, with what the columns of a list also read of them (`related`)."""
    current = model._base_manager.select_related(*related) if related else model._base_manager
    return current.in_bulk(keys) if keys else {}


def _as_they_were(
    model: Any, traced: list[list[int]], today: Mapping[int, Any], counted: set[int] | None
) -> tuple[FrozenRow, ...]:
    """The versions of that day, compared with the rows of today. `counted`: keys that count today, None: all do."""
    keys = [pk for pk, _ in traced]
    versions = {
        (version.subject_pk, version.version): version.content
        for version in RowVersion.objects.filter(subject=subject_of(model), subject_pk__in=keys)
    }
    found = []
    for pk, version in traced:
        now = today.get(pk)
        content = versions.get((pk, version))
        if now is None:
            change, fields = "gone", ()
        else:
            later = versions.get((pk, now.version)) or {}
            fields = tuple(name for name, value in later.items() if content is not None and content.get(name) != value)
            uncounted = counted is not None and pk not in counted
            change = "uncounted" if uncounted else "changed" if now.version != version else ""
        found.append(FrozenRow(pk, version, content, change, fields, now))
    return tuple(found)
