"""Ways in which an application arrives and channels of publication, as the form of 2014 tells them apart."""

from collections.abc import Mapping
from types import MappingProxyType

RECEIPT_CHANNELS: Mapping[str, str] = MappingProxyType(
    {"in_person": "当面", "fax": "传真", "online": "网络", "letter": "信函"}
)
"""The four ways of receipt, in the order of the form."""

PUBLICATION_CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        "gazette": "政府公报",
        "website": "政府网站",
        "weibo": "政务微博",
        "wechat": "政务微信",
        "other_channel": "其他方式",
    }
)
"""The five channels of publication, in the order of the form; each outlet belongs to one."""
