"""The shape of an annual report, alive or frozen: cells, sections, relations, findings. What pages and files are made of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from gongkai.core.national_forms import Cell, NationalForm
from gongkai.core.national_forms.relations import PreviousReport, RelationResult
from gongkai.core.reading.report import NarrativeFigure, PublishedReport, Section, Unread
from gongkai.core.writing.numerals import plain
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.annual_reports.narrative import Segment
from gongkai.reporting.annual_reports.outlines import Outline
from gongkai.reporting.annual_reports.parts import Explained, Hand
from gongkai.reporting.indicators import Scope, Term
from gongkai.reporting.indicators.evaluation import Evaluation, Figure

Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says. `id` is the same as long as the same thing is wrong, so that it can be explained.

    `expected` and `actual` are the two sides where there are two; `returns` the keys of returns that it names.
    """

    id: str
    code: str
    severity: Severity
    message: str
    cells: tuple[str, ...] = ()
    relation: str | None = None
    expected: Decimal | None = None
    actual: Decimal | None = None
    basis: str = ""
    returns: tuple[int, ...] = ()
    explained: Explained | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a frozen report."""
        return {
            "id": self.id,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "cells": list(self.cells),
            "relation": self.relation,
            "expected": None if self.expected is None else plain(self.expected),
            "actual": None if self.actual is None else plain(self.actual),
            "basis": self.basis,
            "returns": list(self.returns),
            "explained": None if self.explained is None else [self.explained.text, self.explained.by],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Finding":
        """The finding that was kept."""
        number = {name: None if kept[name] is None else Decimal(kept[name]) for name in ("expected", "actual")}
        explained = None if kept["explained"] is None else Explained(*kept["explained"])
        tuples = {name: tuple(kept[name]) for name in ("cells", "returns")}
        return cls(**{**kept, **number, **tuples, "explained": explained})

    @property
    def blocks(self) -> bool:
        """Whether the report cannot be frozen as long as nobody has explained it."""
        return self.severity == "error" and self.explained is None


@dataclass(frozen=True, slots=True)
class CompiledCell:
    """One cell: its value in the unit of the form (None: unknown), as printed, and where it comes from.

    `figure` is in the unit of the indicator (money in 元). `source`: records, returns, records+returns, hand, none.
    """

    cell: Cell
    value: Decimal | None
    printed: str
    source: str
    figure: Figure
    term: Term | None = None
    returns: str = ""
    hand: Hand | None = None

    @property
    def opens(self) -> bool:
        """Whether rows stand behind it."""
        return self.term is not None


@dataclass(frozen=True, slots=True)
class CompiledSection:
    """One section: the text as written (with tokens), and as it reads, in pieces."""

    outline: Outline
    text: str
    segments: tuple[Segment, ...]

    @property
    def rendered(self) -> str:
        """The text as it reads."""
        return "".join(segment.text for segment in self.segments)


@dataclass(slots=True)
class Compiled:
    """A report as it stands: alive, or as it was frozen (`is_frozen`)."""

    agency_id: int
    issuer: str
    year: int
    form: NationalForm
    scope: Scope
    reach: str
    report: AnnualReport | None
    cells: dict[str, CompiledCell]
    sections: tuple[CompiledSection, ...]
    previous: PreviousReport | None = None
    previous_source: str = ""
    relations: RelationResult = field(default_factory=lambda: RelationResult((), (), ()))
    findings: tuple[Finding, ...] = ()
    evaluation: Evaluation | None = None
    is_frozen: bool = False

    @property
    def values(self) -> dict[str, Decimal | None]:
        """The cells in the unit of the form."""
        return {code: cell.value for code, cell in self.cells.items()}

    @property
    def title(self) -> str:
        """示范区人民政府2020年政府信息公开工作年度报告."""
        return f"{self.issuer}{self.year}年政府信息公开工作年度报告"

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The error findings that nobody has explained."""
        return tuple(finding for finding in self.findings if finding.blocks)

    def table(self, code: str) -> list[CompiledCell]:
        """The cells of one table, in printed order."""
        return [cell for cell in self.cells.values() if cell.cell.table == code]

    def to_published_report(self) -> PublishedReport:
        """The report as `gongkai report compile --json` prints it (design section 4)."""
        return PublishedReport(
            file=None,
            format="ledger",
            script="hans",
            form=self.form.code,
            year=self.year,
            issuer=self.issuer,
            cells=self.values,
            printed={code: cell.printed for code, cell in self.cells.items() if cell.value is not None},
            unread=tuple(Unread(code, "blank") for code, cell in self.cells.items() if cell.value is None),
            sections=tuple(
                Section(section.outline.heading, section.rendered)
                for section in self.sections
                if section.outline.key != "附"
            ),
            figures=tuple(self._narrative_figures()),
        )

    def _narrative_figures(self) -> Iterable[NarrativeFigure]:
        """The numbers of the text; offsets count over headings and texts, a line break after each."""
        by_term = {cell.term: code for code, cell in self.cells.items() if cell.term is not None}
        by_return = {cell.returns: code for code, cell in self.cells.items() if cell.returns}
        at = 0
        for section in self.sections:
            at += len(section.outline.heading) + 1
            for segment in section.segments:
                token = segment.token
                if token is not None and token.indicator is not None and token.asked is not None:
                    asked = token.asked
                    cell = by_term.get(asked.term) if asked.term else by_return.get(asked.returns)
                    yield NarrativeFigure(
                        quote=segment.text,
                        offset=at,
                        value=None if segment.figure is None or segment.figure.value is None else Decimal(segment.text),
                        unit=token.indicator.unit,
                        approximate=False,
                        bound=None,
                        subject=token.indicator.title,
                        code=token.name,
                        cell=None if asked.cumulative else cell,
                    )
                at += len(segment.text)
            at += 1
