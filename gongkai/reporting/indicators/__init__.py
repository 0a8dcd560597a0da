"""Indicators: named queries over the ledgers; a figure is a list of rows (design, idea 2).

A `Family` says which rows of one ledger count in a period; a `Term` is a family with fixed values of its dimensions, as
a cell of a national form is; an `Indicator` is a named term, or is made of other indicators, or of what arrives as
returns. Evaluation is in `evaluation.py`; each ledger has a module here that registers its own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Q

if TYPE_CHECKING:
    from django.db.models import Model
    from django.db.models.expressions import Combinable

    from gongkai.ledgers.agencies.tree import Tree

BEGINNING = date(1900, 1, 1)
"""Before the first record: where a cumulative period (历年累计) starts."""

Kind = Literal["rows", "sum", "ratio", "returns", "setting", "form"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: the agencies (None: every one), the first and last day. `last` is also the standing date (时点).

    `tree` is the tree of agencies on the standing date, needed by what cuts by kind of agency.
    """

    agencies: tuple[int, ...] | None
    first: date
    last: date
    tree: "Tree | None" = field(default=None, compare=False, repr=False)

    @property
    def period(self) -> tuple[date, date]:
        """First and last day, for `__range`."""
        return self.first, self.last

    def cumulative(self) -> "Scope":
        """From the first record to the same standing date (历年累计)."""
        return replace(self, first=BEGINNING)

    def within(self, agencies: Iterable[int]) -> "Scope":
        """The same, of these agencies only as far as they are in scope."""
        kept = set(agencies) if self.agencies is None else set(agencies) & set(self.agencies)
        return replace(self, agencies=tuple(sorted(kept)))


def year_scope(agencies: Iterable[int] | None, year: int, tree: "Tree | None" = None) -> Scope:
    """The period of a report: 1 January to 31 December."""
    held = None if agencies is None else tuple(sorted(agencies))
    return Scope(held, date(year, 1, 1), date(year, 12, 31), tree)


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """One way to cut the rows of a ledger. Members are text, as they stand in the address of a page.

    `column` is the field, or what gives the text in a query (it may depend on the scope). `labels` are the Chinese names
    of the members; None: any text is one (a subject, a category). `keys` turns a member into the texts of the column
    where one stands for several (a kind of agency: the agencies of that kind).
    """

    name: str
    title: str
    column: "str | Callable[[Scope], Combinable]"
    labels: Mapping[str, str] | None
    keys: Callable[[Scope, str], Iterable[str]] | None = None

    def texts(self, scope: Scope, members: Iterable[str]) -> frozenset[str]:
        """The texts of the column that the members stand for."""
        if self.keys is None:
            return frozenset(members)
        return frozenset(text for member in members for text in self.keys(scope, member))


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """A ledger as the indicators see it: its model, its dimensions, and which rows a period can concern at all.

    `envelope` holds every row that a family of the ledger may count in the scope, so that one pass serves them all.
    None: each family is a part of the query by itself, because its condition is a join that the database does well only
    where it alone decides (records and their publications).
    `verb` opens the rows on the desk; `public` rows may be seen on the portal. `columns` are what the list of rows
    shows: heading and how to read it.
    """

    name: str
    title: str
    model: "type[Model]"
    envelope: Callable[[Scope], Q] | None
    verb: str
    dimensions: Mapping[str, Dimension]
    columns: tuple[tuple[str, str, Callable[[Any], object]], ...]
    related: tuple[str, ...] = ()
    public: bool = False
    detail: Callable[[Any], str] | None = None
    """The desk address of a row's own page."""


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Which rows of a ledger count in a scope. Cells that differ only in dimensions are one family.

    `is_stock`: the state on a day (of carried_in the first, else the last), not what happened in the period. `day` is the
    field or expression of the day on which a row counts, where one day decides.
    """

    name: str
    title: str
    counts: str
    unit: str
    ledger: Ledger
    basis: str
    condition: Callable[[Scope], Q]
    day: "str | Callable[[], Combinable] | None" = None
    is_stock: bool = False
    summed: str = ""
    """Name of the field that is added up; empty: rows are counted."""


Where = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A family with fixed values of dimensions; `cumulative`: from the first record on. Made by `term`."""

    family: str
    where: Where = ()
    cumulative: bool = False

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that it cuts."""
        return tuple(name for name, _ in self.where)

    def scope(self, scope: Scope) -> Scope:
        """The scope it is counted in."""
        return scope.cumulative() if self.cumulative else scope

    def and_where(self, extra: Mapping[str, Iterable[str]]) -> "Term":
        """Cut further. A dimension that is already cut keeps what both allow."""
        merged = {name: set(members) for name, members in self.where}
        for name, members in extra.items():
            merged[name] = merged[name] & set(members) if name in merged else set(members)
        return replace(self, where=_frozen(merged))


def _frozen(where: Mapping[str, Iterable[str]]) -> Where:
    return tuple(sorted((name, tuple(sorted(members))) for name, members in where.items()))


def term(family: str, *, cumulative: bool = False, **where: str | Iterable[str]) -> Term:
    """`term("applications.closed_total", outcome=("granted",), applicant_kind="natural_person")`."""
    cut = {name: (members,) if isinstance(members, str) else members for name, members in where.items()}
    return Term(family, _frozen(cut), cumulative)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named figure.

    rows: counted from the ledger by its `term`; sum, ratio: made of other indicators (`parts`; of a ratio the first
    part over the sum of the others, in percent); returns: arrives only as a total; setting: the value of an office
    setting; form: told by the national form itself. `is_stock`: a state on the standing date.
    """

    name: str
    title: str
    counts: str
    unit: str
    ledger: str
    basis: str = ""
    kind: Kind = "rows"
    term: Term | None = None
    parts: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    setting: str = ""
    is_stock: bool = False
    signed: bool = False
    integral: bool = True


LEDGERS = {
    "records": "政府信息",
    "normative": "规范性文件",
    "applications": "依申请公开",
    "remedies": "复议与诉讼",
    "agencies": "单位",
    "interaction": "互动交流",
    "interpretations": "政策解读",
    "supervision": "监督保障",
    "open_data": "许可、处罚、收费、采购",
    "returns": "其他填报",
    "annual_report": "年度报告",
}
"""First word of an indicator's name and its title, in the order of the pages."""

_families: dict[str, Family] = {}
_indicators: dict[str, Indicator] = {}
_patterns: dict[str, Callable[[str], Indicator]] = {}


def register(*entries: Family | Indicator) -> None:
    """Register at start-up; a name is given once."""
    for entry in entries:
        known: dict[str, Any] = _families if isinstance(entry, Family) else _indicators
        if known.setdefault(entry.name, entry) != entry:
            raise ValueError(f"{entry.name} is registered twice")


def register_pattern(prefix: str, make: Callable[[str], Indicator]) -> None:
    """Indicators that exist for each row of a table (one per category): made when asked for by name."""
    _patterns[prefix] = make


def counted(
    name: str,
    title: str,
    of: Term,
    *,
    counts: str = "",
) -> Indicator:
    """An indicator that is a term of a registered family."""
    family = _families[of.family]
    return Indicator(
        name=name,
        title=title,
        counts=counts or family.counts,
        unit=family.unit,
        ledger=name.partition(".")[0],
        basis=family.basis,
        term=of,
        is_stock=family.is_stock,
    )


def family(name: str) -> Family:
    """The family of that name. Raises KeyError: names in code are right or a bug."""
    return _families[name]


def families() -> Mapping[str, Family]:
    """All families by name."""
    return dict(_families)


def find(name: str) -> Indicator | None:
    """The indicator of that name, or None: names come from clerks too."""
    if known := _indicators.get(name):
        return known
    for prefix, make in _patterns.items():
        if name.startswith(prefix) and name != prefix:
            return make(name.removeprefix(prefix))
    return None


def named(name: str) -> Indicator:
    """The indicator of that name. Raises KeyError: names in code are right or a bug."""
    indicator = find(name)
    if indicator is None:
        raise KeyError(name)
    return indicator


def indicators() -> Mapping[str, Indicator]:
    """All registered indicators by name, sorted by ledger and name."""
    order = list(LEDGERS)
    return dict(sorted(_indicators.items(), key=lambda item: (order.index(item[1].ledger), item[0])))


def why_not_where(of: Family, where: Mapping[str, Iterable[str]]) -> str:
    """Why the cut is not possible, as a sentence, or an empty text."""
    for name, members in where.items():
        dimension = of.ledger.dimensions.get(name)
        if dimension is None:
            known = "、".join(of.ledger.dimensions)
            return f"“{of.title}”没有叫“{name}”的分类，可用的有：{known}。"
        if dimension.labels is not None and (unknown := [m for m in members if m not in dimension.labels]):
            known = "、".join(dimension.labels)
            return f"“{dimension.title}”里没有“{unknown[0]}”，可用的有：{known}。"
    return ""
