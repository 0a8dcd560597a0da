"""Turns the data of a form (`data/2014.json`, `2019.json`, `2021.json`) into a `NationalForm`.

The data files are the forms letter by letter; nothing about a row or a label is written in code.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from importlib import resources
from types import MappingProxyType
from typing import Any

from gongkai.core.national_forms.cells import (
    VALUE_COLUMN,
    Block,
    Cell,
    Column,
    NationalForm,
    Relation,
    Row,
    Table,
)

PATH = " · "
STATISTICS = "statistics"
"""Code of the single table of the form of 2014; it is no part of the cell codes."""


def load_form(code: str) -> NationalForm:
    """Read one form from the package's data."""
    data = read_data(f"data/{code}.json")
    relations = tuple(_relation(entry) for entry in data["relations"])
    totals = frozenset(relation.target for relation in relations if relation.kind == "sum")
    tables = tuple(_table(entry) for entry in data["tables"]) if "tables" in data else (_statistics(data),)
    cells = {cell.code: cell for table in tables for cell in _cells(table, totals)}
    first, last = data["years"]
    return NationalForm(
        code=data["form"],
        title=data["title"],
        years=(first, last),
        basis=data["basis"],
        sections=tuple(data.get("sections", ())),
        section_notes=MappingProxyType(dict(data.get("section_notes", {}))),
        tables=tables,
        cells=MappingProxyType(cells),
        relations=relations,
        title_pattern=data.get("title_pattern", ""),
    )


def read_data(name: str) -> Any:
    """A JSON file of this package, its decimals exact."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal)


def _relation(entry: dict[str, Any]) -> Relation:
    def codes(name: str) -> tuple[str, ...]:
        return tuple(entry.get(name, ()))

    return Relation(
        id=entry["id"],
        kind=entry["kind"],
        severity=entry["severity"],
        zh=entry["zh"],
        en=entry["en"],
        basis=entry["basis"],
        target=entry.get("target", ""),
        terms=codes("terms"),
        left=codes("left"),
        right=codes("right"),
        prev=codes("prev"),
        plus=codes("plus"),
        minus=codes("minus"),
    )


def _statistics(data: dict[str, Any]) -> Table:
    """The one table of 2014: its unit and kind belong to the row."""
    (column,) = data["columns"]
    return Table(
        code=STATISTICS,
        label=data["title"],
        section="",
        corner="",
        column_head="",
        unit="",
        columns=(_column(column, unit="", kind="int"),),
        rows=tuple(_rows(data["rows"])),
        blocks=(),
        header=tuple(data["header"]),
        footer=tuple(data["footer"]["labels"]),
    )


def _table(entry: dict[str, Any]) -> Table:
    unit = entry.get("unit", "")
    return Table(
        code=entry["code"],
        label=entry["label"],
        section=entry["section"],
        corner=entry.get("corner", ""),
        column_head=entry.get("column_head", ""),
        unit=unit,
        columns=tuple(_column(column, unit=unit, kind="int") for column in entry.get("columns", ())),
        rows=tuple(_rows(entry.get("rows", ()))),
        blocks=tuple(_block(block) for block in entry.get("blocks", ())),
    )


def _block(entry: dict[str, Any]) -> Block:
    return Block(
        code=entry["code"],
        label=entry["label"],
        first_column=entry["first_column"],
        columns=tuple(_column(column, unit=column["unit"], kind=column["type"]) for column in entry["columns"]),
        rows=tuple(_rows(entry["rows"])),
    )


def _column(entry: dict[str, Any], *, unit: str, kind: Any) -> Column:
    return Column(
        code=entry["code"],
        label=entry["label"],
        group=entry.get("group"),
        supergroup=entry.get("supergroup"),
        computed=entry.get("computed", False),
        unit=unit,
        kind=kind,
    )


def _rows(entries: Iterable[dict[str, Any]], depth: int = 0) -> Iterator[Row]:
    """The tree of rows, flattened in printed order."""
    for entry in entries:
        yield Row(
            code=entry["code"],
            label=entry["label"],
            depth=depth,
            entry=entry.get("entry", True),
            unit=entry.get("unit", ""),
            note=entry.get("note", ""),
            article=entry.get("article", ""),
            kind=entry.get("type", "int"),
            computed=entry.get("computed", False),
        )
        yield from _rows(entry.get("children", ()), depth + 1)


def _cells(table: Table, totals: frozenset[str]) -> Iterator[Cell]:
    for rows, columns in table.parts():
        for path, row in _with_path(table, rows):
            if row.entry:
                yield from (_cell(table, row, path, column, totals) for column in columns)


def _cell(table: Table, row: Row, path: Sequence[str], column: Column, totals: frozenset[str]) -> Cell:
    in_row = column.code == VALUE_COLUMN
    heads = () if in_row else (column.supergroup, column.group, column.label)
    code = table.cell_code(row, column)
    return Cell(
        code=code,
        table=table.code,
        row=row.code,
        column=column.code,
        label=PATH.join(label for label in (*path, *heads) if label),
        unit=row.unit if in_row else column.unit,
        kind=row.kind if in_row else column.kind,
        computed=code in totals,
        row_code=row.code if in_row else ".".join(part for part in (table.code, row.code) if part),
    )


def _with_path(table: Table, rows: Iterable[Row]) -> Iterator[tuple[tuple[str, ...], Row]]:
    """Each row with the labels above it and its own.

    The heading 三、本年度办理结果 is left out of the paths of table three: it stands above all rows but three and says
    nothing that （一）to（七）do not say.
    """
    above: list[str] = []
    for row in rows:
        heading = table.code == "applications" and row.depth == 0 and not row.entry
        above[row.depth :] = ["" if heading else row.label]
        yield tuple(above), row
