"""What would move the limit of a reply, and to when: for the clerk who asks what may still be done, and until when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from gongkai.core.calendars import due_after
from gongkai.core.law.clock.counting import count_of, silence_ends
from gongkai.core.law.clock.events import EventKind
from gongkai.core.law.clock.history import Consultation, Consulted, Extension, History, WaitFor
from gongkai.core.law.clock.reckoning import Clock, State


@dataclass(frozen=True, slots=True)
class Move:
    """One event that would move the limit; `due_on` is the limit then, where it can be told."""

    event: EventKind | None
    sentence: str
    due_on: date | None = None


def what_would_move(clock: Clock) -> tuple[Move, ...]:
    """What may still move the limit, in the order in which it usually comes. Nothing does when the case is closed."""
    if clock.state is State.CLOSED:
        return ()
    return (*_applicant(clock), *_consulted(clock), *_organ(clock), *_calendar(clock))


def _due(clock: Clock, history: History) -> date | None:
    limit = count_of(history, clock.as_of, clock.count.calendar, clock.rules).limit()
    return limit.on if limit else None


def _applicant(clock: Clock) -> Iterator[Move]:
    """What the applicant owes."""
    if clock.state is State.LAPSED:
        yield Move(None, f"申请人逾期没有{'、'.join(wait.what for wait in clock.history.open_waits())}，视为放弃申请。")
        return
    for wait in clock.history.open_waits():
        what, met = (
            (EventKind.CLARIFICATION_RECEIVED, "收到补正")
            if wait.what is WaitFor.CLARIFICATION
            else (EventKind.FEE_PAID, "缴清费用")
        )
        now = replace(wait, received_on=clock.as_of)
        waits = tuple(now if old is wait else old for old in clock.history.waits)
        due_on = _due(clock, replace(clock.history, waits=waits))
        restarts = not clock.history.is_2007 and (wait.what is not WaitFor.FEE or clock.rules.payment_restarts)
        effect = f"{met}之日起重新计算{clock.count.term}个工作日" if restarts else f"{met}以后才有答复期限"
        until = f"（不晚于{wait.last_on}）" if wait.last_on else ""
        then = f"；如果{clock.as_of}{met}，期限为{due_on}" if due_on else ""
        yield Move(what, f"{effect}{until}{then}。", due_on)


def _consulted(clock: Clock) -> Iterator[Move]:
    """Opinions that are still out."""
    for stop, asked in _open(clock):
        kind = EventKind(f"{asked.of}_answered")
        now = replace(asked, answered_on=clock.as_of)
        consultations = tuple(now if old is asked else old for old in clock.history.consultations)
        due_on = _due(clock, replace(clock.history, consultations=consultations)) if clock.due_on else None
        end = "意见收到以前一直不计入" if clock.history.is_2007 else f"最迟到{stop}为止不计入"
        then = f"；如果{clock.as_of}收到意见，期限为{due_on}" if due_on else ""
        yield Move(kind, f"{asked.name}的意见尚未收到，{end}{then}。", due_on)


def _open(clock: Clock) -> Iterator[tuple[date, Consultation]]:
    for asked in clock.history.consultations:
        if asked.answered_on or not clock.rules.stops_for(clock.law, agency=asked.of is Consulted.AGENCY):
            continue
        last_on, _ = silence_ends(asked, clock.count.calendar, clock.rules)
        if clock.history.is_2007 or clock.as_of < last_on:
            yield last_on, asked


def _organ(clock: Clock) -> Iterator[Move]:
    """What the organ itself may do."""
    history, due_on = clock.history, clock.due_on
    if clock.state is State.LAPSED:
        return
    if due_on and due_on < clock.as_of:
        yield Move(None, f"答复期限（{due_on}）已过，延长、延迟和征求意见都不再改变期限。")
        return
    if history.extension is None and due_on:
        most = history.law.extension_term
        longer = _due(clock, replace(history, extension=Extension(clock.as_of, most, in_time=True)))
        yield Move(
            EventKind.EXTENDED,
            f"不晚于{due_on}经同意并告知申请人，可以延长一次，最多{most}个工作日，到{longer}。",
            longer,
        )
    if due_on:
        yield Move(EventKind.THIRD_PARTY_ASKED, _asking(clock))
    if history.is_2007:
        return
    last_on = due_after(clock.count.calendar, history.received_on, clock.rules.clarification_term).on
    if not history.clarified_once and clock.as_of <= last_on:
        yield Move(
            EventKind.CLARIFICATION_ASKED,
            f"不晚于{last_on}可以一次性告知补正，收到补正之日起重新计算期限（第三十条）。",
        )
    if due_on:
        yield Move(
            EventKind.DELAYED, f"申请数量、频次明显超过合理范围的，不晚于{due_on}可以告知延迟答复的日期（第三十五条）。"
        )


def _asking(clock: Clock) -> str:
    if clock.history.is_2007:
        return "征求第三方意见的时间不计入。"
    return f"征求第三方或者其他机关意见的时间不计入，每次最长{clock.rules.consultation_term}个工作日。"


def _calendar(clock: Clock) -> Iterator[Move]:
    for year in range(clock.history.received_on.year, clock.last_day.year + 1):
        if clock.provisional and year not in clock.count.calendar.years:
            yield Move(None, f"{year}年的放假安排公布以后，期限才能确定。")
