"""From a list of events to the facts: what cannot have happened is refused, what was late is kept and listed.

Whether an event was late is judged by the limit as it stood on its day.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from gongkai.core.calendars import Due, WorkCalendar, due_after
from gongkai.core.law.clock.counting import Limit, count_of, silence_ends
from gongkai.core.law.clock.events import Event, EventKind, ImpossibleHistory
from gongkai.core.law.clock.history import Breach, Consultation, Consulted, Extension, History, Wait, WaitFor
from gongkai.core.law.clock.rules import ClockRules
from gongkai.core.law.deadlines import law_for

FEE_NOTICE = "109号"


@dataclass(frozen=True, slots=True)
class Reading:
    """With which working days and which rules events are read."""

    calendar: WorkCalendar
    rules: ClockRules

    def passed_limit(self, history: History, on: date) -> Limit | None:
        """The limit, if it had ended before that day."""
        limit = count_of(history, on, self.calendar, self.rules).limit()
        return limit if limit and limit.on < on else None


def fold(events: Iterable[Event], reading: Reading) -> History:
    """The facts after all events. Raises ImpossibleHistory with one sentence."""
    history: History | None = None
    arrived: Event | None = None
    previous: Event | None = None
    for event in events:
        if previous is not None and event.on < previous.on:
            raise ImpossibleHistory(f"{event}排在{previous}之后，日期却更早：请按日期先后排列。")
        previous = event
        if history is not None:
            history = _after_receipt(history, event, reading)
        elif event.kind is EventKind.RECEIVED:
            history = History(event.on, law_for(event.on), arrived.on if arrived else None)
        elif event.kind is EventKind.ARRIVED and arrived is None:
            arrived = event
        elif event.kind is EventKind.ARRIVED:
            raise ImpossibleHistory(f"申请只能送达一次：{arrived}之后又有{event}。")
        else:
            raise ImpossibleHistory(f"{event}之前没有收到申请的记载（received）。")
    if history is None:
        raise ImpossibleHistory("没有收到申请的记载（received），无从计算期限。")
    return history


def _after_receipt(history: History, event: Event, reading: Reading) -> History:
    if history.closed_on is not None:
        how = "撤回" if history.withdrawn else "答复"
        raise ImpossibleHistory(f"申请已于{history.closed_on}{how}，此后不会再有{event}。")
    if event.kind in (EventKind.RECEIVED, EventKind.ARRIVED):
        raise ImpossibleHistory(f"申请已于{history.received_on}收到，此后不会再有{event}。")
    return HANDLERS[event.kind](history, event, reading)


def _clarification_asked(history: History, event: Event, reading: Reading) -> History:
    if history.clarified_once:
        raise ImpossibleHistory(f"补正只能告知一次，{event}是第二次（条例第三十条）。")
    if history.is_2007:
        return _waiting(history, Wait(WaitFor.CLARIFICATION, event.on))
    term = reading.rules.clarification_term
    due = due_after(reading.calendar, history.received_on, term)
    if event.on > due.on:
        sentence = f"告知补正应当在收到申请之日起{term}个工作日内（不晚于{due.on}）"
        if limit := reading.passed_limit(history, event.on):
            sentence += f"，告知时答复期限（{limit.on}）也已届满"
        history = _breach(history, event.on, "30", f"{sentence}，实际于{event.on}告知。", firm=isinstance(due, Due))
    return _waiting(history, Wait(WaitFor.CLARIFICATION, event.on, event.until))


def _clarification_received(history: History, event: Event, _: Reading) -> History:
    wait = _owed(history, WaitFor.CLARIFICATION, event)
    if wait.last_on and event.on > wait.last_on:
        sentence = f"补正于{event.on}收到，晚于告知书所定的{wait.last_on}；没有正当理由的，视为放弃申请。"
        history = _breach(history, event.on, "30", sentence)
    return _met(history, wait, event.on)


def _fee_notified(history: History, event: Event, reading: Reading) -> History:
    if history.is_2007:
        return _waiting(history, Wait(WaitFor.FEE, event.on))
    if limit := reading.passed_limit(history, event.on):
        sentence = f"缴费通知应当在答复期限（{limit.on}）内发出，实际于{event.on}发出。"
        history = _breach(history, event.on, FEE_NOTICE, sentence, firm=limit.firm)
    due = due_after(reading.calendar, event.on, reading.rules.fee_term)
    return _waiting(history, Wait(WaitFor.FEE, event.on, due.on, firm=isinstance(due, Due)))


def _fee_paid(history: History, event: Event, reading: Reading) -> History:
    wait = _owed(history, WaitFor.FEE, event)
    if wait.last_on and event.on > wait.last_on and wait.firm:
        term = reading.rules.fee_term
        sentence = (
            f"费用于{event.on}缴清，晚于缴费通知次日起第{term}个工作日（{wait.last_on}）；逾期不缴的，视为放弃申请。"
        )
        history = _breach(history, event.on, FEE_NOTICE, sentence)
    return _met(history, wait, event.on)


def _asked(of: Consulted) -> "Handler":
    def handle(history: History, event: Event, reading: Reading) -> History:
        before = _last_of(history, of, event.party)
        # Asked again while the first letter waits for its answer: a reminder, which gives nobody another fifteen days.
        if before and before.answered_on is None and _still_waits(before, history, event.on, reading):
            return replace(history, reminders=(*history.reminders, (event.on, before.name)))
        return replace(history, consultations=(*history.consultations, Consultation(of, event.party, event.on)))

    return handle


def _delivered(of: Consulted) -> "Handler":
    def handle(history: History, event: Event, _: Reading) -> History:
        asked = _unanswered(history, of, event)
        if asked.delivered_on is not None:
            raise ImpossibleHistory(f"{asked.name}已于{asked.delivered_on}收到征求意见书，{event}重复。")
        return _exchange(history, asked, replace(asked, delivered_on=event.on))

    return handle


def _answered(of: Consulted) -> "Handler":
    def handle(history: History, event: Event, reading: Reading) -> History:
        asked = _unanswered(history, of, event)
        if not history.is_2007:
            last_on, firm = silence_ends(asked, reading.calendar, reading.rules)
            if event.on > last_on:
                term = reading.rules.consultation_term
                effect = "由本机关决定" if of is Consulted.THIRD_PARTY else "视为同意公开"
                sentence = f"{asked.name}的意见应当在{term}个工作日内（不晚于{last_on}）提出，实际于{event.on}收到；逾期未提出的，{effect}，期限自次日起继续计算。"
                history = _breach(history, event.on, asked.article, sentence, firm=firm)
        return _exchange(history, asked, replace(asked, answered_on=event.on))

    return handle


def _extended(history: History, event: Event, reading: Reading) -> History:
    if history.extension is not None:
        raise ImpossibleHistory(f"答复期限已于{history.extension.on}延长过，只能延长一次，不会再有{event}。")
    most = history.law.extension_term
    days = most if event.days is None else event.days
    if days > most:
        raise ImpossibleHistory(f"{event}延长了{days}个工作日，该申请适用的条例最多允许{most}个。")
    limit = reading.passed_limit(history, event.on)
    if limit:
        sentence = f"延长应当在答复期限（{limit.on}）届满前，实际于{event.on}延长，期限不因此变动。"
        history = _breach(history, event.on, history.law.article, sentence, firm=limit.firm)
    return replace(history, extension=Extension(event.on, days, in_time=limit is None))


def _delayed(history: History, event: Event, reading: Reading) -> History:
    if history.is_2007:
        sentence = "2007年公布的条例没有延迟答复的规定，期限不因此变动。"
        return _breach(history, event.on, "35", sentence)
    if limit := reading.passed_limit(history, event.on):
        sentence = f"延迟答复应当在答复期限（{limit.on}）届满前告知，实际于{event.on}告知，期限不因此变动。"
        return _breach(history, event.on, "35", sentence, firm=limit.firm)
    until = [day for day in (history.delayed_until, event.until) if day]
    return replace(history, delayed_until=max(until))


def _replied(history: History, event: Event, reading: Reading) -> History:
    closed = replace(history, closed_on=event.on)
    if limit := reading.passed_limit(closed, event.on):
        sentence = f"答复期限为{limit.on}，实际于{event.on}答复。"
        return _breach(closed, event.on, history.law.article, sentence, firm=limit.firm)
    return closed


def _withdrawn(history: History, event: Event, _: Reading) -> History:
    return replace(history, closed_on=event.on, withdrawn=True)


Handler = Callable[[History, Event, Reading], History]

HANDLERS: Mapping[EventKind, Handler] = MappingProxyType(
    {
        EventKind.CLARIFICATION_ASKED: _clarification_asked,
        EventKind.CLARIFICATION_RECEIVED: _clarification_received,
        EventKind.THIRD_PARTY_ASKED: _asked(Consulted.THIRD_PARTY),
        EventKind.THIRD_PARTY_RECEIVED: _delivered(Consulted.THIRD_PARTY),
        EventKind.THIRD_PARTY_ANSWERED: _answered(Consulted.THIRD_PARTY),
        EventKind.AGENCY_ASKED: _asked(Consulted.AGENCY),
        EventKind.AGENCY_RECEIVED: _delivered(Consulted.AGENCY),
        EventKind.AGENCY_ANSWERED: _answered(Consulted.AGENCY),
        EventKind.EXTENDED: _extended,
        EventKind.DELAYED: _delayed,
        EventKind.FEE_NOTIFIED: _fee_notified,
        EventKind.FEE_PAID: _fee_paid,
        EventKind.REPLIED: _replied,
        EventKind.WITHDRAWN: _withdrawn,
    }
)


def _breach(history: History, on: date, article: str, sentence: str, *, firm: bool = True) -> History:
    said = sentence if firm else f"{sentence}（有关年份的放假安排尚未公布，期限为暂定。）"
    return replace(history, breaches=(*history.breaches, Breach(on, article, said)))


def _waiting(history: History, wait: Wait) -> History:
    """A second fee notice sets another last day; the clock has stood still since the first."""
    before = next((old for old in history.open_waits() if old.what is wait.what), None)
    kept = tuple(old for old in history.waits if old is not before)
    return replace(history, waits=(*kept, replace(wait, asked_on=before.asked_on) if before else wait))


def _owed(history: History, what: WaitFor, event: Event) -> Wait:
    for wait in history.waits:
        if wait.what is what and wait.received_on is None:
            return wait
    asked = EventKind.CLARIFICATION_ASKED if what is WaitFor.CLARIFICATION else EventKind.FEE_NOTIFIED
    raise ImpossibleHistory(f"{event}之前没有相应的通知（{asked}）。")


def _met(history: History, wait: Wait, on: date) -> History:
    waits = tuple(replace(old, received_on=on) if old is wait else old for old in history.waits)
    return replace(history, waits=waits)


def _last_of(history: History, of: Consulted, party: str) -> Consultation | None:
    return next((asked for asked in reversed(history.consultations) if asked.of is of and asked.party == party), None)


def _still_waits(asked: Consultation, history: History, on: date, reading: Reading) -> bool:
    return history.is_2007 or on <= silence_ends(asked, reading.calendar, reading.rules)[0]


def _unanswered(history: History, of: Consulted, event: Event) -> Consultation:
    asked = _last_of(history, of, event.party)
    if asked is None or asked.answered_on is not None:
        raise ImpossibleHistory(f"{event}之前没有相应的征求意见（{of}_asked）。")
    return asked


def _exchange(history: History, old: Consultation, new: Consultation) -> History:
    return replace(history, consultations=tuple(new if asked is old else asked for asked in history.consultations))
