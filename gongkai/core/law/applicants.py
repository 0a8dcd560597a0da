"""The kinds of applicant (申请人情况) that table three of the forms of 2019 and 2021 tells apart."""

from collections.abc import Mapping
from types import MappingProxyType

APPLICANT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "natural_person": "自然人",
        "commercial_enterprise": "商业企业",
        "research_institution": "科研机构",
        "public_interest_organization": "社会公益组织",
        "legal_service_organization": "法律服务机构",
        "other_organization": "其他法人或其他组织",
    }
)
"""Code and name to choose by, in the order of the columns; the printed head of a column is that of the form."""


def is_organization(kind: str) -> bool:
    """Whether the kind is one of 法人或其他组织. Raises KeyError for a kind that does not exist."""
    APPLICANT_KINDS[kind]
    return kind != "natural_person"
