"""What stands in the database beside the ledgers for one report: its text, hand figures, explanations, and last year's table.

Read in one query, so that a page of the report needs few.
"""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, DecimalField, F, IntegerField, TextField, Value, When
from django.db.models.functions import Cast

from gongkai.core.national_forms import form_for_year
from gongkai.core.national_forms.relations import PreviousReport
from gongkai.reporting.annual_reports.models import Explanation, FrozenCell, HandFigure, PreviousTable, ReportSection

CARRIED_OVER = "applications.carried_over."
DECIMAL = DecimalField(max_digits=24, decimal_places=8)


@dataclass(frozen=True, slots=True)
class Hand:
    """A cell typed by hand."""

    value: Decimal
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a finding stands."""

    text: str
    by: str


@dataclass(slots=True)
class Parts:
    """The parts of a report by key, and last year's published table with where it is from."""

    sections: dict[str, str] = field(default_factory=dict)
    hand: dict[str, Hand] = field(default_factory=dict)
    explanations: dict[str, Explained] = field(default_factory=dict)
    previous: PreviousReport | None = None
    previous_source: str = ""
    previous_rows: dict[str, frozenset[int]] = field(default_factory=dict)
    """Of last year's frozen report: which applications each cell of 结转下年度 counted, where its trace names them."""


def _line(found: Any, kind: str, key: Any, text: Any, value: Any, by: Any, number: Any) -> Any:
    return (
        found.order_by()
        .annotate(
            l_kind=Value(kind, CharField()),
            l_key=key,
            l_text=text,
            l_value=value,
            l_by=by,
            l_number=number,
        )
        .values_list("l_kind", "l_key", "l_text", "l_value", "l_by", "l_number")
    )


def read_parts(report_id: int | None, agency_id: int, year: int) -> Parts:
    """The parts of a version of a report (None: nobody has begun it) and last year's table: one query."""
    nothing, none = Value("", TextField()), Cast(Value(None), DECIMAL)
    zero = Value(0, IntegerField())
    hand = _line(
        HandFigure.objects.filter(report=report_id, removed=False),
        "hand",
        F("code"),
        F("reason"),
        F("value"),
        F("typed_by__name"),
        zero,
    )
    sections = _line(
        ReportSection.objects.filter(report=report_id),
        "section",
        F("key"),
        F("text"),
        none,
        Value("", CharField()),
        zero,
    )
    explanations = _line(
        Explanation.objects.filter(report=report_id), "explanation", F("finding"), F("text"), none, F("by__name"), zero
    )
    frozen = _line(
        FrozenCell.objects.filter(report__agency=agency_id, report__year=year - 1),
        "previous",
        F("code"),
        Case(
            When(code__startswith=CARRIED_OVER, then=Cast("trace", TextField())),
            default=nothing,
            output_field=TextField(),
        ),
        F("value"),
        Value("", CharField()),
        F("report__number"),
    )
    tables = _line(
        PreviousTable.objects.filter(agency=agency_id, year=year - 1),
        "table",
        F("source"),
        Cast("cells", TextField()),
        none,
        Value("", CharField()),
        zero,
    )
    parts = Parts()
    versions: dict[int, dict[str, Decimal | None]] = {}
    traces: dict[int, dict[str, frozenset[int]]] = {}
    for kind, key, text, value, by, number in hand.union(sections, explanations, frozen, tables, all=True):
        if kind == "hand":
            parts.hand[key] = Hand(value, text, by)
        elif kind == "section":
            parts.sections[key] = text
        elif kind == "explanation":
            parts.explanations[key] = Explained(text, by)
        elif kind == "previous":
            versions.setdefault(number, {})[key] = value
            if text and "rows" in (traced := json.loads(text)):
                traces.setdefault(number, {})[key] = frozenset(pk for pk, _ in traced["rows"])
        else:
            versions.setdefault(0, {}).update(_cells(text))
            parts.previous_source = key
    if versions:
        latest = max(versions)
        parts.previous = PreviousReport(form_for_year(year - 1).code, versions[latest])
        parts.previous_rows = traces.get(latest, {})
        parts.previous_source = f"{year - 1}年度报告（第{latest}版）" if latest else parts.previous_source
    return parts


def _cells(text: str) -> dict[str, Decimal | None]:
    return {code: None if value is None else Decimal(value) for code, value in json.loads(text).items()}
