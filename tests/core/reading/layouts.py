"""Draws random reports and prints them in many layouts, so that the reader meets more than the files we have.

`draw` makes cells that satisfy the form; every `Layout` turns them into a file. Whatever is drawn comes from the `Random` given.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from random import Random

from gongkai.core.national_forms import FORMS, NationalForm
from gongkai.core.national_forms.cells import CellValue, Table

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ISSUER = "示范区人民政府"


@dataclass
class Drawn:
    """A report: its form, its cells, and how it is printed. `spoilt` are codes that this print cannot show."""

    form: NationalForm
    cells: dict[str, CellValue]
    year: int
    blank_zeros: bool = False
    full_width: bool = False
    broken_labels: bool = False
    no_numbering: bool = False
    no_total: bool = False
    junk_column: bool = False
    repeat_head: bool = False
    cut: bool = False
    lost_rows: set[str] = field(default_factory=set)
    bad_spans: bool = False
    damage: str = ""

    def text(self, code: str, random: Random) -> str:
        value = self.cells[code]
        if value is None or (value == 0 and self.blank_zeros):
            return ""
        text = f"{value:,}" if isinstance(value, int) and abs(value) > 999 and random.random() < 0.1 else str(value)
        return text.translate(FULL_WIDTH) if self.full_width else text

    def expected(self) -> dict[str, CellValue]:
        """What a perfect reader finds: nothing where nothing is printed."""
        found = {}
        for code, value in self.cells.items():
            cell = self.form.cells[code]
            lost = f"{cell.table}.{cell.row}" in self.lost_rows or (
                self.no_total and code.startswith("applications.") and cell.column == "total"
            )
            found[code] = None if lost or (value == 0 and self.blank_zeros) else value
        return found


def draw(form: NationalForm, random: Random) -> Drawn:
    """Cells that hold every relation of table three and four, of a size that counties or cities have."""
    big = random.choice([3, 20, 400, 9000])
    cells: dict[str, CellValue] = {}
    for code, cell in form.cells.items():
        if cell.table == "applications" or cell.table == "remedies":
            continue
        value: CellValue = random.randint(0, big * 10)
        if cell.kind in ("decimal", "money"):
            value = Decimal(random.randint(0, big * 1000)) / 100
            value = int(value) if value == int(value) else value
        if cell.may_be_negative:
            value = random.randint(-big, big)
        cells[code] = value
    if form.code != "2014":
        _applications(form, cells, random, big)
        _remedies(form, cells, random, big)
    year = random.choice({"2014": [2015, 2017], "2019": [2019, 2020], "2021": [2021, 2023, 2024]}[form.code])
    return Drawn(form, {code: cells[code] for code in form.cells}, year)


def _small(random: Random, big: int) -> int:
    return 0 if random.random() < 0.55 else random.randint(0, big)


def _applications(form: NationalForm, cells: dict[str, CellValue], random: Random, big: int) -> None:
    table = form.table("applications")
    columns = [column.code for column in table.columns if column.code != "total"]
    results = [
        row.code
        for row in table.rows
        if row.entry and row.code not in ("new", "carried_in", "closed_total", "carried_over")
    ]
    for column in columns:
        values = {row: _small(random, big) for row in results}
        closed = sum(values.values())
        over = _small(random, big)
        carried = random.randint(0, closed + over)
        values |= {"closed_total": closed, "carried_over": over, "carried_in": carried, "new": closed + over - carried}
        for code, value in values.items():
            cells[f"applications.{code}.{column}"] = value
    for row in table.rows:
        if row.entry:
            cells[f"applications.{row.code}.total"] = sum(
                int(cells[f"applications.{row.code}.{column}"] or 0) for column in columns
            )


def _remedies(form: NationalForm, cells: dict[str, CellValue], random: Random, big: int) -> None:
    for group in ("reconsideration", "direct_suit", "suit_after_reconsideration"):
        values = [_small(random, big) for _ in range(4)]
        for name, value in zip(("upheld", "corrected", "other_result", "pending"), values, strict=True):
            cells[f"remedies.{group}.{name}"] = value
        cells[f"remedies.{group}.total"] = sum(values)


# The rows of a print: each cell is (text, colspan, rowspan)

Box = tuple[str, int, int]


def label_of(label: str, drawn: Drawn, random: Random) -> str:
    """A label as this print has it."""
    if drawn.no_numbering:
        label = label.lstrip("一二三四五六七八九十、（）1234567890.")
    if random.random() < 0.2:
        label = label.replace("（", "(").replace("）", ")").replace("，", ",")
    return label


def proactive_rows(drawn: Drawn, random: Random) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for block in drawn.form.table("proactive").blocks:
        rows.append([(block.label, 4, 1)])
        rows.append([(block.first_column, 1, 1), *((column.label, 1, 1) for column in block.columns)])
        for row in block.rows:
            if f"proactive.{row.code}" in drawn.lost_rows:
                continue
            rows.append(
                [(label_of(row.label, drawn, random), 1, 1)]
                + [(drawn.text(f"proactive.{row.code}.{column.code}", random), 1, 1) for column in block.columns]
            )
    return rows


def application_head(table: Table, drawn: Drawn) -> list[list[Box]]:
    labels = [column.label for column in table.columns]
    total = [] if drawn.no_total else [(labels[6], 1, 2)]
    return [
        [(table.corner, 3, 3), (table.column_head, 6 if drawn.no_total else 7, 1)],
        [(labels[0], 1, 2), (table.columns[1].group or "", 5, 1), *total],
        [(label, 1, 1) for label in labels[1:6]],
    ]


def application_rows(drawn: Drawn, random: Random) -> list[list[Box]]:
    table = drawn.form.table("applications")
    head = application_head(table, drawn)
    rows = list(head)
    columns = table.columns[:-1] if drawn.no_total else table.columns
    shown = [row for row in table.rows if row.entry and f"applications.{row.code}" not in drawn.lost_rows]
    closed = [row for row in shown if row.depth]
    first_closed = True
    group = ""
    labels = {row.code: row for row in table.rows}
    for row in shown:
        values = [(drawn.text(f"applications.{row.code}.{column.code}", random), 1, 1) for column in columns]
        label = label_of(row.label, drawn, random)
        boxes: list[Box] = []
        if row.depth == 0:
            boxes = [(label, 3, 1)]
        else:
            if first_closed:
                boxes.append((labels["closed"].label, 1, len(closed)))
                first_closed = False
            if row.depth == 1:
                boxes.append((label, 2, 1))
            else:
                parent = row.code.split(".")[0]
                if parent != group:
                    group = parent
                    members = [each for each in closed if each.depth == 2 and each.code.split(".")[0] == parent]
                    boxes.append((label_of(labels[parent].label, drawn, random), 1, len(members)))
                boxes.append((label, 1, 1))
        rows.append(boxes + values)
        if drawn.repeat_head and row.code in ("refused.administrative_inquiry", "unavailable.not_held"):
            rows.extend(map(list, head))
    return rows


def remedy_rows(drawn: Drawn, random: Random) -> list[list[Box]]:
    table = drawn.form.table("remedies")
    columns = table.columns
    return [
        [(columns[0].group or "", 5, 1), (columns[5].supergroup or "", 10, 1)],
        [
            *((column.label, 1, 2) for column in columns[:5]),
            (columns[5].group or "", 5, 1),
            (columns[10].group or "", 5, 1),
        ],
        [(column.label, 1, 1) for column in columns[5:]],
        [(drawn.text(f"remedies.{column.code}", random), 1, 1) for column in columns],
    ]


def statistics_rows(drawn: Drawn, random: Random) -> list[list[Box]]:
    (table,) = drawn.form.tables
    rows: list[list[Box]] = [[(head, 1, 1) for head in table.header]]
    for row in table.rows:
        if f"statistics.{row.code}" in drawn.lost_rows:
            continue
        text = drawn.text(row.code, random) if row.entry else "——"
        rows.append([(label_of(row.label, drawn, random), 1, 1), (row.unit, 1, 1), (text, 1, 1)])
    return rows


def parts(drawn: Drawn, random: Random) -> Iterator[tuple[str, list[list[Box]]]]:
    """Heading and table, part by part, with their damage; prose has no table."""
    for heading, rows in _sound_parts(drawn, random):
        yield heading, DAMAGES[drawn.damage](rows, drawn, random) if drawn.damage else rows


def _sound_parts(drawn: Drawn, random: Random) -> Iterator[tuple[str, list[list[Box]]]]:
    if drawn.form.code == "2014":
        yield "一、主动公开政府信息情况\n全年公开信息若干条。", []
        yield f"{ISSUER}{drawn.year}年度政府信息公开情况统计表", statistics_rows(drawn, random)
        return
    sections = drawn.form.sections
    yield f"{sections[0]}\n{drawn.year}年，本区认真落实条例，共收到申请8件，发布信息1024条。", []
    yield sections[1], proactive_rows(drawn, random)
    yield sections[2], application_rows(drawn, random)
    yield sections[3], remedy_rows(drawn, random)
    yield f"{sections[4]}\n一是公开不够主动；二是培训不够。2025年将组织3次培训。", []
    yield f"{sections[5]}\n本年度收取信息处理费0元。", []


def title(drawn: Drawn) -> str:
    return f"{ISSUER}{drawn.year}年政府信息公开工作年度报告"


# Layouts


def html(drawn: Drawn, random: Random) -> str:
    def cell(box: Box) -> str:
        text, width, height = box
        inner = escape(text)
        if drawn.broken_labels and len(text) > 4 and not any(character.isdigit() for character in text[1:]):
            place = random.randint(2, len(text) - 1)
            inner = (
                escape(text[:place]) + random.choice(["<br>", "<br/> ", "</span><span>", "\n"]) + escape(text[place:])
            )
        inner = random.choice([f"<p><span>{inner}</span></p>", f"<span>{inner}</span>", f"<p>{inner}<o:p></o:p></p>"])
        spans = (f' colspan="{width}"' if width > 1 else "") + (f' rowspan="{height}"' if height > 1 else "")
        if drawn.bad_spans and width > 1 and random.random() < 0.5:
            spans = spans.replace(f'colspan="{width}"', f'colspan="{width + random.choice([-1, 1])}"')
        return f"<td{spans}>{inner or '&nbsp;'}</td>"

    body = [f"<h1>{title(drawn)}</h1>"]
    for heading, rows in parts(drawn, random):
        body.extend(f"<p>{escape(line)}</p>" for line in heading.splitlines())
        lines = [
            "<tr>" + "".join(map(cell, row)) + ("<td></td>" if drawn.junk_column else "") + "</tr>" for row in rows
        ]
        if drawn.cut and len(lines) > 12:
            body.append(
                "<table>" + "".join(lines[:12]) + "</table><p>-3-</p><table>" + "".join(lines[12:]) + "</table>"
            )
        elif lines:
            body.append("<table border=1>" + "".join(lines) + "</table>")
    furniture = "<div>首页 &gt; 政务公开 &gt; 年报</div><script>var a = 1 < 2;</script>"
    return f"<html><head><title>{title(drawn)}-门户网站</title></head><body>{furniture}{''.join(body)}<div>打印 关闭</div></body></html>"


def lines_with_bars(drawn: Drawn, random: Random) -> str:
    """One cell a line, a bar after each."""
    return _text(drawn, random, lambda row: "\n".join(f"{text} |" for text, _, _ in row))


def one_cell_a_line(drawn: Drawn, random: Random) -> str:
    return _text(drawn, random, lambda row: "\n".join(text for text, _, _ in row))


def rows_with_bars(drawn: Drawn, random: Random) -> str:
    return _text(drawn, random, lambda row: "| " + " | ".join(text for text, _, _ in row) + " |")


def rows_with_tabs(drawn: Drawn, random: Random) -> str:
    return _text(drawn, random, lambda row: "\t".join(text for text, _, _ in row))


def flat_with_blanks(drawn: Drawn, random: Random) -> str:
    return _text(drawn, random, lambda row: " ".join(text for text, _, _ in row)).replace("\n", " ")


def flat(drawn: Drawn, random: Random) -> str:
    """Everything in one line, cells touching."""
    return _text(drawn, random, lambda row: "".join(text for text, _, _ in row)).replace("\n", "")


def aligned(drawn: Drawn, random: Random) -> str:
    """Columns held by spaces, labels cut into lines around the numbers, as PDF tools print them."""

    def row(boxes: list[Box]) -> str:
        last = max((index for index, (text, _, _) in enumerate(boxes) if text and not _is_number(text)), default=-1)
        labels = [text for text, _, _ in boxes[: last + 1]]
        values = [text for text, _, _ in boxes[last + 1 :]]
        label = " ".join(labels)
        numbers = "".join(value.rjust(9) for value in values)
        if len(label) > 20 and values and random.random() < 0.6:
            place = random.randint(12, len(label) - 3)
            return f"    {label[:place]}\n{' ' * 50}{numbers}\n    {label[place:]}"
        return f"    {label.ljust(46)}{numbers}"

    return _text(drawn, random, row)


def _is_number(text: str) -> bool:
    return bool(text) and all(character in "/0123456789.,-０１２３４５６７８９" for character in text)


def _text(drawn: Drawn, random: Random, row: Callable[[list[Box]], str]) -> str:
    lines = [title(drawn)]
    for heading, rows in parts(drawn, random):
        lines.append(heading)
        lines.extend(map(row, rows))
    return "\n".join(lines)


TEXTS: Mapping[str, Callable[[Drawn, Random], str]] = {
    "html": html,
    "lines_with_bars": lines_with_bars,
    "one_cell_a_line": one_cell_a_line,
    "rows_with_bars": rows_with_bars,
    "rows_with_tabs": rows_with_tabs,
    "flat_with_blanks": flat_with_blanks,
    "flat": flat,
    "aligned": aligned,
}
KEEPS_BLANKS = frozenset({"html", "rows_with_bars"})
"""Layouts that show where a blank cell is."""


def spoil(drawn: Drawn, random: Random, layout: str) -> None:
    """Draw how this print is damaged."""
    drawn.full_width = random.random() < 0.15
    drawn.no_numbering = random.random() < 0.2
    drawn.no_total = random.random() < 0.15 and drawn.form.code != "2014"
    drawn.broken_labels = random.random() < 0.4
    drawn.repeat_head = random.random() < 0.2
    drawn.cut = random.random() < 0.3
    drawn.junk_column = random.random() < 0.15
    drawn.bad_spans = random.random() < 0.2
    drawn.blank_zeros = random.random() < 0.3
    if random.random() < 0.3:
        keys = [
            f"{table.code}.{row.code}"
            for table in drawn.form.tables
            for rows, _ in table.parts()
            for row in rows
            if row.entry and row.code
        ]
        drawn.lost_rows = set(random.sample(keys, 2))


def drawn_report(seed: int, layout: str, damage: str = "") -> tuple[Drawn, str]:
    """The report of a seed in a layout, with one damage more if named."""
    random = Random(f"{layout}/{seed}{damage}")
    drawn = draw(FORMS[random.choice(["2014", "2019", "2021"])], random)
    spoil(drawn, random, layout)
    drawn.damage = damage
    return drawn, TEXTS[layout](drawn, random)


# Damages that no form foresees


def with_typos(rows: list[list[Box]], drawn: Drawn, random: Random) -> list[list[Box]]:
    """Characters of labels lost, changed, or with a blank before them."""

    def typo(text: str) -> str:
        if _is_number(text) or len(text) <= 3 or random.random() > 0.3:
            return text
        place = random.randrange(len(text))
        return text[:place] + random.choice(["", "的", "和", "信", " " + text[place]]) + text[place + 1 :]

    return [[(typo(text), width, height) for text, width, height in row] for row in rows]


def with_more_rows(rows: list[list[Box]], drawn: Drawn, random: Random) -> list[list[Box]]:
    """Rows that a government added."""
    if len(rows) > 20:
        for _ in range(2):
            place = random.randrange(8, len(rows))
            count = 1 if drawn.form.code == "2014" else 6 if drawn.no_total else 7
            label = random.choice(["6.其他情形", "（八）主动撤回", "5.涉及党务信息"])
            rows.insert(place, [(label, 3, 1)] + [(str(random.randint(0, 9)), 1, 1) for _ in range(count)])
    return rows


def with_more_columns(rows: list[list[Box]], drawn: Drawn, random: Random) -> list[list[Box]]:
    """A column that a government added to table three."""
    if len(rows) > 20 and drawn.form.code != "2014":
        for place, row in enumerate(rows):
            if place == 1:
                row.append(("比上年增减", 1, 2))
            elif place > 2 and any(_is_number(text) for text, _, _ in row):
                row.append((str(random.randint(0, 50)), 1, 1))
    return rows


def with_slashes(rows: list[list[Box]], drawn: Drawn, random: Random) -> list[list[Box]]:
    """Slashes for some zeros."""
    return [[("/" if box[0] == "0" and random.random() < 0.5 else box[0], *box[1:]) for box in row] for row in rows]


DAMAGES: Mapping[str, Callable[[list[list[Box]], Drawn, Random], list[list[Box]]]] = {
    "typos": with_typos,
    "more_rows": with_more_rows,
    "more_columns": with_more_columns,
    "slashes": with_slashes,
}
