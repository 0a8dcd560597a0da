"""Which cells of different national forms count the same thing: `data/crosswalk.json`, readings of the labels.

exact: the same is counted; near: the meaning moved, to be shown with the note; none: not to be compared. What is not
listed is not compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from gongkai.core.national_forms import FORMS, NationalForm, form_named
from gongkai.core.national_forms.loading import read_data

Fit = Literal["exact", "near", "none"]
STRENGTH: tuple[Fit, ...] = ("none", "near", "exact")


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Cells of the older form whose sum stands against the sum of cells of the newer one, and how well they fit."""

    from_cells: tuple[str, ...]
    to_cells: tuple[str, ...]
    fit: Fit
    note: str = ""


@cache
def correspondences(from_form: str, to_form: str) -> tuple[Correspondence, ...]:
    """What may be compared between an older and a newer form, in the order of the crosswalk.

    Inside one form every cell corresponds to itself. 2014 against 2021 goes through 2019, and the weaker fit holds.
    Raises ValueError when the first form is the newer one, or a form does not exist.
    """
    if _is_newer(from_form, to_form):
        raise ValueError(f"对照关系从旧格式指向新格式：{from_form}年格式晚于{to_form}年格式。")
    if from_form == to_form:
        return tuple(Correspondence((code,), (code,), "exact") for code in FORMS[to_form].cells)
    if (from_form, to_form) == ("2014", "2021"):
        return tuple(_chained(correspondences("2014", "2019"), correspondences("2019", "2021")))
    entries = read_data("data/crosswalk.json")[f"{from_form}_{to_form}"]
    return tuple(found for entry in entries for found in _expanded(entry, FORMS[from_form], FORMS[to_form]))


@cache
def exact_cells(from_form: str, to_form: str) -> Mapping[str, tuple[str, ...]]:
    """For each cell of the newer form that counts exactly what cells of the older one count: those, to be added up.

    Empty when the first form is the newer one: last year's report is never of a later form.
    """
    if _is_newer(from_form, to_form):
        return MappingProxyType({})
    exact = (found for found in correspondences(from_form, to_form) if found.fit == "exact")
    return MappingProxyType({found.to_cells[0]: found.from_cells for found in exact if len(found.to_cells) == 1})


def _is_newer(form: str, than: str) -> bool:
    return form_named(form).years[0] > form_named(than).years[0]


def _expanded(entry: dict[str, Any], older: NationalForm, newer: NationalForm) -> Iterator[Correspondence]:
    """The entry itself, or, where it holds stars, one correspondence for each text that the star may stand for."""
    fit, note = entry["fit"], entry.get("note", "")
    sources, targets = tuple(entry["from"]), tuple(entry["to"])
    if not any("*" in code for code in sources):
        yield Correspondence(sources, targets, fit, note)
        return
    # The note of such an entry explains the stars, which are gone once they are expanded.
    (pattern,) = sources
    start = pattern.removesuffix("*")
    excepted = tuple(code.removesuffix("*") for code in entry.get("except", ()))
    for code in older.cells:
        if code.startswith(start) and not (excepted and code.startswith(excepted)):
            star = code.removeprefix(start)
            counterparts = tuple(target.replace("*", star) for target in targets)
            if all(counterpart in newer.cells for counterpart in counterparts):
                yield Correspondence((code,), counterparts, fit)


def _chained(first: tuple[Correspondence, ...], second: tuple[Correspondence, ...]) -> Iterator[Correspondence]:
    for link in first:
        middle = set(link.to_cells)
        onward = [found for found in second if set(found.from_cells) <= middle]
        reached = {code for found in onward for code in found.from_cells}
        if middle and reached == middle:
            targets = tuple(dict.fromkeys(code for found in onward for code in found.to_cells))
            fit = min((link.fit, *(found.fit for found in onward)), key=STRENGTH.index)
            notes = dict.fromkeys(note for note in (link.note, *(found.note for found in onward)) if note)
            yield Correspondence(link.from_cells, targets, fit, "; ".join(notes))
