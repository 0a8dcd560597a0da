"""What the pages of a report on the desk share: its head, its tabs, what may be done now and why not, what is wrong."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse

from gongkai.base import clock
from gongkai.base.permissions import agencies_for, may
from gongkai.core.national_forms import Cell
from gongkai.core.national_forms.cells import CellValue
from gongkai.core.national_forms.crosswalk import exact_cells
from gongkai.core.writing.numerals import plain
from gongkai.core.writing.report_tables import readable
from gongkai.reporting.annual_reports.actions import lead_office_of
from gongkai.reporting.annual_reports.compiled import Compiled, CompiledSection, Finding
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.annual_reports.opened import name_in
from gongkai.reporting.annual_reports.outputs import ANNEX
from gongkai.reporting.annual_reports.queries import later_changes
from gongkai.reporting.annual_reports.shown import Extra, ShownTable, shown_tables, tidy
from gongkai.reporting.indicators import find
from gongkai.reporting.indicators.scopes import REACHES

TABS = {
    "2014": ("概述", "主动公开", "依申请公开", "收费减免", "复议诉讼", "问题改进", "其他", "统计表"),
    "modern": ("总体情况", "主动公开", "依申请公开", "复议诉讼", "问题改进", "其他"),
}
"""Short names of the sections for the tabs; the printed headings stand on the page."""

STATES = {
    "draft": ("", "编制中"),
    "proposed": ("warn", "待批准定稿"),
    "frozen": ("good", "已定稿"),
    "published": ("good", "已公布"),
}
ZERO = Decimal(0)
SEVERITIES = {"error": ("bad", "错误"), "warning": ("warn", "提醒"), "notice": ("", "告知")}


@dataclass(frozen=True, slots=True)
class Door:
    """Something that can be done with the report; `why` says why not now, in sentences."""

    name: str
    label: str
    url: str = ""
    why: tuple[str, ...] = ()
    look_url: str = ""
    is_main: bool = False

    @property
    def sentence(self) -> str:
        """Why not, in one line."""
        return "".join(self.why)


@dataclass(frozen=True, slots=True)
class CellLink:
    """A cell named in a finding."""

    label: str
    url: str
    value: CellValue


@dataclass(frozen=True, slots=True)
class ReturnLink:
    """A return named in a finding, or one that waits."""

    label: str
    url: str
    agency: str = ""
    title: str = ""
    value: CellValue = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as it is shown."""

    finding: Finding
    tone: str
    word: str
    cells: tuple[CellLink, ...]
    returns: tuple[ReturnLink, ...]
    explain_url: str
    is_limit: bool = False
    """Whether the expected side is the most that it may be (le, carry_le), not what it must be."""

    @property
    def message(self) -> str:
        """What is wrong."""
        return self.finding.message

    @property
    def explained(self) -> Any:
        """Why it stands, and who says so; None while nobody does."""
        return self.finding.explained

    @property
    def expected(self) -> CellValue:
        """What the relation asks for."""
        return tidy(self.finding.expected)

    @property
    def actual(self) -> CellValue:
        """What the report states."""
        return tidy(self.finding.actual)

    @property
    def basis(self) -> str:
        """Whether the relation is printed on the form, or follows from it."""
        return self.finding.basis

    @property
    def gap(self) -> CellValue:
        """How far apart the two sides are."""
        if self.finding.expected is None or self.finding.actual is None:
            return None
        return tidy(abs(self.finding.actual - self.finding.expected))


@dataclass(frozen=True, slots=True)
class Moved:
    """A cell whose value in the ledgers is no longer the frozen one."""

    code: str
    label: str
    was: CellValue
    now: CellValue
    url: str

    @property
    def words(self) -> str:
        """By how much."""
        if self.was is None or self.now is None:
            return "原来未填" if self.was is None else "现在没有数"
        return f"{'多' if self.now > self.was else '少'} {plain(abs(Decimal(self.now) - Decimal(self.was)))}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of narrative: plain text, or a figure that opens."""

    text: str
    is_figure: bool = False
    url: str = ""
    title: str = ""
    is_bad: bool = False


@dataclass
class Shell:
    """The frame of every page of one report. Everything is worked out from what was compiled; it asks no database."""

    report: AnnualReport
    compiled: Compiled
    user: Any
    place: int | None = None
    seconds: float = 0.0
    moved: tuple[Moved, ...] = ()
    successor: int | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """2020 年度报告."""
        return f"{self.report.year} 年度报告"

    @property
    def state(self) -> tuple[str, str]:
        """Tone and word."""
        return STATES[self.report.state]

    @property
    def reach_words(self) -> str:
        """What is counted, and how many agencies that are."""
        agencies = self.compiled.scope.agencies or ()
        return f"{REACHES[self.compiled.reach]}（{len(agencies)} 家单位）"

    @property
    def computed(self) -> str:
        """When the figures were worked out."""
        if self.report.frozen_at is not None:
            return f"{self.report.frozen_at.astimezone(clock.BEIJING):%Y-%m-%d %H:%M} 定稿"
        took = f"用时 {self.seconds:.1f} 秒" if self.seconds >= 0.1 else "用时不到 0.1 秒"
        return f"{clock.now():%m-%d %H:%M} 重新计算，{took}"

    @cached_property
    def may_write(self) -> bool:
        """Whether the user may change it now."""
        return self.report.state == "draft" and may(self.user, "reports.write", self.report)

    @property
    def checks_url(self) -> str:
        """The page of the checks."""
        return reverse("desk:report_checks", args=(self.report.pk,))

    @property
    def moved_url(self) -> str:
        """Where the cells that moved are listed."""
        return f"{self.checks_url}#moved"

    @property
    def successor_url(self) -> str:
        """The corrected version, if there is one."""
        return reverse("desk:report", args=(self.successor,)) if self.successor else ""

    @cached_property
    def findings(self) -> list[FindingLine]:
        """What is wrong, worst first."""
        return [self._line(finding) for finding in self.compiled.findings]

    def _line(self, finding: Finding) -> FindingLine:
        tone, word = SEVERITIES[finding.severity]
        if finding.severity == "error" and finding.explained is not None:
            tone, word = "warn", "错误，已说明"
        return FindingLine(
            finding=finding,
            tone=tone,
            word=word,
            cells=tuple(
                CellLink(readable(self.compiled.form, cell.cell), self.cell_url(code), tidy(cell.value))
                for code in finding.cells
                if (cell := self.compiled.cells.get(code)) is not None
            ),
            returns=tuple(self._return_link(pk) for pk in finding.returns),
            explain_url=(
                f"{reverse('desk:report_explain', args=(self.report.pk,))}?finding={finding.id}"
                if self.may_write and finding.severity != "notice"
                else ""
            ),
            is_limit=finding.relation in self.limits,
        )

    @cached_property
    def limits(self) -> frozenset[str]:
        """The relations that set an upper limit."""
        return frozenset(one.id for one in self.compiled.form.relations if one.kind in ("le", "carry_le"))

    def _return_link(self, pk: int) -> ReturnLink:
        evaluation = self.compiled.evaluation
        stated = {} if evaluation is None else {one.pk: one for one in evaluation.returns}
        one = stated.get(pk)
        if one is None:
            return ReturnLink(f"填报 {pk}", "")
        name = name_in(self.compiled.scope.tree, one.agency)
        indicator = find(one.indicator)
        title = indicator.title if indicator is not None else "统计表"
        url = reverse("desk:return", args=(pk,)) if one.agency in agencies_for(self.user, "returns.view") else ""
        unit = indicator.unit if indicator is not None else ""
        return ReturnLink(f"{name} {title}", url, name, title, tidy(one.value), unit)

    @property
    def waiting(self) -> list[ReturnLink]:
        """Returns that nobody has confirmed."""
        evaluation = self.compiled.evaluation
        if evaluation is None:
            return []
        return [self._return_link(one.pk) for one in evaluation.returns if not one.confirmed]

    @property
    def checks_words(self) -> str:
        """How much was checked."""
        relations = self.compiled.relations
        tested = len(relations.holding) + len(relations.broken)
        figures = sum(piece.figure is not None for part in self.compiled.sections for piece in part.segments)
        return f"勾稽 {tested} 项，正文数字 {figures} 个"

    @property
    def tones(self) -> dict[str, str]:
        """For each cell named in a finding that is not settled, how it is shown."""
        tones: dict[str, str] = {}
        for line in reversed(self.findings):
            if line.finding.severity == "notice" or line.finding.explained is not None:
                continue
            tones |= dict.fromkeys(line.finding.cells, line.tone)
        return tones

    def cell_url(self, code: str) -> str:
        """Where a cell opens."""
        return reverse("desk:report_cell", args=(self.report.pk, code))

    def token_url(self, token: str) -> str:
        """Where a figure of the text opens."""
        return reverse("desk:report_figure", args=(self.report.pk, token))

    def section_url(self, place: int) -> str:
        """The page of a section, counted from 1."""
        return reverse("desk:report_section", args=(self.report.pk, place))

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The sections and the checks."""
        names = TABS.get(self.compiled.form.code, TABS["modern"])
        tabs: list[dict[str, Any]] = [
            {
                "title": name if section.outline.key == ANNEX else f"{section.outline.key} {name}",
                "url": self.section_url(place),
                "current": place == self.place,
            }
            for place, (section, name) in enumerate(zip(self.compiled.sections, names, strict=True), start=1)
        ]
        blocking = len(self.compiled.blocking)
        tabs.append(
            {
                "title": "核查",
                "url": self.checks_url,
                "current": self.place is None,
                "count": blocking or len(self.findings),
                "bad": bool(blocking),
            }
        )
        return tabs

    def tables(self, section: CompiledSection | None = None, current: str = "") -> tuple[ShownTable, ...]:
        """The tables of one section, with what opens and what is wrong."""
        tones, moved = self.tones, {line.code: line for line in self.moved}
        key = None if section is None or section.outline.key == ANNEX else section.outline.key

        def extra(cell: Cell) -> Extra:
            line = moved.get(cell.code)
            compiled = self.compiled.cells[cell.code]
            return Extra(
                url=self.cell_url(cell.code),
                tone=tones.get(cell.code, ""),
                source=compiled.source,
                moved=line is not None,
                now=None if line is None else line.now,
            )

        if section is not None and not section.outline.tables:
            return ()
        return shown_tables(self.compiled.form, self.compiled.values, extras=extra, current=current, section=key)

    def narrative(self, section: CompiledSection) -> list[list[Piece]]:
        """The text of a section in paragraphs, its figures as links."""
        return narrative_of(section, self.token_url)

    def place_of_cell(self, code: str) -> int:
        """The number of the section in which a cell stands."""
        table = self.compiled.cells[code].cell.table
        places = [n for n, part in enumerate(self.compiled.sections, start=1) if table in part.outline.tables]
        return places[0] if places else 1

    # ---- what can be done now

    @cached_property
    def doors(self) -> list[Door]:
        """The buttons of the report: what the user may do, open or closed with the reason."""
        now: dict[str, Callable[[], Iterator[Door]]] = {
            "draft": self._draft_doors,
            "proposed": self._proposed_doors,
            "frozen": self._frozen_doors,
            "published": self._published_doors,
        }
        return [*self._looking(), *now[self.report.state]()]

    @property
    def closed_doors(self) -> list[Door]:
        """Those that are closed."""
        return [door for door in self.doors if not door.url]

    def _may(self, verb: str) -> bool:
        return may(self.user, verb, self.report)

    def _url(self, name: str) -> str:
        return reverse(f"desk:report_{name}", args=(self.report.pk,))

    def why_not_propose(self) -> tuple[str, ...]:
        """Why the report cannot be proposed for freezing yet; empty when it can."""
        why = []
        if clock.localdate() <= date(self.report.year, 12, 31):
            why.append(f"{self.report.year}年的统计期到12月31日为止，年后才能定稿。")
        if blocking := len(self.compiled.blocking):
            why.append(f"有 {blocking} 处错误没有改正，也没有写说明。")
        return tuple(why)

    def _looking(self) -> Iterator[Door]:
        """What only looks."""
        if self.compiled.previous is not None:
            yield Door("compare", f"与 {self.report.year - 1} 年比较", self._url("compare"))
        yield Door("file", "下载", "#downloads")
        if self.report.state == "published":
            url = reverse("portal:report_version", args=(self.report.year, self.report.agency.slug, self.report.number))
            yield Door("portal", "看门户上的报告", url)

    def _draft_doors(self) -> Iterator[Door]:
        if self.may_write:
            yield Door("scope", "统计范围", self._url("scope"))
        if self._may("reports.propose"):
            why = self.why_not_propose()
            look = self.checks_url if self.compiled.blocking else ""
            yield Door("propose", "提请定稿", "" if why else self._url("propose"), why, look, is_main=not why)

    def _proposed_doors(self) -> Iterator[Door]:
        is_proposer = self.report.proposed_by_id == self.user.pk
        if is_proposer or self._may("reports.freeze"):
            yield Door("withdraw", "撤回提请", self._url("withdraw"))
        if self._may("reports.freeze"):
            why = ("提请人不能批准自己提请的定稿，请另一位领导批准。",) if is_proposer else ()
            yield Door("freeze", "批准定稿", "" if why else self._url("freeze"), why, is_main=not why)

    def _frozen_doors(self) -> Iterator[Door]:
        if self._may("reports.publish"):
            yield Door("publish", "公布", self._url("publish"), is_main=True)
        yield from self._published_doors()

    def _published_doors(self) -> Iterator[Door]:
        tree = self.compiled.scope.tree
        is_topmost = tree is not None and lead_office_of(self.report.agency_id, tree) is None
        if self._may("reports.submit") and not is_topmost and not self.successor:
            yield Door("submit", "报送", self._url("submit"))
        if self._may("reports.write") and not self.successor:
            yield Door("correct", "更正", self._url("correct"))


def narrative_of(section: CompiledSection, url_of: Callable[[str], str]) -> list[list[Piece]]:
    """The text of a section in paragraphs; each figure knows what it counts and where it opens."""
    paragraphs: list[list[Piece]] = [[]]
    for segment in section.segments:
        if segment.token is None:
            first, *rest = segment.text.split("\n")
            paragraphs[-1].append(Piece(first))
            paragraphs += [[Piece(line)] for line in rest]
            continue
        indicator = segment.token.indicator
        is_bad = segment.figure is None or segment.figure.value is None or bool(segment.figure.incomplete)
        paragraphs[-1].append(
            Piece(
                text=segment.text,
                is_figure=True,
                url=url_of(segment.token.text) if segment.figure is not None else "",
                title=segment.token.why or (indicator.title if indicator is not None else segment.token.text),
                is_bad=is_bad,
            )
        )
    return [pieces for pieces in paragraphs if any(piece.text.strip() for piece in pieces)]


def moved_since(compiled: Compiled, url_of: Callable[[str], str]) -> tuple[Moved, ...]:
    """The cells of a frozen report that the ledgers would fill differently today. Two queries."""
    assert compiled.report is not None
    frozen = {code: (cell.value, cell.source) for code, cell in compiled.cells.items()}
    return tuple(
        Moved(
            change.code,
            readable(compiled.form, compiled.cells[change.code].cell),
            tidy(change.frozen),
            tidy(change.now),
            url_of(change.code),
        )
        for change in later_changes(compiled.report, compiled.scope, frozen)
    )


@dataclass(frozen=True, slots=True)
class RollUpShown:
    """A cell of the accepted reports added up, beside the ledgers."""

    label: str
    submitted: CellValue
    computed: CellValue
    agrees: bool


def untested(compiled: Compiled) -> list[dict[str, object]]:
    """The relations that could not be tested, equal ones together: what they say, why not, how many."""
    counted = Counter((one.relation.zh, one.why or "有未填的数据格。") for one in compiled.relations.not_testable)
    return [{"zh": zh, "why": why, "number": number} for (zh, why), number in counted.items()]


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A cell beside that of last year."""

    label: str
    url: str
    was: CellValue
    now: CellValue

    @property
    def change(self) -> CellValue:
        """How much more than last year; None where one of them is unknown."""
        return None if self.was is None or self.now is None else tidy(Decimal(self.now) - Decimal(self.was))


def compared(shell: Shell) -> list[ComparedLine]:
    """Every cell that may be compared with last year's report; across forms those that the crosswalk calls exact."""
    compiled = shell.compiled
    previous = compiled.previous
    if previous is None:
        return []
    same: Mapping[str, tuple[str, ...]] = {code: (code,) for code in compiled.cells}
    if previous.form_code != compiled.form.code:
        same = exact_cells(previous.form_code, compiled.form.code)
    lines = []
    for code, cell in compiled.cells.items():
        parts = [previous.cells.get(elder) for elder in same.get(code, ())]
        was = None if not parts or None in parts else sum((Decimal(part) for part in parts if part is not None), ZERO)
        if code in same and (cell.value or was):
            lines.append(
                ComparedLine(readable(compiled.form, cell.cell), shell.cell_url(code), tidy(was), tidy(cell.value))
            )
    return lines
