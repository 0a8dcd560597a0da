"""The events from which a clock is derived, as the contract of `gongkai clock` names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class ImpossibleHistory(ValueError):
    """Events that cannot have happened, or cannot be read; `str()` is one sentence. Late events are never refused."""


class EventKind(StrEnum):
    """What happened. The third party and the co-making agency are asked, receive the letter, and answer."""

    ARRIVED = "arrived"
    RECEIVED = "received"
    CLARIFICATION_ASKED = "clarification_asked"
    CLARIFICATION_RECEIVED = "clarification_received"
    THIRD_PARTY_ASKED = "third_party_asked"
    THIRD_PARTY_RECEIVED = "third_party_received"
    THIRD_PARTY_ANSWERED = "third_party_answered"
    AGENCY_ASKED = "agency_asked"
    AGENCY_RECEIVED = "agency_received"
    AGENCY_ANSWERED = "agency_answered"
    EXTENDED = "extended"
    DELAYED = "delayed"
    FEE_NOTIFIED = "fee_notified"
    FEE_PAID = "fee_paid"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"


NAMES: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.ARRIVED: "申请送达",
        EventKind.RECEIVED: "收到申请",
        EventKind.CLARIFICATION_ASKED: "告知补正",
        EventKind.CLARIFICATION_RECEIVED: "收到补正",
        EventKind.THIRD_PARTY_ASKED: "征求第三方意见",
        EventKind.THIRD_PARTY_RECEIVED: "第三方收到征求意见书",
        EventKind.THIRD_PARTY_ANSWERED: "第三方答复",
        EventKind.AGENCY_ASKED: "征求其他机关意见",
        EventKind.AGENCY_RECEIVED: "其他机关收到征求意见书",
        EventKind.AGENCY_ANSWERED: "其他机关答复",
        EventKind.EXTENDED: "延长答复期限",
        EventKind.DELAYED: "告知延迟答复",
        EventKind.FEE_NOTIFIED: "通知缴费",
        EventKind.FEE_PAID: "缴清费用",
        EventKind.REPLIED: "答复",
        EventKind.WITHDRAWN: "撤回申请",
    }
)
"""The events in the words of the regulations."""

CONSULTING = frozenset(kind for kind in EventKind if kind.startswith(("third_party", "agency")))
"""The events that carry a party."""

WITH_UNTIL = frozenset({EventKind.CLARIFICATION_ASKED, EventKind.DELAYED})
"""The events that carry a last day."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on a day.

    `until` is the last day for the supplement (not every notice sets one) or the day named under art. 35; `days` are the
    working days of an extension, without them as many as the law of the case allows; `party` tells consultations apart.
    """

    on: date
    kind: EventKind
    party: str = "1"
    until: date | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.on:
            raise ImpossibleHistory(f"{self}所定的日期{self.until}早于当天。")
        if self.kind is EventKind.DELAYED and self.until is None:
            raise ImpossibleHistory(f"{self}没有写明延迟到哪一天（until）。")
        if self.days is not None and self.days < 1:
            raise ImpossibleHistory(f"{self}至少延长1个工作日，不能是{self.days}个。")

    def __str__(self) -> str:
        party = f"（{self.party}）" if self.kind in CONSULTING and self.party != "1" else ""
        return f"{self.on}的“{NAMES[self.kind]}{party}”"
