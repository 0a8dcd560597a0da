"""The state of a normative document on a day (国办发〔2018〕37号, law sheet documents-and-decisions section 1).

`valid_until` is the last day of validity: the day after, the document has lapsed whether anybody entered it or not. The
days of repeal and lapse are those from which it is no longer in force. A document that ran out and is then repealed by
name, as happens in a stocktake (清理), has lapsed until that day and is repealed from it on.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q

from gongkai.ledgers.normative.models import NormativeDocument

ONE_DAY = timedelta(days=1)
EXPIRED = "有效期届满"


class State(StrEnum):
    """States; `word` is what is shown, `tone` its colour."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    EXPIRING = "expiring"
    REPEALED = "repealed"
    LAPSED = "lapsed"

    @property
    def word(self) -> str:
        """What is shown."""
        return _WORDS[self][0]

    @property
    def tone(self) -> str:
        """good, warn, bad or empty."""
        return _WORDS[self][1]


_WORDS = {
    State.NOT_YET: ("尚未施行", ""),
    State.IN_FORCE: ("现行有效", "good"),
    State.EXPIRING: ("即将届满", "warn"),
    State.REPEALED: ("废止", "bad"),
    State.LAPSED: ("失效", "bad"),
}


@dataclass(frozen=True, slots=True)
class End:
    """From which day a document is no longer in force, how, and by what."""

    state: State
    on: date
    by: str


def end_of(document: NormativeDocument, day: date) -> End | None:
    """The end that the document had come to by the end of a day, or None while it has not."""
    if document.repealed_on is not None and document.repealed_on <= day:
        return End(State.REPEALED, document.repealed_on, document.ended_by)
    if document.lapsed_on is not None and document.lapsed_on <= day:
        return End(State.LAPSED, document.lapsed_on, document.ended_by)
    if document.valid_until is not None and document.valid_until < day:
        return End(State.LAPSED, document.valid_until + ONE_DAY, EXPIRED)
    return None


def state_on(document: NormativeDocument, day: date, notice_days: int) -> State:
    """The state at the end of a day; 即将届满 is in force with at most `notice_days` days of validity left."""
    if (end := end_of(document, day)) is not None:
        return end.state
    if document.in_force_on > day:
        return State.NOT_YET
    if document.valid_until is not None and (document.valid_until - day).days <= notice_days:
        return State.EXPIRING
    return State.IN_FORCE


def in_state(state: State, day: date, notice_days: int) -> Q:
    """The same as `state_on`, as a condition of a query."""
    repealed = Q(repealed_on__lte=day)
    lapsed = Q(lapsed_on__lte=day) | Q(valid_until__lt=day)
    begun = Q(in_force_on__lte=day)
    soon = Q(valid_until__lte=day + timedelta(days=notice_days))
    conditions = {
        State.REPEALED: repealed,
        State.LAPSED: lapsed & ~repealed,
        State.NOT_YET: ~begun & ~lapsed & ~repealed,
        State.EXPIRING: soon & begun & ~lapsed & ~repealed,
        State.IN_FORCE: ~soon & begun & ~lapsed & ~repealed,
    }
    return conditions[state]
