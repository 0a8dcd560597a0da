"""What the law says of an application on a day: state, limit, days used and left, and every day with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.core.calendars import WorkCalendar, is_weekend
from gongkai.core.law.channels import RECEIPT_CHANNELS
from gongkai.core.law.clock.case import Case
from gongkai.core.law.clock.counting import Count, count_of, days_in
from gongkai.core.law.clock.events import ImpossibleHistory
from gongkai.core.law.clock.folding import Reading, fold
from gongkai.core.law.clock.history import Breach, History, WaitFor
from gongkai.core.law.clock.rules import ClockRules
from gongkai.core.law.deadlines import LAW_2007, ReplyLaw

FEES_SINCE = date(2021, 1, 1)
"""109号 came into force; that day is [M] in our sources, so it is only said, and changes no date."""
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class State(StrEnum):
    """Where an application stands; the later word goes before the earlier."""

    RUNNING = "running"
    PAUSED = "paused"
    WAITING_FOR_APPLICANT = "waiting_for_applicant"
    LAPSED = "lapsed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Day:
    """One day after receipt: whether it is one of the days used (or, later, to be used), and why."""

    on: date
    counted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a history as it stands at the end of `as_of`; of a closed one, as it stood when it was closed.

    `used` are the days counted since receipt, or since the term started anew; `left` those until `due_on`; `late_by` the
    working days since `due_on`, paused or not: nothing stops a clock that has run out. `due_on` and `left` are None while
    the applicant is waited for, and when the application has lapsed.
    """

    history: History
    count: Count
    rules: ClockRules
    as_of: date
    state: State
    due_on: date | None
    provisional: bool
    used: int
    left: int | None
    late_by: int
    assumed: tuple[str, ...]

    @property
    def law(self) -> ReplyLaw:
        """The text that the case keeps."""
        return self.history.law

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """What was late, in the order in which it happened."""
        return self.history.breaches

    @property
    def last_day(self) -> date:
        """The last of the days that are listed: the later of limit and day of looking."""
        return max(self.due_on or self.as_of, self.as_of)

    def days(self) -> tuple[Day, ...]:
        """Every day after receipt, with the reason why it counts or not. Up to `as_of` those counted add up to `used`."""
        return tuple(self._days())

    def _days(self) -> Iterator[Day]:
        number = 0
        for on in days_in(self.history.received_on, self.last_day):
            reason = self._why_not(on)
            number += not reason
            yield Day(on, not reason, reason or self._why(on, number))

    def _why_not(self, on: date) -> str:
        """Why the day does not count, empty if it does."""
        closed_on = self.history.closed_on
        if closed_on is not None and on > closed_on:
            return "申请人已撤回申请" if self.history.withdrawn else "已答复"
        if not self.count.works(on):
            return WEEKDAYS[on.weekday()] if is_weekend(on) else "节假日休息"
        stops = self.count.stopped_by(on)
        if any(stop.to is None for stop in stops) and (lapsed_on := lapse_of(self.history)) and on > lapsed_on:
            return "逾期，视为放弃申请"
        if stops:
            return "、".join(dict.fromkeys(stop.why for stop in stops))
        return f"{self._restarted_by()}，期限重新计算" if on <= self.count.start else ""

    def _restarted_by(self) -> str:
        return next(
            f"{wait.received_on}收到{wait.what}" for wait in self.history.waits if wait.received_on == self.count.start
        )

    def _why(self, on: date, number: int) -> str:
        remarks = [f"第{number}个工作日"]
        if on.year not in self.count.calendar.years:
            remarks.append(f"{on.year}年放假安排未公布，暂按工作日计")
        elif is_weekend(on):
            remarks.append(f"{WEEKDAYS[on.weekday()]}调休上班")
        if on == self.due_on:
            remarks.append("答复期限暂定到这天" if self.provisional else "答复期限到这天")
        elif self.due_on and on > self.due_on:
            remarks.append("已过答复期限")
        return "，".join(remarks)

    def to_json_object(self) -> dict[str, object]:
        """The object that `gongkai clock --json` prints."""
        return {
            "law": self.law.code,
            "state": self.state.value,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "provisional": self.provisional,
            "as_of": self.as_of.isoformat(),
            "used": self.used,
            "left": self.left,
            "late_by": self.late_by,
            "breaches": [
                {"on": breach.on.isoformat(), "article": breach.article, "sentence": breach.sentence}
                for breach in self.breaches
            ],
            "assumed": list(self.assumed),
            "days": [{"on": day.on.isoformat(), "counted": day.counted, "why": day.why} for day in self.days()],
        }


def reckon(case: Case, calendar: WorkCalendar, rules: ClockRules | None = None) -> Clock:
    """The clock on the day of looking; what happened after that day is left out, and said.

    Raises ImpossibleHistory for events that cannot have happened, of the whole list, and for a day before receipt.
    """
    rules = rules or ClockRules()
    reading = Reading(calendar, rules)
    history = fold(case.events, reading)
    if case.as_of < history.received_on:
        raise ImpossibleHistory(f"申请于{history.received_on}收到，在{case.as_of}还没有期限可言。")
    known = tuple(event for event in case.events if event.on <= case.as_of)
    if len(known) < len(case.events):
        history = fold(known, reading)
    seen = history.closed_on or case.as_of
    count = count_of(history, seen, calendar, rules)
    state = _state(history, count, case.as_of)
    limit = None if state in (State.WAITING_FOR_APPLICANT, State.LAPSED) else count.limit()
    due_on = limit.on if limit else None
    provisional = not limit.firm if limit else _in_doubt(history, state, case.as_of)
    return Clock(
        history=history,
        count=count,
        rules=rules,
        as_of=case.as_of,
        state=state,
        due_on=due_on,
        provisional=provisional,
        used=count.between(history.received_on, seen),
        left=count.between(seen, due_on) if due_on else None,
        late_by=sum(count.works(day) for day in days_in(due_on, seen)) if due_on else 0,
        assumed=tuple(_assumed(case, history, count, max(due_on or case.as_of, case.as_of))),
    )


def lapse_of(history: History) -> date | None:
    """The last day after which an application is held abandoned, if the applicant owes something and that day is sure.

    The 2007 text holds no application abandoned.
    """
    if history.is_2007:
        return None
    return min((wait.last_on for wait in history.open_waits() if wait.last_on and wait.firm), default=None)


def _state(history: History, count: Count, as_of: date) -> State:
    if history.closed_on is not None:
        return State.CLOSED
    lapsed_on = lapse_of(history)
    if lapsed_on and as_of > lapsed_on:
        return State.LAPSED
    if history.open_waits():
        return State.WAITING_FOR_APPLICANT
    return State.PAUSED if any(stop.is_open for stop in count.stops) else State.RUNNING


def _in_doubt(history: History, state: State, as_of: date) -> bool:
    """Whether an application may have lapsed, which a year without a notice leaves open."""
    owed = history.open_waits() if state is State.WAITING_FOR_APPLICANT else ()
    return any(not wait.firm and wait.last_on is not None and as_of > wait.last_on for wait in owed)


def _assumed(case: Case, history: History, count: Count, last_day: date) -> Iterator[str]:
    """What was not told and was taken to be so."""
    if later := [event for event in case.events if event.on > case.as_of]:
        yield f"{case.as_of}以后的事件未计入，共{len(later)}个，第一个是{later[0]}。"
    if case.received_by and case.received_by not in RECEIPT_CHANNELS:
        yield f"不认识的收到途径“{case.received_by}”，不影响计算。"
    if (
        case.received_by == "in_person"
        and not history.is_2007
        and history.arrived_on not in (None, history.received_on)
    ):
        yield f"当面提交的，以提交之日（{history.arrived_on}）为收到之日（第三十一条第（一）项）；仍按所给的{history.received_on}计算。"
    if history.received_on < LAW_2007.since:
        yield f"收到之日早于条例施行（{LAW_2007.since}），按2007年公布的条例计算。"
    yield from _assumed_of_opinions(case, history, count)
    if any(wait.what is WaitFor.FEE and wait.asked_on < FEES_SINCE for wait in history.waits) and not history.is_2007:
        yield f"信息处理费管理办法自{FEES_SINCE}起施行，此前的缴费通知按同一办法计算。"
    for year in range(history.received_on.year, last_day.year + 1):
        if year not in count.calendar.years:
            yield f"{year}年的放假安排尚未公布，暂按周一至周五都是工作日计算。"


def _assumed_of_opinions(case: Case, history: History, count: Count) -> Iterator[str]:
    for asked in history.consultations:
        if asked.delivered_on is None:
            yield f"没有{asked.name}收到征求意见书的记载，按发出之日{asked.asked_on}计算。"
    if history.is_2007:
        for stop in count.stops:
            if stop.is_open and not stop.firm:
                yield f"到{case.as_of}还没有结束的“{stop.why}”，2007年公布的条例没有定期限，按仍在征求计算，期限为暂定。"
    for on, name in history.reminders:
        yield f"{on}再次征求{name}意见，按催办处理，期限仍从第一次征求起算。"
