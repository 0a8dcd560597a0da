"""Tables that have become text: one line a row, one line a cell, cells between bars, or all in one line.

A text is cut into labels and groups of numbers in turn. Whatever stands between two groups is the label of the second, with
the rest of a broken label of the first before it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from gongkai.core.national_forms import FORMS
from gongkai.core.reading.characters import HAN, Normal, compact
from gongkai.core.reading.numbers import UNITS
from gongkai.core.reading.tables.labels import Target, modern_targets, older_targets
from gongkai.core.reading.tables.rows import Piece, PrintedRow

PAGE_NUMBER = re.compile(
    r"[ \t]*(?:[-—–]+[ \t]*\d{1,3}[ \t]*[-—–]+|第[ \t]*\d{1,3}[ \t]*页.*|\d{1,3}[ \t]*/[ \t]*\d{1,3})[ \t\f]*$"
)
TOKEN = re.compile(
    rf"(?P<numbering>(?<![\d.])\d{{1,2}}(?=[ ]?[.、．,](?:[ ]?[{HAN}\"“]|[ ]*$)))"
    rf"|(?P<number>[+-]?\d[\d,]*(?:\.\d+)?(?:[ ]?(?:{'|'.join(UNITS)})(?![{HAN}]|\d))?)"
    r"|(?P<slash>(?<![^\s|\d])(?:/|\\|[-—–―]{1,4})(?![^\s|\d]))"
    r"|(?P<bar>[|\t])"
    r"|(?P<space> +)"
    r"|(?P<word>[^\d|\t ]+?(?=[\d|\t +\-]|$)|.)"
)
GAP = 500
"""Characters that may stand between two labels of one table: a head, a page break, cells."""


@dataclass(slots=True)
class _Group:
    label: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


def region(normal: Normal, targets: Sequence[Target]) -> tuple[int, int] | None:
    """Where the rows of these targets stand most densely, with the head before and room for the last cells behind."""
    letters = [index for index, character in enumerate(normal.text) if character.isalnum()]
    text = "".join(normal.text[index] for index in letters)
    hits = sorted(
        (match.start(), number)
        for number, target in enumerate(targets)
        for key in target.keys[:1]
        if len(key) >= 4
        for match in re.finditer(re.escape(key), text)
    )
    best: list[tuple[int, int]] = []
    chain: list[tuple[int, int]] = []
    for hit in hits:
        if chain and (hit[0] - chain[-1][0] > GAP):
            best, chain = max(best, chain, key=_rows_of), []
        chain.append(hit)
    best = max(best, chain, key=_rows_of)
    if _rows_of(best) < min(4, len(targets)):
        return None
    return letters[best[0][0]], letters[min(best[-1][0] + GAP, len(letters) - 1)] + 1


def _rows_of(chain: list[tuple[int, int]]) -> int:
    return len({number for _, number in chain})


def modern_region(normal: Normal) -> tuple[int, int] | None:
    """From the head of table two to the end of table four. Prose that names the rows in passing is not dense enough."""
    found = region(normal, modern_targets())
    if found is None:
        return None
    start, end = found
    before = normal.text.rfind("二十条", max(0, start - 1500), start + 200)
    first = normal.text.find("二十条", max(0, start - 1500), start + 200)
    if before >= 0 and first >= 0:
        start = first
    ends = [place for place in (_next_section(normal.text, end - GAP), end + 3 * GAP) if place > end - GAP]
    return start, min([*ends, len(normal.text)])


def _next_section(text: str, start: int) -> int:
    """Where section five begins: its heading is printed alike in both forms."""
    heading = FORMS["2021"].sections[4][:6]
    match = re.compile(r"\s*".join(map(re.escape, heading))).search(text, start)
    return match.start() if match else -1


def older_region(normal: Normal) -> tuple[int, int] | None:
    """The statistics of 2014, if at least a third of its rows is printed word for word."""
    targets = older_targets()
    found = region(normal, targets)
    if found is None:
        return None
    text = compact(normal.text[found[0] : found[1]])
    return found if sum(target.keys[0] in text for target in targets) * 3 >= len(targets) else None


def printed_rows(normal: Normal, start: int, end: int, *, width: int) -> list[PrintedRow]:
    """The rows of a region. `width` is the number of cells of a whole row, to part rows whose labels are all lost."""
    groups: list[_Group] = [_Group()]
    fragment_of: dict[int, int] = {}
    for piece, word in _tokens(normal, start, end, fragment_of):
        current = groups[-1]
        if piece is not None:
            current.pieces.append(piece)
        elif word:
            if any(not each.is_blank for each in current.pieces):
                groups.append(current := _Group())
            else:
                current.pieces.clear()
            current.label.append(word)
    rows: list[PrintedRow] = []
    for group in groups:
        label = compact("".join(group.label))
        for number, pieces in enumerate(_lines(group.pieces, width)):
            fragment = fragment_of.get(pieces[0].line, 0) if pieces else 0
            rows.append(PrintedRow("" if number else label, tuple(pieces), fragment=fragment))
    return rows


def _lines(pieces: list[Piece], width: int) -> Iterator[list[Piece]]:
    """The cells of one row each: a group is parted where every line of it is a whole row."""
    lines: dict[int, list[Piece]] = {}
    for piece in pieces:
        lines.setdefault(piece.line, []).append(piece)
    if width > 1 and len(lines) > 1 and all(len(line) == width for line in lines.values()):
        yield from lines.values()
    else:
        yield pieces


def _tokens(normal: Normal, start: int, end: int, fragment_of: dict[int, int]) -> Iterator[tuple[Piece | None, str]]:
    """Cells and words in turn. Bars make blanks explicit; numbering and page numbers are words."""
    place, fragment = start, 0
    # The bar in 本年增/减 is part of a word even where it stands alone.
    text = re.sub(r"(增\s*)/(?=\s*减)", r"\1·", normal.text[start:end])
    for number, line in enumerate(text.splitlines(keepends=True)):
        if "\f" in line:
            fragment += 1
        fragment_of[number] = fragment
        if not PAGE_NUMBER.match(line.rstrip("\n")):
            yield from _line_tokens(normal, place, line.rstrip("\r\n"), number)
        place += len(line)


def _line_tokens(normal: Normal, place: int, line: str, number: int) -> Iterator[tuple[Piece | None, str]]:
    filled = True
    brackets = [match.span() for match in re.finditer(r"\([^()]{0,60}\)", line)]
    for match in TOKEN.finditer(line):
        kind, text = match.lastgroup, match[0]
        first, last = match.span()

        def piece(first: int, last: int, text: str) -> Piece:
            return Piece(text, normal.quote(place + first, place + last), first, last, number)

        if kind == "bar":
            if not filled:
                yield piece(first, first, ""), ""
            filled = False
        elif kind in ("number", "slash"):
            filled = True
            body, numbering = _without_numbering(line, text, last) if kind == "number" else (text, "")
            if body and any(left < first < right for left, right in brackets):
                yield None, text
                continue
            if body and re.match(r"[年月日号%％页期届]", line[last : last + 1]):
                yield None, text
                continue
            if body:
                yield piece(first, first + len(body.rstrip("?")), body), ""
            if numbering:
                yield None, numbering
        elif text.strip():
            filled = True
            yield None, text


def _without_numbering(line: str, text: str, end: int) -> tuple[str, str]:
    """The number, and the digit that begins the label after it: 00000002.其他法律 is 0000000 and 2."""
    rest = line[end:]
    if not text[-1].isdigit():
        return text, ""
    if re.match(rf"[ ]?[.、．,][ ]?[{HAN}“\"]", rest):
        return text[:-1], text[-1]
    if rest[:1].strip() and _lacks_its_number(text[-1], compact(rest[:12])[:6]):
        # A number without its point: at the beginning of a line it is clear, after other digits it is not.
        return ("", text) if not line[: end - len(text)].strip(" |\t") else (text + "?", "")
    return text, ""


def _lacks_its_number(digit: str, words: str) -> bool:
    """Whether words begin, perhaps damaged, the label of a row of that number: then the digit may belong to the label."""
    for target in (*modern_targets(), *older_targets()):
        key = target.keys[0][:6]
        if target.number == digit and len(key) > 3 and len(words) > 3:
            blocks = SequenceMatcher(None, words, key, autojunk=False).get_matching_blocks()
            if sum(block.size for block in blocks) >= 0.6 * len(key):
                return True
    return False
