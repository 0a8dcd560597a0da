"""What happened to one application, as facts: the events of a list, matched question to answer."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.core.law.deadlines import LAW_2007, ReplyLaw


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that was broken by what happened. `article` is of the text that the case keeps, or the notice (109号)."""

    on: date
    article: str
    sentence: str


class Consulted(StrEnum):
    """Whose opinion is asked: art. 32 or art. 34."""

    THIRD_PARTY = "third_party"
    AGENCY = "agency"


CONSULTED_NAMES = {Consulted.THIRD_PARTY: "第三方", Consulted.AGENCY: "其他机关"}


@dataclass(frozen=True, slots=True)
class Consultation:
    """One party asked for its opinion. Its term runs from `delivered_on`, where that is not known from `asked_on`."""

    of: Consulted
    party: str
    asked_on: date
    delivered_on: date | None = None
    answered_on: date | None = None

    @property
    def name(self) -> str:
        """第三方 or 其他机关; the party is named where it is not the only one."""
        return CONSULTED_NAMES[self.of] + (f"（{self.party}）" if self.party != "1" else "")

    @property
    def article(self) -> str:
        """The article under which it is asked."""
        return "32" if self.of is Consulted.THIRD_PARTY else "34"


class WaitFor(StrEnum):
    """What the applicant owes: a supplement (art. 30) or the fee (109号)."""

    CLARIFICATION = "补正"
    FEE = "缴费"


@dataclass(frozen=True, slots=True)
class Wait:
    """Waiting for the applicant since `asked_on`. `last_on` is the last day in time where one is known.

    `firm` is false where that day lies in a year without a notice: an application is not held abandoned on a guess.
    """

    what: WaitFor
    asked_on: date
    last_on: date | None = None
    firm: bool = True
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """The one extension, in working days; granted after the limit it moves nothing."""

    on: date
    days: int
    in_time: bool


@dataclass(frozen=True, slots=True)
class History:
    """The facts of one application up to its last event. `delayed_until` counts only what was told before the limit."""

    received_on: date
    law: ReplyLaw
    arrived_on: date | None = None
    consultations: tuple[Consultation, ...] = ()
    waits: tuple[Wait, ...] = ()
    extension: Extension | None = None
    delayed_until: date | None = None
    closed_on: date | None = None
    withdrawn: bool = False
    breaches: tuple[Breach, ...] = ()
    reminders: tuple[tuple[date, str], ...] = ()
    """Parties asked again before they had answered: day and name. The first letter counts."""

    @property
    def is_2007(self) -> bool:
        """Whether the case keeps the text of 2007, for good: it was received before the new text came into force."""
        return self.law is LAW_2007

    @property
    def clarified_once(self) -> bool:
        """Whether a supplement was asked for; the law allows it once."""
        return any(wait.what is WaitFor.CLARIFICATION for wait in self.waits)

    def open_waits(self) -> tuple[Wait, ...]:
        """What the applicant still owes."""
        return tuple(wait for wait in self.waits if wait.received_on is None)
