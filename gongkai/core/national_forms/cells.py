"""The parts of a national form of the annual report (年度报告): cells, rows, columns, tables, relations.

Sources: 国办发〔2014〕32号 (2014), 国办公开办函〔2019〕60号 (2019), 国办公开办函〔2021〕30号 (2021). Labels verbatim.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

CellKind = Literal["int", "signed_int", "decimal", "money"]
RelationKind = Literal["sum", "equal", "le", "carry", "carry_le"]
Severity = Literal["error", "warning"]
CellValue = Decimal | int | None
"""The value of a cell in the unit of its form; `None` is unknown (blank, slash, illegible), never zero."""

VALUE_COLUMN = "value"
"""The single value column (统计数) of the form of 2014."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One box of a national form in which a number is printed.

    `code` belongs to its form. `row` and `column` are codes of the table; `row_code` is the row as it is named outside
    the table. `label` is the readable path of printed labels. `unit` is the unit of the form: 元 or 万元 for money.
    `computed` marks a total that the form itself makes from other cells.
    """

    code: str
    table: str
    row: str
    column: str
    label: str
    unit: str
    kind: CellKind
    computed: bool = False
    row_code: str = ""

    @property
    def may_be_negative(self) -> bool:
        """Only the column 本年增/减 of the form of 2019 may hold a negative number."""
        return self.kind == "signed_int"

    @property
    def is_whole(self) -> bool:
        """Whether the value counts things and so has no decimals."""
        return self.kind in ("int", "signed_int")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that holds values. `group` and `supergroup` are the printed heads above it, or `None`."""

    code: str
    label: str
    group: str | None
    supergroup: str | None
    computed: bool
    unit: str
    kind: CellKind


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row. `depth` is 0 for 一、, 1 for （一）, 2 for 1. and so on; `entry` is false if no value is printed.

    `article` is the article of the regulations (条例) that the row stands for, as text: "16(1)", "36(4), 36(5)" or "".
    In the form of 2014 `unit` is the printed unit (—— where no value is printed) and `kind` that of the value.
    """

    code: str
    label: str
    depth: int
    entry: bool
    unit: str
    note: str
    article: str
    kind: CellKind = "int"
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A part of table two with its own head: one item of article 20. `first_column` is the head of the row labels."""

    code: str
    label: str
    first_column: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a form. Table two consists of `blocks` and has neither `rows` nor `columns` of its own.

    The table of 2014 prints three columns (`header`: 统计指标, 单位, 统计数); `columns` holds the one with values.
    Table four has one row with an empty label. `section` is the number of its section (二, 三, 四), "" in 2014.
    """

    code: str
    label: str
    section: str
    corner: str
    column_head: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    blocks: tuple[Block, ...]
    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()

    def parts(self) -> Iterator[tuple[tuple[Row, ...], tuple[Column, ...]]]:
        """Rows and columns, block by block, so that a writer treats all tables alike."""
        if self.blocks:
            for block in self.blocks:
                yield block.rows, block.columns
        else:
            yield self.rows, self.columns

    def cell_code(self, row: Row, column: Column) -> str:
        """The code of the cell in which a row and a column of this table meet; the row need not hold values."""
        if column.code == VALUE_COLUMN:
            return row.code
        return ".".join(part for part in (self.code, row.code, column.code) if part)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation (勾稽关系) over the cells of one form, or of this year's and last year's report.

    sum: target = terms; equal: left = right; le: left <= right; carry: target = prev + plus - minus;
    carry_le: target <= prev + plus. Every field is a list of codes to be added up; `prev` names cells of last year's
    report in the codes of this form. `zh` is the relation in words. `basis` tells whether it is printed on the form,
    follows from its labels, or from the meaning. A failing `error` is wrong; a `warning` can be broken lawfully.
    """

    id: str
    kind: RelationKind
    severity: Severity
    zh: str
    en: str
    basis: str
    target: str = ""
    terms: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    prev: tuple[str, ...] = ()
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of this year's report that the relation names, the target first."""
        target = (self.target,) if self.target else ()
        named = (*target, *self.terms, *self.left, *self.right, *self.plus, *self.minus)
        return tuple(dict.fromkeys(named))

    @property
    def crosses_years(self) -> bool:
        """Whether the relation needs last year's report."""
        return self.kind in ("carry", "carry_le")


@dataclass(frozen=True, slots=True, eq=False)
class NationalForm:
    """A national form (国家统一格式). `years` are the first and last year reported on it; no last year: still in use.

    `sections` are the printed headings (none in 2014, whose table was an annex to a free text), `section_notes` what a
    section must also hold, by its number. `cells` are in printed order. Each form exists once: compared by identity.
    """

    code: str
    title: str
    years: tuple[int, int | None]
    basis: str
    sections: tuple[str, ...]
    section_notes: Mapping[str, str]
    tables: tuple[Table, ...]
    cells: Mapping[str, Cell]
    relations: tuple[Relation, ...]
    title_pattern: str = ""

    def table(self, code: str) -> Table:
        """The table of that code. Raises KeyError for a table that the form does not have."""
        for table in self.tables:
            if table.code == code:
                return table
        raise KeyError(code)

    def relation(self, relation_id: str) -> Relation:
        """The relation of that id. Raises KeyError for an id that the form does not have."""
        for relation in self.relations:
            if relation.id == relation_id:
                return relation
        raise KeyError(relation_id)
