"""The clock of one application, derived from its events: 条例711 art. 30 and 32 to 35, 2007 text art. 24, fees by 109号.

`reckon(case, calendar)` answers for one day what the law says of it; `what_would_move` says what would change the limit.
"""

from gongkai.core.law.clock.case import Case, read_case, read_day
from gongkai.core.law.clock.events import Event, EventKind, ImpossibleHistory
from gongkai.core.law.clock.history import Breach
from gongkai.core.law.clock.moves import Move, what_would_move
from gongkai.core.law.clock.reckoning import Clock, Day, State, reckon
from gongkai.core.law.clock.rules import ClockRules

__all__ = [
    "Breach",
    "Case",
    "Clock",
    "ClockRules",
    "Day",
    "Event",
    "EventKind",
    "ImpossibleHistory",
    "Move",
    "State",
    "read_case",
    "read_day",
    "reckon",
    "what_would_move",
]
