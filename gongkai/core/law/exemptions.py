"""Grounds on which information is not disclosed: regulations art. 14 (must not), 15 (third parties), 16 (need not)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Exemption:
    """A ground for withholding. `effect` is worded as in the article, `exception` says when it is disclosed still.

    `outcome` is the outcome of an application that is refused on this ground.
    """

    code: str
    label: str
    article: str
    effect: Literal["不予公开", "不得公开", "可以不予公开"]
    outcome: str
    exception: str = ""


_THIRD_PARTY = "第三方同意公开，或者行政机关认为不公开会对公共利益造成重大影响的，予以公开"
_RULE_SAYS_OTHERWISE = "法律、法规、规章规定应当公开的，从其规定"
_GROUNDS = (
    Exemption("state_secret", "依法确定为国家秘密", "14", "不予公开", "refused.state_secret"),
    Exemption("prohibited_by_law", "法律、行政法规禁止公开", "14", "不予公开", "refused.prohibited_by_law"),
    Exemption(
        "security_and_stability",
        "公开后可能危及国家安全、公共安全、经济安全、社会稳定",
        "14",
        "不予公开",
        "refused.security_and_stability",
    ),
    Exemption(
        "trade_secret",
        "涉及商业秘密，公开会对第三方合法权益造成损害",
        "15",
        "不得公开",
        "refused.third_party_rights.trade_secret",
        _THIRD_PARTY,
    ),
    Exemption(
        "personal_privacy",
        "涉及个人隐私，公开会对第三方合法权益造成损害",
        "15",
        "不得公开",
        "refused.third_party_rights.personal_privacy",
        _THIRD_PARTY,
    ),
    Exemption(
        "internal_affairs",
        "人事管理、后勤管理、内部工作流程等内部事务信息",
        "16(1)",
        "可以不予公开",
        "refused.internal_affairs",
    ),
    Exemption(
        "deliberative",
        "讨论记录、过程稿、磋商信函、请示报告等过程性信息",
        "16(2)",
        "可以不予公开",
        "refused.deliberative",
        _RULE_SAYS_OTHERWISE,
    ),
    Exemption(
        "enforcement_file",
        "行政执法案卷信息",
        "16(2)",
        "可以不予公开",
        "refused.enforcement_file",
        _RULE_SAYS_OTHERWISE,
    ),
)

EXEMPTIONS: Mapping[str, Exemption] = MappingProxyType({ground.code: ground for ground in _GROUNDS})
"""Every ground by its code, in the order of the articles. What no ground covers is disclosed (art. 13)."""
