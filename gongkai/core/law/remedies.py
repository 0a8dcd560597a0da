"""Remedies (行政复议, 行政诉讼) and the column of table four in which a decision is counted.

Which decision counts as which result is a reading of 《行政复议法》 (2023) and 《行政诉讼法》 (2017); no rule says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

RemedyResult = Literal["upheld", "corrected", "other_result"]

REMEDY_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "reconsideration": "行政复议",
        "direct_suit": "未经复议直接起诉",
        "suit_after_reconsideration": "复议后起诉",
    }
)
REMEDY_RESULTS: Mapping[str, str] = MappingProxyType(
    {"upheld": "结果维持", "corrected": "结果纠正", "other_result": "其他结果"}
)
PENDING = "pending"
"""尚未审结: no result but the state of a case that is open on 31 December. The form of 2014 has no such column."""

RECONSIDERATION = ("reconsideration",)
SUITS = ("direct_suit", "suit_after_reconsideration")
EVERY_KIND = (*RECONSIDERATION, *SUITS)


@dataclass(frozen=True, slots=True)
class RemedyDecision:
    """How a review organ or a court ended a case: the kinds of remedy in which it occurs, its result, the articles."""

    code: str
    label: str
    kinds: tuple[str, ...]
    result: RemedyResult
    articles: tuple[str, ...] = ()


_DECISIONS = (
    # Courts upheld an act under the law before 2015; the form of 2014 still names it.
    RemedyDecision("upheld", "维持", EVERY_KIND, "upheld", ("行政复议法第六十八条",)),
    RemedyDecision("request_dismissed", "驳回行政复议请求", RECONSIDERATION, "upheld", ("行政复议法第六十九条",)),
    RemedyDecision("claims_dismissed", "驳回诉讼请求", SUITS, "upheld", ("行政诉讼法第六十九条",)),
    RemedyDecision("varied", "变更", EVERY_KIND, "corrected", ("行政复议法第六十三条",)),
    RemedyDecision("revoked", "撤销", EVERY_KIND, "corrected", ("行政复议法第六十四条", "行政诉讼法第七十条")),
    RemedyDecision(
        "declared_unlawful", "确认违法", EVERY_KIND, "corrected", ("行政复议法第六十五条", "行政诉讼法第七十四条")
    ),
    RemedyDecision(
        "ordered_to_perform", "责令履行", EVERY_KIND, "corrected", ("行政复议法第六十六条", "行政诉讼法第七十二条")
    ),
    RemedyDecision(
        "declared_void", "确认无效", EVERY_KIND, "corrected", ("行政复议法第六十七条", "行政诉讼法第七十五条")
    ),
    RemedyDecision("not_accepted", "不予受理", EVERY_KIND, "other_result"),
    RemedyDecision(
        "application_dismissed", "驳回行政复议申请", RECONSIDERATION, "other_result", ("行政复议法第三十三条",)
    ),
    RemedyDecision("suit_dismissed", "驳回起诉", SUITS, "other_result"),
    RemedyDecision("terminated", "终止", EVERY_KIND, "other_result"),
    RemedyDecision("withdrawn", "撤回", EVERY_KIND, "other_result"),
    RemedyDecision("mediated", "调解", EVERY_KIND, "other_result"),
    RemedyDecision("transferred", "移送", EVERY_KIND, "other_result"),
)

REMEDY_DECISIONS: Mapping[str, RemedyDecision] = MappingProxyType({decision.code: decision for decision in _DECISIONS})
"""Every way in which a case ends, by code."""


def decisions_of(kind: str) -> tuple[RemedyDecision, ...]:
    """The decisions that may end a remedy of that kind. Raises KeyError for a kind that does not exist."""
    REMEDY_KINDS[kind]
    return tuple(decision for decision in _DECISIONS if kind in decision.kinds)


def result_of(decision: str) -> RemedyResult:
    """The result as which table four counts a decision. Raises KeyError for a decision that does not exist."""
    return REMEDY_DECISIONS[decision].result
