"""Which rows, in which version, stood behind a figure (数据溯源): one pass over each ledger for all figures at once."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When

from gongkai.reporting.indicators import Scope, Term, family
from gongkai.reporting.indicators.evaluation import STATED_BY_TABLES

LIMIT = 10_000
"""Above so many rows their digest is kept instead of themselves."""
CHUNK = 2000


@dataclass(slots=True)
class Trace:
    """The rows of a figure, by primary key; once there are too many only their number and digest."""

    count: int = 0
    rows: list[list[int]] = field(default_factory=list)
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, pk: int, version: int) -> None:
        """Add a row. Rows come by rising key, so that the digest is the same on every database."""
        self.count += 1
        self._hash.update(f"{pk}:{version};".encode())
        if self.count <= LIMIT:
            self.rows.append([pk, version])
        else:
            self.rows.clear()

    def as_json(self) -> dict[str, Any]:
        """What is stored."""
        if self.count <= LIMIT:
            return {"rows": self.rows}
        return {"count": self.count, "digest": self._hash.hexdigest()}


def trace(terms: Iterable[Term], scope: Scope, without: Collection[int] = ()) -> dict[Term, Trace]:
    """The rows behind each term: one query for each ledger (of records, for each family). `without` as in `evaluation.count`."""
    traces = {one: Trace() for one in terms}
    by_ledger: dict[tuple[Any, ...], list[Term]] = defaultdict(list)
    for one in traces:
        ledger = family(one.family).ledger
        by_ledger[(ledger,) if ledger.envelope else (ledger, one.family, one.cumulative)].append(one)
    for of_ledger in by_ledger.values():
        _trace_ledger(of_ledger, scope, without, traces)
    return traces


def _trace_ledger(terms: list[Term], scope: Scope, without: Collection[int], traces: dict[Term, Trace]) -> None:
    ledger = family(terms[0].family).ledger
    scopes = list(dict.fromkeys(one.scope(scope) for one in terms))
    envelope = ledger.envelope or family(terms[0].family).condition
    where = envelope(scopes[0])
    for own in scopes[1:]:
        where |= envelope(own)
    found = ledger.model._default_manager.filter(where)
    if scope.agencies is not None:
        found = found.filter(agency_id__in=scope.agencies)
    if without and ledger.name in STATED_BY_TABLES:
        found = found.exclude(agency_id__in=without)
    columns = list(dict.fromkeys((family(one.family), one.cumulative) for one in terms))
    names = list(dict.fromkeys(name for one in terms for name in one.dimensions))
    annotations: dict[str, Any] = {}
    for at, name in enumerate(names):
        column = ledger.dimensions[name].column
        annotations[f"d{at}"] = F(column) if isinstance(column, str) else column(scope)
    for at, (of, long) in enumerate(columns):
        counts = of.condition(scope.cumulative() if long else scope) if ledger.envelope else None
        annotations[f"c{at}"] = (
            Value(1, IntegerField())
            if counts is None
            else Case(When(counts, then=Value(1)), default=Value(0), output_field=IntegerField())
        )
    targets = _targets(terms, columns, names, scope)
    lines = found.order_by("pk").annotate(**annotations).values_list("pk", "version", *annotations)
    width = len(names)
    for pk, version, *line in lines.iterator(chunk_size=CHUNK):
        texts, flags = line[:width], line[width:]
        for at, flag in enumerate(flags):
            if not flag:
                continue
            for positions, by_key in targets[at]:
                for one in by_key.get(tuple(texts[position] for position in positions), ()):
                    traces[one].add(pk, version)


Targets = list[tuple[tuple[int, ...], dict[tuple[str, ...], list[Term]]]]


def _targets(terms: list[Term], columns: list[Any], names: list[str], scope: Scope) -> dict[int, Targets]:
    """For each family, for each set of dimensions: which terms a row of these texts belongs to."""
    position = {column: at for at, column in enumerate(columns)}
    found: dict[int, dict[tuple[int, ...], dict[tuple[str, ...], list[Term]]]] = {at: {} for at in position.values()}
    for one in terms:
        of = family(one.family)
        at = position[(of, one.cumulative)]
        cut = tuple(names.index(name) for name in one.dimensions)
        by_key = found[at].setdefault(cut, {})
        allowed = [of.ledger.dimensions[name].texts(scope, members) for name, members in one.where]
        for key in product(*allowed):
            by_key.setdefault(key, []).append(one)
    return {at: list(by_cut.items()) for at, by_cut in found.items()}
