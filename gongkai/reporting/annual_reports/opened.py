"""A figure opened: the rows and returns that it is made of, for those who may see them (design 4a).

Rows are shown to whoever holds the verb of their ledger at their agency; of the others only the number is told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from gongkai.base.permissions import agencies_for
from gongkai.core.national_forms.cells import CellValue
from gongkai.core.writing.report_tables import readable
from gongkai.ledgers.agencies.tree import Tree
from gongkai.reporting.annual_reports.compiled import Compiled
from gongkai.reporting.annual_reports.frozen import FrozenRow, OpenedFigure
from gongkai.reporting.annual_reports.narrative import Token
from gongkai.reporting.annual_reports.outputs import SOURCES
from gongkai.reporting.annual_reports.shown import tidy
from gongkai.reporting.indicators import Ledger, Scope, Term, family, find, indicators
from gongkai.reporting.indicators.evaluation import STATED_BY_TABLES, Evaluation, Figure, Stated, rows

FIRST_ROWS = 12
"""So many rows stand aside; the page of the figure shows all, page by page."""


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row: what it is called, its own page, the day that counts, its agency, and the rest of its columns.

    `change` says what happened to it since the report was frozen; empty while nothing did.
    """

    title: str
    url: str
    day: date | None
    agency: str
    more: str
    cells: tuple[object, ...] = ()
    change: str = ""
    others: tuple[tuple[str, bool], ...] = ()
    """All columns but the one that is the title, as text, and whether it must not be broken (days)."""


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One return: whose, how much, for which days, and why where it was filed in addition."""

    agency: str
    value: CellValue
    first: date
    last: date
    in_addition: bool
    reason: str
    url: str


@dataclass(slots=True)
class Opened:
    """A figure with what stands behind it. `rows` are those that the user may see; None where no rows can be."""

    title: str
    value: CellValue
    unit: str
    source_word: str
    counts: str
    basis: str = ""
    is_signed: bool = False
    url: str = ""
    indicator_url: str = ""
    hand_url: str = ""
    is_hand: bool = False
    remarks: list[str] = field(default_factory=list)
    returns: list[ReturnLine] = field(default_factory=list)
    ledger: Ledger | None = None
    rows: "Lines | None" = None
    as_it_was: list[RowLine] | None = None
    """Of a frozen figure, a page of its rows as they were."""
    total: int = 0
    """Of a frozen figure, how many rows it had."""
    empty: str = ""
    _first: tuple[RowLine, ...] | None = None

    @property
    def sign(self) -> str:
        """The argument of the `figure` filter."""
        return "+" if self.is_signed else ""

    @property
    def count(self) -> int:
        """How many rows there are to be seen."""
        return len(self.rows) if self.rows is not None else self.total

    @property
    def first_rows(self) -> Sequence[RowLine]:
        """The rows that stand aside; read once, so that a template may ask twice."""
        if self._first is None:
            listed = self.as_it_was if self.rows is None else self.rows
            self._first = () if listed is None else tuple(listed[:FIRST_ROWS])
        return self._first

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than stand aside."""
        return self.count > FIRST_ROWS

    @property
    def title_heading(self) -> str:
        """The head of the column by which a row is called."""
        return "" if self.ledger is None else self.ledger.columns[title_place(self.ledger)][1]

    @property
    def other_headings(self) -> list[str]:
        """The heads of the other columns of the full list."""
        if self.ledger is None:
            return []
        at = title_place(self.ledger)
        return [title for place, (_, title, _) in enumerate(self.ledger.columns) if place != at]


def title_place(ledger: Ledger) -> int:
    """The place of the column by which a row is called: its title, else the first."""
    keys = [key for key, _, _ in ledger.columns]
    return keys.index("title") if "title" in keys else 0


class Lines(Sequence[RowLine]):
    """Rows of a queryset as lines, read page by page: what a paginator and an export need.

    `known` is their number where it is known already. Else the first page tells it, in the same query.
    """

    def __init__(self, found: QuerySet[Any], ledger: Ledger, of_day: str, tree: Tree | None, known: int | None) -> None:
        self.found = found.select_related(*ledger.related) if ledger.related else found
        self.ledger = ledger
        self.of_day = of_day
        self.tree = tree
        self._count = known

    def __len__(self) -> int:
        if self._count is None:
            self._count = self.found.count()
        return self._count

    def __iter__(self) -> Iterator[RowLine]:
        """All of them, in chunks: what an export reads."""
        return (self.line(row) for row in self.found.iterator(chunk_size=2000))

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self.line(row) for row in self.found[place]]
        return self.line(self.found[place])

    def line(self, row: Any) -> RowLine:
        """One row of the ledger as a line."""
        return row_line(row, self.ledger, self.of_day, self.tree)


def row_line(row: Any, ledger: Ledger, of_day: str, tree: Tree | None, change: str = "") -> RowLine:
    """One row of a ledger as a line; money and dates as they are, for the template to print."""
    cells = [read(row) for _, _, read in ledger.columns]
    at = title_place(ledger)
    title = str(cells[at])
    others = [value for place, value in enumerate(cells) if place != at]
    day = getattr(row, of_day) if of_day else next((value for value in cells if isinstance(value, date)), None)
    return RowLine(
        title=title,
        url=ledger.detail(row) if ledger.detail is not None else "",
        day=day,
        agency=tree.name(row.agency_id) if tree is not None else "",
        more="　".join(value for value in others if isinstance(value, str) and value),
        cells=tuple(cells),
        change=change,
        others=tuple(("" if value is None else str(value), isinstance(value, date)) for value in others),
    )


def day_of(of: Term) -> str:
    """The field of the day on which a row counts, or an empty text where no single field tells it."""
    day = family(of.family).day
    return day if isinstance(day, str) and "__" not in day else ""


def open_cell(compiled: Compiled, code: str, user: Any) -> Opened:
    """A cell of a live report with its rows and returns. KeyError for a code that the form does not have."""
    cell = compiled.cells[code]
    opened = Opened(
        title=readable(compiled.form, cell.cell),
        value=tidy(cell.value),
        unit=cell.cell.unit,
        source_word=SOURCES[cell.source],
        counts=counts_of(cell.term, cell.returns),
        basis=basis_of(cell.term, cell.returns),
        is_signed=cell.cell.kind == "signed_int",
        url=_cell_url(compiled, code),
        indicator_url=indicator_url(indicator_of(cell.term, cell.returns)),
        is_hand=cell.hand is not None,
    )
    if cell.hand is not None:
        opened.remarks.append(f"手工填写：{cell.hand.reason}（{cell.hand.by}）")
    assert compiled.evaluation is not None
    _fill(opened, compiled.evaluation, cell.figure, cell.term, user)
    return opened


def open_token(evaluation: Evaluation, token: Token, user: Any) -> Opened:
    """A figure of the text with its rows and returns."""
    assert token.indicator is not None
    assert token.asked is not None
    indicator, figure = token.indicator, evaluation.figures[token.asked]
    opened = Opened(
        title=indicator.title,
        value=tidy(figure.value, indicator.unit),
        unit=indicator.unit,
        source_word=SOURCES[figure.source],
        counts=indicator.counts,
        basis=indicator.basis,
        is_signed=indicator.signed,
        indicator_url=indicator_url(indicator.name),
    )
    _fill(opened, evaluation, figure, token.asked.term, user)
    return opened


def _fill(opened: Opened, evaluation: Evaluation, figure: Figure, of: Term | None, user: Any) -> None:
    opened.remarks += figure.incomplete
    opened.returns = list(_returns(evaluation, figure, user))
    if of is not None:
        opened.ledger = family(of.family).ledger
        opened.rows, hidden = visible_rows(evaluation, of, figure, user)
        if hidden:
            opened.remarks.append(f"另有 {hidden} 条属于您不能查看的单位，只计数，不列出。")
        opened.empty = "没有记录。" if not hidden else ""
    elif not opened.returns:
        opened.empty = "还没有确认的填报。空着不算 0。" if opened.value is None else ""


def visible_rows(evaluation: Evaluation, of: Term, figure: Figure, user: Any) -> tuple[Lines, int]:
    """The rows behind a term that the user may see, and how many others there are."""
    ledger = family(of.family).ledger
    scope = counted_scope(evaluation, ledger)
    may_see = agencies_for(user, ledger.verb) if ledger.verb else frozenset()
    known = None if figure.from_rows is None or family(of.family).summed else int(figure.from_rows)
    found = rows(of, scope)
    if scope.agencies is not None and set(scope.agencies) <= may_see:
        return Lines(found, ledger, day_of(of), scope.tree, known), 0
    seen = Lines(found.filter(agency_id__in=may_see), ledger, day_of(of), scope.tree, None)
    whole = found.count() if known is None else known
    return seen, whole - len(seen)


def counted_scope(evaluation: Evaluation, ledger: Ledger) -> Scope:
    """The scope without the agencies whose rows do not count because their table is in."""
    scope = evaluation.scope
    if scope.agencies is None or ledger.name not in STATED_BY_TABLES:
        return scope
    return replace(scope, agencies=tuple(sorted(set(scope.agencies) - evaluation.outside_with_table)))


def _returns(evaluation: Evaluation, figure: Figure, user: Any) -> Iterable[ReturnLine]:
    stated: Mapping[int, Stated] = {one.pk: one for one in evaluation.returns}
    may_see = agencies_for(user, "returns.view")
    for key in figure.returns:
        if (one := stated.get(key)) is not None:
            yield ReturnLine(
                agency=name_in(evaluation.scope.tree, one.agency),
                value=tidy(one.value),
                first=one.first,
                last=one.last,
                in_addition=one.in_addition,
                reason=one.reason,
                url=reverse("desk:return", args=(one.pk,)) if one.agency in may_see else "",
            )


def name_in(tree: Tree | None, agency_id: int) -> str:
    """The name of an agency in the tree of a year."""
    return (tree.name(agency_id) if tree is not None else "") or "已撤并的单位"


def _cell_url(compiled: Compiled, code: str) -> str:
    return reverse("desk:report_cell", args=(compiled.report.pk, code)) if compiled.report is not None else ""


def indicator_url(name: str) -> str:
    """The desk page of an indicator's definition, or an empty text without a name."""
    return reverse("desk:indicator", args=(name,)) if name else ""


def indicator_of(of: Term | None, returned: str = "") -> str:
    """The name of the indicator that counts exactly this, or an empty text: most cells of table three are cut finer."""
    if of is None:
        return returned if find(returned) is not None else ""
    return next((name for name, one in indicators().items() if one.term == of), "")


def counts_of(of: Term | None, returned: str) -> str:
    if of is not None:
        return f"{family(of.family).counts}{_cut_words(of)}"
    indicator = find(returned) if returned else None
    return indicator.counts if indicator is not None else ""


def _cut_words(of: Term) -> str:
    """The fixed values of the dimensions in words: 只计：办理结果为予以公开、已主动公开；申请人类别为自然人。"""
    ledger = family(of.family).ledger
    parts = []
    for name, members in of.where:
        dimension = ledger.dimensions[name]
        labels = dimension.labels or {}
        parts.append(f"{dimension.title}为{'、'.join(labels.get(member, member) for member in members)}")
    return f"只计：{'；'.join(parts)}。" if parts else ""


def basis_of(of: Term | None, returned: str) -> str:
    if of is not None:
        return family(of.family).basis
    indicator = find(returned) if returned else None
    return indicator.basis if indicator is not None else ""


# ---- a frozen figure: the rows as they were


CHANGES = {"uncounted": "现在不再计入", "gone": "现在台账里没有"}


def open_frozen(opened: Opened, found: OpenedFigure, tree: Tree, user: Any) -> list[RowLine]:
    """Fill in what stood behind a frozen value, and return the page of its rows as they were, with what changed since."""
    opened.returns = [line for one in found.returns if (line := _frozen_return(one, tree, user)) is not None]
    if found.term is None:
        return []
    ledger = family(found.term.family).ledger
    opened.ledger = ledger
    may_see = agencies_for(user, ledger.verb) if ledger.verb else frozenset()
    seen = [row for row in found.rows if _agency_of(row) in may_see]
    if hidden := len(found.rows) - len(seen):
        opened.remarks.append(f"本页另有 {hidden} 条属于您不能查看的单位，不列出。")
    if found.newly:
        names = "、".join(row_line(row, ledger, "", None).title for row in found.newly[:5])
        opened.remarks.append(f"定稿以后又有 {len(found.newly)} 条符合这一格的口径，没有计入：{names}。")
    if found.same is not None:
        now = "与定稿时相同" if found.same else "与定稿时不同"
        opened.remarks.append(f"定稿时共 {found.total} 条，行数太多，只留了摘要；现在的台账{now}。")
    of_day = day_of(found.term)
    return [_frozen_line(row, ledger, of_day, tree) for row in seen]


def _agency_of(row: FrozenRow) -> int | None:
    agency = getattr(row.now, "agency_id", None) if row.content is None else row.content.get("agency_id")
    return None if agency is None else int(agency)


def _frozen_line(row: FrozenRow, ledger: Ledger, of_day: str, tree: Tree | None) -> RowLine:
    change = CHANGES.get(row.change, "")
    if row.change == "changed" and row.fields:
        names = {field.attname: str(field.verbose_name) for field in ledger.model._meta.concrete_fields}
        change = f"定稿后改过：{'、'.join(names.get(name, name) for name in row.fields)}"
    then = _as_it_was(row, ledger)
    if then is None:
        return RowLine("（内容已按保存期限清除）", "", None, "", "", change=change)
    return row_line(then, ledger, of_day, tree, change)


def _as_it_was(row: FrozenRow, ledger: Ledger) -> Any:
    """The row of that day, rebuilt from its version; what it refers to is today's."""
    if row.content is None:
        return None
    fields = {field.attname: field for field in ledger.model._meta.concrete_fields}
    then = ledger.model(
        **{name: fields[name].to_python(value) for name, value in row.content.items() if name in fields}
    )
    for name in ledger.related:
        setattr(then, name, getattr(row.now, name) if row.now is not None else None)
    return then


def _frozen_return(row: FrozenRow, tree: Tree, user: Any) -> ReturnLine | None:
    if row.content is None:
        return None
    content, agency = row.content, int(row.content["agency_id"])
    may_see = agency in agencies_for(user, "returns.view")
    return ReturnLine(
        agency=name_in(tree, agency),
        value=tidy(Decimal(content["value"])),
        first=date.fromisoformat(content["period_from"]),
        last=date.fromisoformat(content["period_to"]),
        in_addition=bool(content["in_addition"]),
        reason=content["reason"],
        url=reverse("desk:return", args=(row.pk,)) if may_see else "",
    )
