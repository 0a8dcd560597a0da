"""The annual report from the ledgers: every cell, every sentence, every relation, and what is wrong with them.

A draft is compiled anew whenever it is looked at; what was frozen is read back as it was (`frozen.stored`), into the same
shape.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gongkai.core.national_forms import NationalForm, form_for_year
from gongkai.core.writing.numerals import plain, wan_from_yuan
from gongkai.ledgers.agencies.models import Agency
from gongkai.reporting.annual_reports.bindings import Binding, bindings_of
from gongkai.reporting.annual_reports.checks import checked
from gongkai.reporting.annual_reports.compiled import Compiled, CompiledCell, CompiledSection
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.annual_reports.narrative import Token, segments, tokens_in
from gongkai.reporting.annual_reports.outlines import outline_of
from gongkai.reporting.annual_reports.parts import Hand, Parts, read_parts
from gongkai.reporting.indicators import Scope
from gongkai.reporting.indicators.evaluation import Ask, Evaluation, Figure, ask_cell, evaluate
from gongkai.reporting.indicators.scopes import Reach, default_reach, history, scope_in


def latest_report(agency_id: int, year: int) -> AnnualReport | None:
    """The newest version of the report, or None while nobody has begun it."""
    return AnnualReport.objects.filter(agency=agency_id, year=year).order_by("number").last()


_UNSET: Any = object()


def compile_report(
    agency: Agency | int, year: int, reach: Reach | None = None, *, report: AnnualReport | None = _UNSET
) -> Compiled:
    """The report of an agency about a year as the ledgers have it now.

    `reach` None: the scope stored with the report, else the default of the agency's kind. Pass `report` where it has been
    read already (None: no report is begun). Raises ValueError for a year without a national form.
    """
    agency_id = agency if isinstance(agency, int) else agency.pk
    form = form_for_year(year)
    if report is _UNSET:
        report = latest_report(agency_id, year)
    scope, chosen, issuer = _scope(agency_id, year, reach, report)
    parts = read_parts(None if report is None else report.pk, agency_id, year)
    bindings = bindings_of(form.code)
    tokens = {token.text: token for text in parts.sections.values() for token in tokens_in(text)}
    asked = [ask_cell(binding) for binding in bindings.values()]
    asked += [token.asked for token in tokens.values() if token.asked is not None]
    evaluation = evaluate(asked, scope)
    cells = {code: _cell(binding, evaluation, parts.hand.get(code)) for code, binding in bindings.items()}
    compiled = Compiled(
        agency_id=agency_id,
        issuer=issuer,
        year=year,
        form=form,
        scope=scope,
        reach=chosen,
        report=report,
        cells=cells,
        sections=_sections(form, parts, _figures(tokens, evaluation.figures)),
        previous=parts.previous,
        previous_source=parts.previous_source,
        evaluation=evaluation,
    )
    return checked(compiled, parts, tokens)


def _scope(agency_id: int, year: int, reach: Reach | None, report: AnnualReport | None) -> tuple[Scope, str, str]:
    """The scope, its name, and the name of the agency on 31 December."""
    tree, heirs = history(date(year, 12, 31))
    node = tree.nodes.get(agency_id)
    chosen = reach or (report.scope if report is not None else default_reach(node.kind if node is not None else ""))
    return scope_in(tree, heirs, agency_id, year, chosen), chosen, tree.name(agency_id)  # type: ignore[arg-type]


def _figures(tokens: Mapping[str, Token], figures: Mapping[Ask, Figure]) -> dict[str, Figure]:
    return {text: figures[token.asked] for text, token in tokens.items() if token.asked is not None}


def _cell(binding: Binding, evaluation: Evaluation, hand: Hand | None) -> CompiledCell:
    figure = evaluation.figures[ask_cell(binding)]
    value = figure.value
    if value is not None and binding.cell.unit == "万元":
        value = wan_from_yuan(value)
    source = figure.source
    if hand is not None:
        value, source = hand.value, "hand"
    return CompiledCell(
        cell=binding.cell,
        value=value,
        printed=plain(value),
        source=source,
        figure=figure,
        term=binding.term,
        returns=binding.returns or binding.added or binding.total,
        hand=hand,
    )


def _sections(form: NationalForm, parts: Parts, figures: Mapping[str, Figure]) -> tuple[CompiledSection, ...]:
    return tuple(
        CompiledSection(outline, text, tuple(segments(text, figures)))
        for outline in outline_of(form)
        for text in (parts.sections.get(outline.key, ""),)
    )
