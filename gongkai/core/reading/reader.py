"""`read_report`: a published annual report from a file, as what it says and nothing more."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from gongkai.core.national_forms import FORMS, NationalForm, form_for_year
from gongkai.core.national_forms.cells import CellValue
from gongkai.core.national_forms.crosswalk import exact_cells
from gongkai.core.reading.characters import Normal, compact, normalise, script_of
from gongkai.core.reading.report import PublishedReport, Unread, Why
from gongkai.core.reading.sections import Title, count_form_sections, read_sections, read_title
from gongkai.core.reading.sources import Document, Unreadable, open_source
from gongkai.core.reading.tables import grids, streams
from gongkai.core.reading.tables.labels import leaf_labels, modern_targets, older_targets
from gongkai.core.reading.tables.reading import read_rows
from gongkai.core.reading.tables.rows import Found, PrintedRow, TableFindings

LEAST_OLDER_ROWS = 20
"""Rows of the form of 2014 that must be read before a table is taken for it: provinces had tables of their own."""
EVERYTHING = "*"
"""The code of an unread entry that stands for the whole report: nothing of it is text."""


def read_report(path: Path) -> PublishedReport:
    """Read one published report. Raises `Unreadable`, a sentence, for what is no report or cannot be read."""
    return read_document(open_source(path), file=str(path))


def read_document(document: Document, *, file: str | None) -> PublishedReport:
    """What a document says. Raises `Unreadable` if it is no annual report."""
    name = Path(file).name if file else "文件"
    normal = normalise(document.text)
    if not normal.text.strip():
        if document.pages:
            return PublishedReport(
                file,
                document.format,
                "hans",
                None,
                None,
                None,
                MappingProxyType({}),
                unread=(Unread(EVERYTHING, "no_text_layer"),),
            )
        raise Unreadable(f"{name} 里没有文字。")
    title = read_title(normal, normalise(document.title).text)
    findings = _tables(document, normal)
    form = _form(findings, normal, title)
    if form is None and not _is_report(normal, title):
        raise Unreadable(f"{name} 不像政府信息公开年度报告：没有国家统一格式的表，也没有年度报告的标题。")
    cells, extra = _sorted_out(form, findings)
    unread = () if form is None else tuple(_unread(form, findings, cells, document))
    printed = {code: found.printed for code, found in (*cells.items(), *extra.items()) if found.printed}
    return PublishedReport(
        file=file,
        format=document.format,
        script=script_of(document.text),
        form=form.code if form else None,
        year=title.year,
        issuer=title.issuer,
        cells=MappingProxyType(_values(form.cells if form else (), cells)),
        extra_cells=MappingProxyType(_values(extra, extra)),
        printed=MappingProxyType(printed),
        unread=unread,
        sections=read_sections(normal),
    )


def _values(codes: Iterable[str], found: Mapping[str, Found]) -> dict[str, CellValue]:
    return {code: found[code].value if code in found else None for code in codes}


# Tables


def _tables(document: Document, normal: Normal) -> TableFindings:
    """What the tables say: from the grids of the source, and from its text where the grids say nothing."""
    if document.grids:
        rows = grids.printed_rows(document.grids)
        from_grids = _best(rows, rows)
    else:
        from_grids = TableFindings()
    from_text = _from_text(normalise(document.layout) if document.layout else normal)
    return _joined(from_grids, from_text)


def _best(modern: list[PrintedRow], older: list[PrintedRow]) -> TableFindings:
    first = read_rows(modern, modern_targets())
    second = read_rows(older, older_targets())
    return second if len(second.cells) >= LEAST_OLDER_ROWS and len(second.cells) > len(first.cells) else first


def _from_text(normal: Normal) -> TableFindings:
    modern = streams.modern_region(normal)
    older = streams.older_region(normal)
    width = len(leaf_labels("applications"))
    return _best(
        streams.printed_rows(normal, *modern, width=width) if modern else [],
        streams.printed_rows(normal, *older, width=1) if older else [],
    )


def _joined(grid: TableFindings, text: TableFindings) -> TableFindings:
    """Grids count before text; the text gives the tables that no grid has. What a grid leaves open a text cannot tell."""
    joined = TableFindings(
        dict(grid.cells), grid.rows | text.rows, grid.columns | text.columns, grid.tables | text.tables
    )
    for code, found in text.cells.items():
        if _table_of(code) not in grid.tables:
            joined.cells.setdefault(code, found)
    return joined


def _table_of(code: str) -> str:
    bare = code.rpartition(":")[2]
    return "statistics" if bare in FORMS["2014"].cells and bare not in FORMS["2019"].cells else bare.partition(".")[0]


# Form


def _form(findings: TableFindings, normal: Normal, title: Title) -> NationalForm | None:
    """The form that is printed: told by the heads of table two, else by the rows 其他处理 in table three.

    Where no table is left but the headings that both forms share, the year decides between them.
    """
    if "statistics" in findings.tables:
        return FORMS["2014"]
    heads = [column.partition(":")[0] for column in findings.columns if ":" in column]
    if heads:
        newer, older = heads.count("2021"), heads.count("2019")
        return FORMS["2021" if newer > older or (newer == older and _has_newer_rows(findings)) else "2019"]
    if "applications" in findings.tables:
        if _has_newer_rows(findings):
            return FORMS["2021"]
        return FORMS["2019"] if title.year is None or title.year < 2021 else FORMS["2021"]
    if count_form_sections(normal) >= 5 or "remedies" in findings.tables:
        form = form_for_year(title.year) if title.year and title.year >= FORMS["2019"].years[0] else None
        return form or (FORMS["2019"] if "remedies" in findings.tables else None)
    return None


def _has_newer_rows(findings: TableFindings) -> bool:
    newer = set(FORMS["2021"].cells) - set(FORMS["2019"].cells)
    return any(code in findings.cells for code in newer)


def _is_report(normal: Normal, title: Title) -> bool:
    words = compact(normal.text)
    return title.year is not None or (
        words.count("公开") >= 5 and "年度" in words and ("报告" in words or "年报" in words)
    )


def _sorted_out(form: NationalForm | None, findings: TableFindings) -> tuple[dict[str, Found], dict[str, Found]]:
    """The cells of the form, and what is printed under a code of another form."""
    if form is None:
        return {}, {}
    cells: dict[str, Found] = {}
    extra: dict[str, Found] = {}
    alike = exact_cells("2019", "2021")
    for code, found in findings.cells.items():
        of_form, _, bare = code.rpartition(":")
        if of_form and of_form != form.code:
            if alike.get(bare) == (bare,) and f"{form.code}:{bare}" not in findings.cells:
                cells[bare] = found
            elif found.value is not None and bare in FORMS[of_form].cells:
                extra[bare] = found
        elif bare in form.cells:
            cells[bare] = found
        elif found.value is not None and any(bare in other.cells for other in FORMS.values() if other is not form):
            extra[bare] = found
    return cells, extra


def _unread(
    form: NationalForm, findings: TableFindings, cells: Mapping[str, Found], document: Document
) -> Iterable[Unread]:
    for code, cell in form.cells.items():
        found = cells.get(code)
        if found is not None and found.value is not None:
            continue
        why: Why
        if found is not None and found.why is not None:
            why = found.why
        elif cell.table not in findings.tables:
            why = "no_text_layer" if document.lost_pages else "missing_table"
        else:
            why = (
                "blank"
                if f"{cell.table}.{cell.row}" in findings.rows
                and found is None
                and _has_column(findings, cell.table, cell.column)
                else "missing_row"
            )
        yield Unread(code, why)


def _has_column(findings: TableFindings, table: str, column: str) -> bool:
    """Whether that column was printed, so that a row without a value in it is blank rather than missing."""
    return (
        any(code.startswith(f"{table}.") and code.endswith(f".{column}") for code in findings.cells)
        or table == "statistics"
    )
