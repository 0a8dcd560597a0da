"""Which indicator stands in which cell of a national form: form and cell → family and dimensions, or a return.

The only place that knows both. Cells whose figures may arrive as returns are those of `indicators.returnable`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from gongkai.core.law.applicants import APPLICANT_KINDS
from gongkai.core.law.outcomes import outcomes_of_row
from gongkai.core.law.remedies import REMEDY_KINDS, REMEDY_RESULTS, SUITS
from gongkai.core.national_forms import FORMS, Cell, NationalForm
from gongkai.reporting.indicators import Term, term
from gongkai.reporting.indicators.returnable import CELLS, IN_ADDITION


@dataclass(frozen=True, slots=True)
class Binding:
    """What a cell counts: a term over rows, or an indicator (`returns`: of returns; `total`: a sum of others).

    `added` names the indicator of which a return may stand beside the rows. A whole table uploaded by an agency outside
    the system states the cell as `outside_name`.
    """

    form: str
    cell: Cell
    term: Term | None = None
    returns: str = ""
    total: str = ""
    added: str = ""

    @property
    def outside_name(self) -> str:
        """Name of the returns of agencies outside the system that state this cell of rows."""
        return f"{self.form}:{self.cell.code}"

    @property
    def is_money(self) -> bool:
        """Whether the cell holds money, which is 元 in the ledgers and 元 or 万元 in the form."""
        return self.cell.unit in ("元", "万元")


def _applications(cell: Cell, form: str) -> Term:
    """Table three of 2019 and 2021: row by column; the column 总计 leaves the kind of applicant open."""
    kind: dict[str, Any] = {} if cell.column == "total" else {"applicant_kind": cell.column}
    if cell.column != "total" and cell.column not in APPLICANT_KINDS:
        raise KeyError(cell.code)
    if cell.row in ("new", "carried_in", "carried_over", "closed_total"):
        return term(f"applications.{cell.row}", **kind)
    outcomes = outcomes_of_row(form, cell.row_code)
    if not outcomes:
        raise KeyError(cell.code)
    return term("applications.closed_total", outcome=outcomes, **kind)


def _remedies(cell: Cell) -> Term:
    """Table four: kind and result; 总计 leaves the result open and so holds 尚未审结 too."""
    kind, _, result = cell.column.partition(".")
    if kind not in REMEDY_KINDS:
        raise KeyError(cell.code)
    if result == "total":
        return term("remedies.cases", kind=kind)
    return term("remedies.cases", kind=kind, result=result)


def _modern(form: str, cell: Cell) -> Binding:
    """The forms of 2019 and 2021."""
    if cell.table == "applications":
        return Binding(form, cell, _applications(cell, form))
    if cell.table == "remedies":
        return Binding(form, cell, _remedies(cell))
    if cell.row in ("government_rule", "normative_document"):
        return Binding(form, cell, term(f"normative.{cell.column}", kind=cell.row))
    return Binding(form, cell, returns=CELLS[f"{form}:{cell.code}"][0])


_DECIDED = tuple(REMEDY_RESULTS)
_OF_2014: Mapping[str, Term] = {
    "proactive.total": term("records.published"),
    "proactive.normative_documents": term("normative.newly_published", kind="normative_document"),
    "proactive.normative_documents_issued": term("normative.issued", kind="normative_document"),
    "applications.received": term("applications.new"),
    "applications.closed": term("applications.closed_total"),
    "applications.closed.on_time": term("applications.closed_total", extension="on_time"),
    "applications.closed.extended": term("applications.closed_total", extension="extended"),
    # The form of 2014 has no 尚未审结: only what was decided counts.
    "reconsideration": term("remedies.cases", kind="reconsideration", result=_DECIDED),
    "litigation": term("remedies.cases", kind=SUITS, result=_DECIDED),
}


def _of_2014(cell: Cell) -> Binding:
    code = cell.code
    if known := _OF_2014.get(code):
        added = "records.published.total" if code == "proactive.total" else ""
        assert not added or added in IN_ADDITION
        return Binding("2014", cell, known, added=added)
    last = code.rpartition(".")[2]
    if code.startswith("proactive.channel."):
        return Binding("2014", cell, term(f"records.published.{last}"))
    if code.startswith("applications.received."):
        return Binding("2014", cell, term("applications.new", channel=last))
    if code.startswith("applications.replied"):
        return Binding("2014", cell, term("applications.closed_total", outcome=outcomes_of_row("2014", code)))
    if code.startswith("reconsideration."):
        return Binding("2014", cell, term("remedies.cases", kind="reconsideration", result=last))
    if code.startswith("litigation."):
        return Binding("2014", cell, term("remedies.cases", kind=SUITS, result=last))
    if code == "staffing.people":
        return Binding("2014", cell, total="agencies.disclosure_staff.total")
    return Binding("2014", cell, returns=CELLS[f"2014:{code}"][0])


@cache
def bindings_of(form_code: str) -> Mapping[str, Binding]:
    """Every cell of the form with what it counts, in printed order. A cell without a binding is a bug: KeyError."""
    form = FORMS[form_code]
    make = _of_2014 if form_code == "2014" else lambda cell: _modern(form_code, cell)
    return MappingProxyType({code: make(cell) for code, cell in form.cells.items()})


def binding_named(outside_name: str) -> Binding | None:
    """The binding of `FORM:cell`, the name under which outside tables are returned; None where there is none."""
    form_code, _, code = outside_name.partition(":")
    return bindings_of(form_code).get(code) if form_code in FORMS else None


@cache
def addends(form_code: str) -> Mapping[str, tuple[str, ...]]:
    """For each total of the form the cells it is made of, so that an outside table needs no totals of its own."""
    form: NationalForm = FORMS[form_code]
    sums: dict[str, tuple[str, ...]] = {}
    for relation in form.relations:
        if relation.kind == "sum" and form.cells[relation.target].computed:
            sums.setdefault(relation.target, relation.terms)
    return MappingProxyType(sums)


def is_outside_cell(binding: Binding) -> bool:
    """Whether outside tables state the cell under its own name: cells of rows that are no total.

    Totals are added up from them; cells of returns are returned under their indicator, as by any other agency.
    """
    return binding.term is not None and binding.cell.code not in addends(binding.form)
