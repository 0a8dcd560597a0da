"""Reading a case from JSON: an object with its events, or the bare list. What cannot be read is said in one sentence."""

import json
import re
from dataclasses import dataclass
from datetime import date

from gongkai.core.law.clock.events import CONSULTING, WITH_UNTIL, Event, EventKind, ImpossibleHistory

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
REMARKS = frozenset({"by", "note"})
"""What may stand beside anything and is not read: who did it, and a remark."""


@dataclass(frozen=True, slots=True)
class Case:
    """The events of one application in order, the day of looking, and the way in which it came where that is told."""

    events: tuple[Event, ...]
    as_of: date
    received_by: str = ""


def read_case(text: str, *, on: date | None = None) -> Case:
    """The case that a JSON text describes, looked at on `on`, else on its `as_of`, else on the day of its last event.

    Raises ImpossibleHistory with one sentence for what cannot be read.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"（第{error.lineno}行第{error.colno}列）" if isinstance(error, json.JSONDecodeError) else ""
        raise ImpossibleHistory(f"输入不是有效的 JSON{where}。") from None
    received_by, as_of = "", None
    if isinstance(data, dict):
        _refuse_others(data, {"received_by", "as_of", "events"}, "输入")
        received_by = _text(data.get("received_by") or "", "received_by")
        as_of = read_day(data["as_of"], "as_of ") if data.get("as_of") is not None else None
        data = data.get("events")
    if not isinstance(data, list):
        raise ImpossibleHistory('输入应是事件列表，或者带有 "events" 列表的对象。')
    events = tuple(_event(item, number) for number, item in enumerate(data, 1))
    if not events:
        raise ImpossibleHistory("没有收到申请的记载（received），无从计算期限。")
    return Case(events, on or as_of or events[-1].on, received_by)


def _event(item: object, number: int) -> Event:
    what = f"第{number}个事件"
    if not isinstance(item, dict):
        raise ImpossibleHistory(f'{what}应是对象，如 {{"on": "2020-01-20", "event": "received"}}。')
    kind = _kind(item.get("event"), what)
    allowed = {"on", "event"}
    allowed |= {"party"} if kind in CONSULTING else set()
    allowed |= {"until"} if kind in WITH_UNTIL else set()
    allowed |= {"days"} if kind is EventKind.EXTENDED else set()
    _refuse_others(item, allowed, f"{what}（{kind}）")
    return Event(
        read_day(item.get("on"), f"{what}的 on "),
        kind,
        party=_party(item.get("party"), what),
        until=read_day(item["until"], f"{what}的 until ") if item.get("until") is not None else None,
        days=_days(item.get("days"), what),
    )


def _kind(value: object, what: str) -> EventKind:
    if isinstance(value, str) and value in {kind.value for kind in EventKind}:
        return EventKind(value)
    raise ImpossibleHistory(f"{what}的 event 不认识：{_shown(value)}。可用的有：{'、'.join(EventKind)}。")


def read_day(value: object, what: str) -> date:
    """The date written as "2020-01-20", of the years that a clock is reckoned for. Raises ImpossibleHistory."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ImpossibleHistory(f"{what}应是 2020-01-20 这样的日期，不是 {_shown(value)}。")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ImpossibleHistory(f"{what}是没有的日子：{value}。") from None
    if FIRST_DAY <= day <= LAST_DAY:
        return day
    raise ImpossibleHistory(f"{what}应在 2000 年到 2199 年之间，不是 {value}。")


def _days(value: object, what: str) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ImpossibleHistory(f"{what}的 days 应是整数，不是 {_shown(value)}。")


def _party(value: object, what: str) -> str:
    if value is None:
        return "1"
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = _text(value, f"{what}的 party").strip()
    if not text:
        raise ImpossibleHistory(f"{what}的 party 不能是空的。")
    return text


def _text(value: object, what: str) -> str:
    if isinstance(value, str) and value.isprintable():
        return value
    raise ImpossibleHistory(f"{what} 应是一行文字，不是 {_shown(value)}。")


def _refuse_others(item: dict[str, object], allowed: set[str], what: str) -> None:
    """A misspelt key would silently change the clock."""
    if others := sorted(set(item) - allowed - REMARKS):
        raise ImpossibleHistory(f"{what}里不能有 {_shown(others[0])}。")


def _shown(value: object) -> str:
    """A value as the user wrote it, cut short."""
    text = json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace").decode()
    return text if len(text) <= 40 else f"{text[:40]}…"
