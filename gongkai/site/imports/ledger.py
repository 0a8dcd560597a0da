"""What an import of any ledger has in common: its rows, what is asked of all of them at once, and the ledger itself."""

import re
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from gongkai.base import clock
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.permissions import agencies_for, require
from gongkai.ledgers.agencies.models import Agency, AgencyTerm
from gongkai.ledgers.agencies.queries import agency_names
from gongkai.site.imports.columns import Column

CHUNK = 500
PLACE = re.compile(r"第 (\d+) 行：")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: the sentence and, where one is at fault, the column."""

    sentence: str
    heading: str = ""

    def __str__(self) -> str:
        return f"{self.heading}：{self.sentence}" if self.heading else self.sentence


@dataclass(slots=True)
class Row:
    """One row of the sheet: its number as the spreadsheet counts, its values by key of the column, what became of it."""

    number: int
    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    """Keys of columns whose cell could not be read; nothing more is said of them."""
    exists: bool = False
    entry: Any = None
    """What the action will be given."""
    agency: Agency | None = None

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    @property
    def is_new(self) -> bool:
        """Whether it can be imported."""
        return not self.faults and not self.exists


@dataclass(frozen=True, slots=True)
class Warn:
    """Something to look at before importing, which does not stop it: the sentence and the rows."""

    sentence: str
    rows: tuple[int, ...]


class Agencies:
    """Agencies by slug, code or name, also those that ended: histories are imported too. Two queries."""

    def __init__(self) -> None:
        self.by_pk = {agency.pk: agency for agency in Agency.objects.all()}
        self.names = agency_names()
        self.known: dict[str, set[int]] = defaultdict(set)
        for pk, name, short in AgencyTerm.objects.values_list("agency_id", "name", "short_name"):
            self.known[name].add(pk)
            self.known[short].add(pk)
        for agency in self.by_pk.values():
            # A slug or code is meant before a name that reads the same.
            self.known[agency.slug] = self.known[agency.code] = {agency.pk}

    def find(self, text: str) -> Agency:
        """The agency meant. Raises RuleBroken when there is none, or more than one."""
        found = self.known.get(text) or self.known.get(text.lower()) or set()
        if len(found) == 1:
            [pk] = found
            return self.by_pk[pk]
        if not found:
            raise RuleBroken(f"没有叫“{text}”的单位，请写单位全称或者代号")
        slugs = "、".join(sorted(self.by_pk[pk].slug for pk in found))
        raise RuleBroken(f"叫“{text}”的单位不止一个，请写代号（{slugs}）")


class Desk:
    """Who imports, on which day, and what is looked up once for all rows."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.today = clock.localdate()
        self._refusals: dict[tuple[str, int], str] = {}

    @cached_property
    def agencies(self) -> Agencies:
        """All agencies, read at the first question."""
        return Agencies()

    def refusal(self, verb: str, agency: Agency) -> str:
        """Why the user does not hold the verb at the agency, or an empty text."""
        key = verb, agency.pk
        if key not in self._refusals:
            try:
                require(self.user, verb, agency)
            except NotAllowed as refused:
                self._refusals[key] = f"{self.agencies.names.get(agency.pk, agency.slug)}：{refused}"
            else:
                self._refusals[key] = ""
        return self._refusals[key]

    def only_rights(self, row: Row) -> bool:
        """Whether nothing is wrong with the row but rights that the user does not hold."""
        refusals = {sentence.rstrip("。") for sentence in self._refusals.values()} - {""}
        return all(fault.sentence in refusals for fault in row.faults)

    def held(self, verb: str) -> list[str]:
        """Names of the agencies at which the user holds the verb, for the lists of a template."""
        if self.user is None:
            return [self.agencies.names[pk] for pk in self.agencies.by_pk if pk in self.agencies.names]
        held = agencies_for(self.user, verb)
        return [self.agencies.names[pk] for pk in self.agencies.by_pk if pk in held and pk in self.agencies.names]


class Ledger(ABC):
    """One ledger that can be imported."""

    code: ClassVar[str]
    title: ClassVar[str]
    holds: ClassVar[str]
    """What one row is, in a sentence for the page."""
    verb: ClassVar[str]
    view: ClassVar[str] = ""
    """The verb that opens a row; empty: everybody on the desk may look at it."""
    url_name: ClassVar[str]
    """The list where the imported rows are seen."""
    columns: ClassVar[tuple[Column, ...]]
    key: ClassVar[tuple[str, ...]]
    """The columns by which a row is known again."""
    most_on_the_desk: ClassVar[int] = 5000
    """Rows of one upload: a page must answer within the minute that the server gives it."""
    rows_a_second: ClassVar[int] = 500
    """About how many are written in a second, for the page that asks to wait."""

    def offered(self, desk: Desk) -> dict[str, list[str]]:
        """Words to choose from that stand in the database, by key of the column."""
        return {"agency": desk.held(self.verb)}

    @abstractmethod
    def check(self, rows: Sequence[Row], desk: Desk) -> None:
        """Say of each row what is wrong, whether it exists, and else what the action will be given. Changes nothing."""

    @abstractmethod
    def write(self, rows: Sequence[Row], desk: Desk, reason: str) -> Sequence[tuple[str, ...]]:
        """Make the rows through the actions. Returns what must be shown once (passwords), else nothing.

        Called inside a transaction. A refusal names the place of the row among those given.
        """

    def days(self, row: Row) -> list[date]:  # noqa: ARG002
        """The days whose figures a new row moves, for frozen years."""
        return []

    def warnings(self, rows: Sequence[Row], desk: Desk) -> list[Warn]:  # noqa: ARG002
        """What to look at before importing."""
        return []

    # ---- for the ledgers

    def heading(self, key: str) -> str:
        """The heading of a column by its key, or an empty text."""
        return next((column.heading for column in self.columns if column.key == key), "")

    def fault(self, row: Row, sentence: str, key: str = "") -> None:
        """Say what is wrong with a row, unless the cell could not even be read or it has been said."""
        fault = Fault(sentence.rstrip("。"), self.heading(key))
        if key not in row.unreadable and fault not in row.faults:
            row.faults.append(fault)

    def find_agencies(self, rows: Iterable[Row], desk: Desk, key: str = "agency") -> None:
        """The agency of each row, and whether the user may enter rows for it."""
        for row in rows:
            if not row.values.get(key):
                continue
            try:
                row.agency = desk.agencies.find(row[key])
            except RuleBroken as broken:
                self.fault(row, str(broken), key)
                continue
            if sentence := desk.refusal(self.verb, row.agency):
                self.fault(row, sentence, key)

    def once(self, rows: Iterable[Row]) -> None:
        """The same key twice in one file is a fault of the second row."""
        seen: dict[tuple[object, ...], int] = {}
        for row in rows:
            key = tuple(row[name] for name in self.key if name in row.values)
            if any(part in ("", None) for part in key) or row.unreadable.intersection(self.key):
                continue
            first = seen.setdefault(key, row.number)
            if first != row.number:
                self.fault(row, f"与第 {first} 行重复", self.key[-1])

    def is_hidden(self, row: Row, owner: int, desk: Desk) -> bool:
        """Whether the row is there already, but of an agency whose rows the user may not see: nothing of it is told."""
        if not self.view or not desk.refusal(self.view, desk.agencies.by_pk[owner]):
            return False
        row.exists = True
        self.fault(row, "已由您看不到的单位使用，请核对", self.key[-1])
        return True

    def compare(self, row: Row, given: Mapping[str, Any], held: Mapping[str, Any], *, advice: str) -> None:
        """The row is in the ledger already: the same in all columns of the file, or a fault that names what differs.

        `given` is what the row says and `held` what the ledger holds, by key of the column, in the same form. An import
        never overwrites.
        """
        row.exists = True
        for column in self.columns:
            key = column.key
            if key in held and key in row.values and key not in row.unreadable and given[key] != held[key]:
                self.fault(
                    row,
                    f"台账里已有这一条，且内容不同：台账是“{column.shown(held[key])}”，"
                    f"文件是“{column.shown(given[key])}”；{advice}",
                    key,
                )


@contextmanager
def placed(places: Sequence[int]) -> Iterator[None]:
    """Actions count the entries they are given; `places` are the rows (from 0) that these came from."""
    try:
        yield
    except RuleBroken as broken:
        found = PLACE.match(str(broken))
        if found is None or not 0 < int(found[1]) <= len(places):
            raise
        sentence = f"第 {places[int(found[1]) - 1] + 1} 行：{str(broken)[found.end() :]}"
        raise type(broken)(sentence, field=broken.field) from broken


def in_chunks(keys: Iterable[T], read: Callable[[list[T]], Iterable[Any]]) -> Iterator[Any]:
    """Rows asked for by many keys, some hundred at a time: a database takes only so many parameters."""
    wanted = list(dict.fromkeys(keys))
    for start in range(0, len(wanted), CHUNK):
        yield from read(wanted[start : start + CHUNK])
