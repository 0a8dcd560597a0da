"""One search over all ledgers of the desk: only what the user may see, grouped, each group with a link to its full list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from gongkai.base import clock
from gongkai.base.figures import port
from gongkai.base.permissions import may_somewhere
from gongkai.ledgers.agencies.queries import terms_of_all
from gongkai.ledgers.applications import queries as applications
from gongkai.ledgers.normative import queries as normative
from gongkai.ledgers.normative.states import state_on
from gongkai.ledgers.records import queries as records
from gongkai.ledgers.remedies import queries as remedies
from gongkai.ledgers.returns import queries as returns

SHOWN: Final = 20
LEAST: Final = 2
"""Characters of the shortest question: one alone is in almost everything."""
MOST_WORDS: Final = 8
LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: title, what identifies it, where it stands."""

    title: str
    meta: str
    url: str
    tone: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found in one ledger; `has_more`: only the first are shown."""

    title: str
    hits: list[Hit]
    list_url: str
    has_more: bool


def words_of(asked: str) -> list[str]:
    """The words of a question; none when it is too short to be answered."""
    text = asked.strip()[:LONGEST]
    return text.split()[:MOST_WORDS] if len(text.replace(" ", "")) >= LEAST else []


def found_for(user: Any, words: list[str]) -> list[Group]:
    """All groups in which something was found, in a fixed number of queries."""
    today, names = clock.localdate(), {pk: term.short_name for pk, term in terms_of_all().items()}
    groups = [found(user, words, names, today) for verb, found in _LEDGERS if not verb or may_somewhere(user, verb)]
    return [group for group in groups if group.hits]


def _group(title: str, rows: QuerySet[Any], shown: Callable[[Any], Hit], list_url: str) -> Group:
    """The first rows, and whether there are more."""
    found = list(rows[: SHOWN + 1])
    return Group(title, [shown(row) for row in found[:SHOWN]], list_url, len(found) > SHOWN)


def _list_url(name: str, words: Iterable[str], **more: str) -> str:
    return f"{reverse(name)}?{urlencode({'q': ' '.join(words), **more})}"


def _meta(*parts: object) -> str:
    return "　".join(str(part) for part in parts if part)


def _each(words: Iterable[str], *fields: str) -> Q:
    """Each word in any of the fields."""
    condition = Q()
    for word in words:
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": word})
        condition &= anywhere
    return condition


def _applications(user: Any, words: list[str], names: dict[int, str], today: date) -> Group:
    rows = applications.visible_to(user).filter(_each(words, "number", "subject", "description"))

    def shown(row: Any) -> Hit:
        if row.closed_on is not None:
            tone, word = "good", "已办结"
        else:
            tone, word = ("bad", "逾期") if row.is_overdue(today) else ("", "在办")
        return Hit(
            row.title,
            _meta(row.number, names.get(row.agency_id), f"收到 {row.received_on}"),
            reverse("desk:application", args=[row.pk]),
            tone,
            word,
        )

    rows = rows.order_by("-received_on", "-pk")
    return _group("依申请公开", rows, shown, _list_url("desk:applications", words, tab="all"))


def _records(user: Any, words: list[str], names: dict[int, str], today: date) -> Group:
    by = records.Narrowing(q=" ".join(words))
    rows = records.with_title_first(records.narrow(records.visible_to(user), by, today), by.q).defer("body")

    def shown(row: Any) -> Hit:
        meta = _meta(row.document_number or row.index_number, names.get(row.agency_id), row.issued_on)
        return Hit(row.title, meta, reverse("desk:record", args=[row.pk]))

    return _group("政府信息目录", rows, shown, _list_url("desk:records", words))


def _normative(user: Any, words: list[str], names: dict[int, str], today: date) -> Group:
    rows = normative.narrow(normative.visible_to(user), q=" ".join(words)).select_related("record")

    def shown(row: Any) -> Hit:
        state = state_on(row, today, notice_days=-1)
        meta = _meta(row.record.document_number, names.get(row.agency_id), row.issued_on)
        return Hit(row.record.title, meta, reverse("desk:normative_document", args=[row.pk]), state.tone, state.word)

    return _group("规范性文件", rows.defer("record__body"), shown, _list_url("desk:normative", words))


def _remedies(user: Any, words: list[str], names: dict[int, str], _today: date) -> Group:
    rows = remedies.visible_to(user).filter(_each(words, "number", "organ", "note", "application__number"))

    def shown(row: Any) -> Hit:
        return Hit(
            row.number,
            _meta(row.get_kind_display(), names.get(row.agency_id), row.organ, f"受理 {row.opened_on}"),
            reverse("desk:remedy", args=[row.pk]),
            "" if row.decided_on is None else "good",
            "尚未审结" if row.decided_on is None else row.get_result_display(),
        )

    return _group("复议与诉讼", rows.order_by("-opened_on", "-pk"), shown, _list_url("desk:remedies", words))


def _returns(user: Any, words: list[str], names: dict[int, str], _today: date) -> Group:
    facts = {one.name: one for one in port().returnable()}
    named = [name for name, one in facts.items() if all(word in one.title for word in words)]
    rows = returns.visible_to(user).filter(Q(indicator__in=named) | _each(words, "evidence_note", "reason"))

    def shown(row: Any) -> Hit:
        title = facts[row.indicator].title if row.indicator in facts else row.indicator
        return Hit(
            title,
            _meta(names.get(row.agency_id), f"{row.period_from} 至 {row.period_to}", f"填报人 {row.filled_by}"),
            reverse("desk:return", args=[row.pk]),
            "good" if row.is_in_force else "warn" if row.is_waiting else "",
            "已确认" if row.is_in_force else "待确认" if row.is_waiting else "不再计入",
        )

    return _group("填报", rows, shown, _list_url("desk:returns", words))


def _agencies(_user: Any, words: list[str], _names: dict[int, str], _today: date) -> Group:
    """Agencies by their present or last name, in memory: there are hundreds, not thousands."""
    found = [
        term for term in terms_of_all().values() if all(word in f"{term.name} {term.short_name}" for word in words)
    ]
    hits = [
        Hit(
            term.name,
            term.get_kind_display(),
            reverse("desk:agency", args=[term.agency_id]),
            "",
            "已撤销" if term.valid_to else "",
        )
        for term in found[:SHOWN]
    ]
    return Group("单位", hits, reverse("desk:agencies"), len(found) > SHOWN)


_LEDGERS: Final = (
    ("applications.view", _applications),
    ("records.view", _records),
    ("normative.view", _normative),
    ("remedies.view", _remedies),
    ("returns.view", _returns),
    ("", _agencies),
)
