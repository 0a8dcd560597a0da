"""What indicators are worth in a scope: one query over all ledgers, one over the returns, whatever their number.

For one agency, indicator and day a figure comes from rows or from one return, never both (design, idea 2). Returns count
when confirmed, not withdrawn, not replaced. What is not known stays None with a sentence; nothing is guessed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from django.db.models import CharField, Count, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from gongkai.base.office_settings import all_settings
from gongkai.core.national_forms import form_for_year
from gongkai.ledgers.agencies.models import OfficeSettingValue
from gongkai.ledgers.returns.models import Return
from gongkai.reporting.annual_reports.bindings import Binding, addends, bindings_of, is_outside_cell
from gongkai.reporting.indicators import Dimension, Family, Indicator, Ledger, Scope, Term, family, named

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Ask:
    """One figure to be evaluated: a term over rows, the indicator whose returns are added to it, or both.

    `of` is a name of an indicator that is neither (a sum, a ratio).
    """

    term: Term | None = None
    returns: str = ""
    of: str = ""
    cumulative: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with where it comes from. `value` None: unknown (未填), never 0.

    `from_rows` and `from_returns` are the parts, None where nothing of the kind is in it; `returns` the keys of the
    returns counted, `in_addition` those of them filed beside rows; `incomplete` says in sentences what is missing.
    """

    value: Decimal | None
    from_rows: Decimal | None = None
    from_returns: Decimal | None = None
    returns: tuple[int, ...] = ()
    in_addition: tuple[int, ...] = ()
    incomplete: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """records, returns, both of them, or none."""
        if self.value is None:
            return "none"
        if self.from_returns is None:
            return "records"
        return "returns" if self.from_rows is None else "records+returns"


def ask(indicator: Indicator) -> Ask:
    """How an indicator is evaluated."""
    if indicator.kind == "rows":
        return Ask(term=indicator.term, returns=indicator.name)
    if indicator.kind == "returns":
        return Ask(returns=indicator.name)
    return Ask(of=indicator.name)


def ask_cell(binding: Binding) -> Ask:
    """How a cell is evaluated, in the unit of the indicator."""
    if binding.total:
        return Ask(of=binding.total)
    return Ask(term=binding.term, returns=binding.returns or binding.added)


@dataclass(frozen=True, slots=True)
class Stated:
    """A return as it is read here."""

    pk: int
    agency: int
    indicator: str
    first: date
    last: date
    value: Decimal
    in_addition: bool
    reason: str
    confirmed: bool
    version: int


@dataclass(slots=True)
class Evaluation:
    """The figures of one scope with what they were made of."""

    scope: Scope
    figures: dict[Ask, Figure] = field(default_factory=dict)
    returns: tuple[Stated, ...] = ()
    outside_with_table: frozenset[int] = frozenset()
    """Agencies outside the system whose table is in: their rows do not count."""
    outside_without_table: frozenset[int] = frozenset()

    def waiting(self, names: Collection[str]) -> list[Stated]:
        """Returns to these indicators that nobody has confirmed, and that therefore do not count."""
        return [stated for stated in self.returns if not stated.confirmed and stated.indicator in names]


def evaluate(asks: Iterable[Ask], scope: Scope) -> Evaluation:
    """Evaluate everything asked for: one query for the returns, one for the rows of all ledgers."""
    wanted = list(dict.fromkeys(asks))
    leaves = list(dict.fromkeys(leaf for one in wanted for leaf in _leaves(one)))
    evaluation = Evaluation(scope)
    outside = _outside(scope)
    evaluation.returns = _read_returns(leaves, scope, outside)
    tables = _Tables.read(evaluation.returns, scope, outside)
    evaluation.outside_with_table = frozenset(tables.agencies)
    evaluation.outside_without_table = outside - tables.agencies
    terms = [leaf.term for leaf in leaves if leaf.term is not None]
    counts = count(terms, scope, tables.agencies)
    known: dict[Ask, Figure] = {}
    for leaf in leaves:
        known[leaf] = _figure(leaf, scope, counts, evaluation.returns, tables)
    for one in wanted:
        evaluation.figures[one] = known[one] if one in known else _made(one, known, scope)
    return evaluation


def evaluate_with_agencies(asks: Iterable[Ask], scope: Scope) -> tuple[Evaluation, dict[int, dict[Ask, Figure]]]:
    """The figures of the scope, and of each agency by itself, whatever their number: the same two queries for both.

    Agencies are those of the scope, or of its tree.
    """
    wanted = list(dict.fromkeys(asks))
    leaves = list(dict.fromkeys(leaf for one in wanted for leaf in _leaves(one)))
    outside = _outside(scope)
    together = Evaluation(scope, returns=_read_returns(leaves, scope, outside))
    tables = _Tables.read(together.returns, scope, outside)
    together.outside_with_table = frozenset(tables.agencies)
    together.outside_without_table = outside - tables.agencies
    returns: dict[int, list[Stated]] = defaultdict(list)
    for stated in together.returns:
        returns[stated.agency].append(stated)
    counts: dict[int, dict[Term, Decimal]] = defaultdict(dict)
    terms = [leaf.term for leaf in leaves if leaf.term is not None]
    sums = dict.fromkeys(terms, ZERO)
    for (one, agency), value in count_by_agency(terms, scope, tables.agencies).items():
        counts[agency][one] = value
        sums[one] += value
    every = scope.agencies if scope.agencies is not None else tuple(scope.tree.nodes if scope.tree is not None else ())
    none, zeros = _Tables("", scope), dict.fromkeys(terms, ZERO)

    def figures(
        own: Scope, counted: Mapping[Term, Decimal], stated: Collection[Stated], of: _Tables
    ) -> dict[Ask, Figure]:
        known = {leaf: _figure(leaf, own, counted, stated, of) for leaf in leaves}
        return {one: known[one] if one in known else _made(one, known, own) for one in wanted}

    together.figures = figures(scope, sums, together.returns, tables)
    return together, {
        agency: figures(
            scope.within([agency]),
            {**zeros, **counts.get(agency, {})},
            returns.get(agency, []),
            _Tables.read(returns.get(agency, ()), scope, {agency}) if agency in outside else none,
        )
        for agency in every
    }


def evaluate_by_agency(asks: Iterable[Ask], scope: Scope) -> dict[int, dict[Ask, Figure]]:
    """The figures of each agency by itself."""
    return evaluate_with_agencies(asks, scope)[1]


def value_of(name: str, scope: Scope) -> Figure:
    """The figure of one named indicator. Raises KeyError for a name that does not exist."""
    one = ask(named(name))
    return evaluate([one], scope).figures[one]


def _leaves(one: Ask) -> Iterator[Ask]:
    """What an ask is made of, down to rows and returns."""
    if not one.of:
        yield one
        return
    indicator = named(one.of)
    for part in (*indicator.parts, *indicator.over):
        yield from _leaves(_cut(ask(named(part)), one))


def _cut(part: Ask, one: Ask) -> Ask:
    """A part asked for in the same way as the whole: cumulative, and cut by the same dimensions."""
    if one.cumulative:
        part = replace(part, cumulative=True, term=None if part.term is None else replace(part.term, cumulative=True))
    if one.term is not None and part.term is not None:
        part = replace(part, term=part.term.and_where(dict(one.term.where)))
    return part


def _made(one: Ask, known: Mapping[Ask, Figure], scope: Scope) -> Figure:
    """A sum, a ratio, a setting or what the form says."""
    indicator = named(one.of)
    if indicator.kind == "form":
        return Figure(Decimal(len(form_for_year(scope.last.year).sections)) or None)
    if indicator.kind == "setting":
        return Figure(_setting(indicator.setting, scope))

    def figure(name: str) -> Figure:
        part = _cut(ask(named(name)), one)
        return known[part] if part in known else _made(part, known, scope)

    parts = [figure(name) for name in indicator.parts]
    over = [figure(name) for name in indicator.over]
    incomplete = tuple(dict.fromkeys(sentence for part in (*parts, *over) for sentence in part.incomplete))
    keys = tuple(dict.fromkeys(key for part in (*parts, *over) for key in part.returns))
    value: Decimal | None = None
    if all(part.value is not None for part in (*parts, *over)):
        value = sum((part.value for part in parts if part.value is not None), ZERO)
        if indicator.kind == "ratio":
            whole = sum((part.value for part in over if part.value is not None), ZERO)
            value = value * 100 / whole if whole else None
            if not whole:
                incomplete = (*incomplete, f"“{indicator.title}”没有可比的基数，无法计算。")
    rows = None if all(part.from_rows is None for part in parts) else value
    returned = None if all(part.from_returns is None for part in parts) else value
    return Figure(value, rows, returned, keys, (), incomplete)


def _setting(key: str, scope: Scope) -> Decimal | None:
    """The value of a rule of the office on the standing date, at the root of the tree; where none is set, the default."""
    roots = [node.pk for node in scope.tree.roots()] if scope.tree is not None else []
    dated = OfficeSettingValue.objects.filter(agency__in=roots, key=key, valid_from__lte=scope.last)
    value = dated.order_by("valid_from").values_list("value", flat=True).last()
    return Decimal(str(all_settings()[key].default if value is None else value))


# Rows


def rows(one: Term, scope: Scope) -> QuerySet[Any]:
    """The rows behind a term: their number (or the sum of the family's field) is its value."""
    of = family(one.family)
    own = one.scope(scope)
    found = of.ledger.model._default_manager.filter(of.condition(own))
    if own.agencies is not None:
        found = found.filter(agency_id__in=own.agencies)
    for name, members in one.where:
        dimension = of.ledger.dimensions[name]
        texts = dimension.texts(own, members)
        column = dimension.column
        if isinstance(column, str):
            found = found.filter(**{f"{column}__in": texts})
        elif name == "level":
            found = found.filter(agency_id__in=[int(text) for text in texts])
        else:
            found = found.alias(**{f"in_{name}": column(own)}).filter(**{f"in_{name}__in": texts})
    return found.order_by(*of.ledger.model._meta.ordering or ("pk",))


def count(terms: Iterable[Term], scope: Scope, without: Collection[int] = ()) -> dict[Term, Decimal]:
    """The value of each term from rows, all ledgers in one query. `without`: agencies whose rows do not count where a
    table of theirs states the family."""
    return {key: value for (key, _), value in _count(terms, scope, without, by_agency=False).items()}


def count_by_agency(
    terms: Iterable[Term], scope: Scope, without: Collection[int] = ()
) -> dict[tuple[Term, int], Decimal]:
    """The value of each term and agency from rows; agencies without rows are left out. One query."""
    counted = _count(terms, scope, without, by_agency=True)
    return {(key, int(agency)): value for (key, agency), value in counted.items() if agency and value}


def _count(
    terms: Iterable[Term], scope: Scope, without: Collection[int], *, by_agency: bool
) -> dict[tuple[Term, str], Decimal]:
    wanted: dict[tuple[Any, ...], list[Term]] = defaultdict(list)
    for one in dict.fromkeys(terms):
        ledger = family(one.family).ledger
        wanted[(ledger,) if ledger.envelope else (ledger, one.family, one.cumulative)].append(one)
    groups = [_Group(of, scope, without, by_agency=by_agency) for of in wanted.values()]
    if not groups:
        return {}
    width = max(len(group.dimensions) for group in groups)
    depth = max(len(group.columns) for group in groups)
    queries = [group.query(number, width, depth) for number, group in enumerate(groups)]
    lines = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
    read: list[list[tuple[tuple[str, ...], tuple[Any, ...]]]] = [[] for _ in groups]
    for number, *line in lines:
        read[number].append((tuple(line[:width]), tuple(line[width:])))
    values: dict[tuple[Term, str], Decimal] = {}
    for group, found in zip(groups, read, strict=True):
        values |= group.values(found)
    return values


AGENCY = "agency"


class _Group:
    """The terms of one ledger (or family): one grouped query with a conditional count for each family and period."""

    def __init__(self, terms: list[Term], scope: Scope, without: Collection[int], *, by_agency: bool) -> None:
        self.terms = terms
        self.scope = scope
        self.without = without
        self.ledger: Ledger = family(terms[0].family).ledger
        cut = dict.fromkeys(name for one in terms for name in one.dimensions)
        self.by_agency = by_agency
        self.dimensions: list[Dimension] = [self.ledger.dimensions[name] for name in cut]
        if by_agency:
            level = self.ledger.dimensions.get("level")
            column = level.column if level else _agency_text
            self.dimensions.insert(0, Dimension(AGENCY, "单位", column, None))
        self.columns: list[tuple[Family, bool]] = list(
            dict.fromkeys((family(one.family), one.cumulative) for one in terms)
        )

    def query(self, number: int, width: int, depth: int) -> QuerySet[Any, Any]:
        """Lines of: number of the ledger, texts of the dimensions, counts; padded to the same shape for the union."""
        found = self.ledger.model._default_manager.filter(self._where())
        if self.scope.agencies is not None:
            found = found.filter(agency_id__in=self.scope.agencies)
        if self.without and self.ledger.name in STATED_BY_TABLES:
            found = found.exclude(agency_id__in=self.without)
        texts: dict[str, Any] = {}
        for position, dimension in enumerate(self.dimensions):
            column = dimension.column
            if isinstance(column, str):
                texts[f"d{position}"] = column
            else:
                expression: Any = column(self.scope)
                found = found.annotate(**{f"d{position}": expression})
                texts[f"d{position}"] = f"d{position}"
        counts = {
            f"c{position}": _measure(of, of.condition(self._own(long)) if self.ledger.envelope else None)
            for position, (of, long) in enumerate(self.columns)
        }
        if not texts:  # without a column to group by, Django would group by row
            found = found.annotate(all_together=Value("", CharField()))
        found = found.order_by().values(*(texts.values() or ("all_together",))).annotate(**counts)
        padding: dict[str, Any] = {"n": Value(number, IntegerField())}
        for position in range(len(self.dimensions), width):
            padding[f"d{position}"] = Value("", CharField())
        for position in range(len(self.columns), depth):
            padding[f"c{position}"] = Value(0, IntegerField())
        names = [
            "n",
            *(texts.get(f"d{position}", f"d{position}") for position in range(width)),
            *(f"c{position}" for position in range(depth)),
        ]
        lines: QuerySet[Any, Any] = found.annotate(**padding).values_list(*names)
        return lines

    def _where(self) -> Q:
        """The rows that may count: those of all families here together, or of the one family."""
        envelope = self.ledger.envelope
        if envelope is None:
            ((of, long),) = self.columns
            return of.condition(self._own(long))
        where, *others = (envelope(own) for own in dict.fromkeys(self._own(long) for _, long in self.columns))
        for other in others:
            where |= other
        return where

    def _own(self, long: bool) -> Scope:  # noqa: FBT001 - a member of a pair, not an option
        return self.scope.cumulative() if long else self.scope

    def values(self, lines: list[tuple[tuple[str, ...], tuple[Any, ...]]]) -> dict[tuple[Term, str], Decimal]:
        """The value of each term, by agency where asked."""
        position = {dimension.name: at for at, dimension in enumerate(self.dimensions)}
        column = {(of.name, long): at for at, (of, long) in enumerate(self.columns)}
        by_cut: dict[tuple[str, ...], dict[tuple[str, ...], list[Decimal]]] = {}
        for cut in dict.fromkeys(one.dimensions for one in self.terms):
            by_cut[cut] = _collapsed(lines, [position[name] for name in (*self._agency, *cut)], len(self.columns))
        values: dict[tuple[Term, str], Decimal] = {}
        for one in self.terms:
            at = column[(one.family, one.cumulative)]
            table = by_cut[one.dimensions]
            agencies = sorted({key[0] for key in table}) if self.by_agency else [""]
            allowed = [self.ledger.dimensions[name].texts(self.scope, members) for name, members in one.where]
            for agency in agencies:
                start = (agency,) if self.by_agency else ()
                keys = ((*start, *key) for key in product(*allowed))
                values[(one, agency)] = sum((table[key][at] for key in keys if key in table), ZERO)
            if not agencies:
                values[(one, "")] = ZERO
        return values

    @property
    def _agency(self) -> tuple[str, ...]:
        return (AGENCY,) if self.by_agency else ()


def _agency_text(_: Scope) -> Any:
    return Cast("agency_id", CharField())


def _measure(of: Family, condition: Q | None) -> Any:
    return Sum(of.summed, filter=condition) if of.summed else Count("pk", filter=condition)


def _collapsed(
    lines: list[tuple[tuple[str, ...], tuple[Any, ...]]], positions: list[int], width: int
) -> dict[tuple[str, ...], list[Decimal]]:
    """The lines added up over the dimensions that are not at these positions."""
    table: dict[tuple[str, ...], list[Decimal]] = {}
    for texts, counts in lines:
        held = table.setdefault(tuple(texts[at] for at in positions), [ZERO] * width)
        for at in range(width):
            held[at] += counts[at] or 0
    return table


# Returns


def _outside(scope: Scope) -> frozenset[int]:
    """Agencies in scope that work outside the system on the standing date."""
    if scope.tree is None:
        return frozenset()
    nodes = (node.pk for node in scope.tree.nodes.values() if node.works_outside)
    return frozenset(pk for pk in nodes if scope.agencies is None or pk in scope.agencies)


def _read_returns(leaves: Iterable[Ask], scope: Scope, outside: Collection[int]) -> tuple[Stated, ...]:
    """Returns that touch the period: of the indicators asked for, and the tables of agencies outside the system."""
    names = {leaf.returns for leaf in leaves if leaf.returns}
    begins = (
        min((scope.cumulative().first if leaf.cumulative else scope.first) for leaf in leaves) if names else scope.first
    )
    wanted = Q(indicator__in=names)
    if outside:
        wanted |= Q(indicator__startswith=f"{form_for_year(scope.last.year).code}:", agency_id__in=outside)
    found = Return.objects.filter(wanted, withdrawn_at=None, is_replaced=False)
    found = found.filter(period_from__lte=scope.last, period_to__gte=begins)
    if scope.agencies is not None:
        found = found.filter(agency_id__in=scope.agencies)
    return tuple(
        Stated(pk, agency, name, first, last, value, added, reason, confirmed_at is not None, version)
        for pk, agency, name, first, last, value, added, reason, confirmed_at, version in found.order_by(
            "indicator", "agency_id", "period_from", "pk"
        ).values_list(
            "pk",
            "agency_id",
            "indicator",
            "period_from",
            "period_to",
            "value",
            "in_addition",
            "reason",
            "confirmed_at",
            "version",
        )
    )


STATED_BY_TABLES = frozenset({"applications", "remedies", "normative"})
"""Ledgers whose figures the tables of every form state; the records only that of 2014, beside which rows go on."""


class _Tables:
    """Whole tables of agencies outside the system: what they state of each cell."""

    def __init__(self, form: str, scope: Scope) -> None:
        self.form = form
        self.scope = scope
        self.stated: dict[str, list[Stated]] = defaultdict(list)
        self.agencies: set[int] = set()

    @classmethod
    def read(cls, returns: Iterable[Stated], scope: Scope, outside: Collection[int]) -> "_Tables":
        tables = cls(form_for_year(scope.last.year).code if outside else "", scope)
        for stated in returns:
            form, colon, code = stated.indicator.partition(":")
            if colon and form == tables.form and stated.confirmed and _lies_in(stated, scope):
                tables.stated[code].append(stated)
                tables.agencies.add(stated.agency)
        return tables

    def of_cell(self, code: str) -> list[Stated]:
        """What is stated of a cell; of a total, of the cells it is made of."""
        parts = addends(self.form).get(code)
        if parts is None:
            return self.stated.get(code, [])
        return [stated for part in parts for stated in self.of_cell(part)]

    def of_term(self, one: Term) -> tuple[list[Stated], str]:
        """What the tables state of a term, or a sentence when they do not tell it apart."""
        if not self.agencies:
            return [], ""
        bound = {code: binding for code, binding in bindings_of(self.form).items() if binding.term is not None}
        agencies: frozenset[int] | None = None
        cut = dict(one.where)
        if levels := cut.pop("level", None):
            texts = family(one.family).ledger.dimensions["level"].texts(self.scope, levels)
            agencies = frozenset(int(text) for text in texts)
        plain = replace(one, where=tuple(sorted(cut.items())), cumulative=False)
        found: list[Stated] | None = None
        for code, binding in bound.items():
            if binding.term == plain:
                found = self.of_cell(code)
                break
        else:
            found = self._inside(plain, bound)
        if found is None:
            title = family(one.family).title
            return [], f"在系统外办理的单位上传的统计表没有按这样的口径分列“{title}”，这些单位没有计入。"
        return [stated for stated in found if agencies is None or stated.agency in agencies], ""

    def _inside(self, one: Term, bound: Mapping[str, Binding]) -> list[Stated] | None:
        """The cells of the family that lie wholly inside the term, provided that none lies across its border."""
        wanted = {name: set(members) for name, members in one.where}
        inside: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for code, binding in bound.items():
            of = binding.term
            if of is None or of.family != one.family or not is_outside_cell(binding):
                continue
            has = {name: set(members) for name, members in of.where}
            if not wanted.keys() <= has.keys():
                continue
            if all(has[name] <= wanted[name] for name in wanted):
                inside[of.dimensions].append(code)
            elif all(has[name] & wanted[name] for name in wanted):
                return None
        if not inside:
            return None
        cells = inside[min(inside, key=len)]
        return [stated for code in cells for stated in self.stated.get(code, [])]


def _lies_in(stated: Stated, scope: Scope) -> bool:
    return scope.first <= stated.first and stated.last <= scope.last


def _figure(
    leaf: Ask, scope: Scope, counts: Mapping[Term, Decimal], returns: Iterable[Stated], tables: _Tables
) -> Figure:
    """Rows, what outside tables state in their place, and returns."""
    from_rows = counts[leaf.term] if leaf.term is not None else None
    incomplete: list[str] = []
    counted: list[Stated] = []
    added: list[Stated] = []
    if leaf.term is not None:
        counted, sentence = tables.of_term(leaf.term)
        incomplete += [sentence] if sentence else []
    if leaf.returns:
        own = scope.cumulative() if leaf.cumulative else scope
        of_indicator = [stated for stated in returns if stated.indicator == leaf.returns and stated.confirmed]
        if leaf.term is not None:
            of_indicator = [stated for stated in of_indicator if stated.in_addition and not leaf.term.where]
        lying, straddling = _parted(of_indicator, own)
        incomplete += [_straddles(stated) for stated in straddling]
        chosen = _latest(lying) if leaf.term is None and named(leaf.returns).is_stock else lying
        added = [stated for stated in chosen if stated.in_addition]
        counted = [*counted, *chosen]
        if leaf.term is None and named(leaf.returns).unit == "%" and len({stated.agency for stated in chosen}) > 1:
            incomplete.append("几个单位各填了一个百分比，百分比不能相加。")
            return Figure(None, incomplete=tuple(incomplete))
    if not counted:
        return Figure(from_rows, from_rows, incomplete=tuple(dict.fromkeys(incomplete)))
    total = sum((stated.value for stated in counted), ZERO)
    return Figure(
        value=total + (from_rows or ZERO),
        from_rows=from_rows,
        from_returns=total,
        returns=tuple(stated.pk for stated in counted),
        in_addition=tuple(stated.pk for stated in added),
        incomplete=tuple(dict.fromkeys(incomplete)),
    )


def _parted(returns: Iterable[Stated], scope: Scope) -> tuple[list[Stated], list[Stated]]:
    """Those lying in the period, and those that reach over its border."""
    lying: list[Stated] = []
    straddling: list[Stated] = []
    for stated in returns:
        if stated.last < scope.first or stated.first > scope.last:
            continue
        (lying if _lies_in(stated, scope) else straddling).append(stated)
    return lying, straddling


def _straddles(stated: Stated) -> str:
    return f"有一条填报的统计期（{stated.first} 至 {stated.last}）跨出本期，没有计入。"


def _latest(returns: Iterable[Stated]) -> list[Stated]:
    """Of a stock the latest return of each agency, and what was filed in addition to it."""
    latest: dict[tuple[int, bool], Stated] = {}
    for stated in returns:
        held = latest.get((stated.agency, stated.in_addition))
        if held is None or stated.last >= held.last:
            latest[(stated.agency, stated.in_addition)] = stated
    return list(latest.values())
