"""How an agency is reached and what its site says of itself: office settings, printed in the report and in the footer.

Footer elements: 国办发〔2017〕47号. Contact in the opening of a report: as the published reports print it.
"""

from dataclasses import dataclass
from datetime import date

from gongkai.base.office_settings import declare
from gongkai.ledgers.agencies.settings import settings_in_force
from gongkai.ledgers.agencies.tree import Tree

_CONTACT = "年报开头和网站页脚印出的联系方式 [V: 公布的年报]"
_FOOTER = "国办发〔2017〕47号页脚要素 [V]"

for _key, _name, _meaning, _source in (
    ("office.address", "办公地址", "公开工作机构的办公地址。", _CONTACT),
    ("office.phone", "联系电话", "公开工作机构的联系电话。", _CONTACT),
    ("office.postcode", "邮政编码", "公开工作机构的邮政编码。", _CONTACT),
    ("office.email", "电子邮箱", "公开工作机构的电子邮箱。", _CONTACT),
    ("office.hours", "办公时间", "公开工作机构的办公时间。", _CONTACT),
    ("site.domain", "网站域名", "门户网站的域名，年报里写明从哪里下载。", _FOOTER),
    ("site.id_code", "网站标识码", "政府网站标识码，十位。", _FOOTER),
    ("site.icp", "ICP备案编号", "ICP备案编号。", _FOOTER),
    ("site.psb", "公安机关备案标识", "公安机关备案编号。", _FOOTER),
    ("site.organizer", "主办单位", "网站主办单位；空着用本单位名称。", _FOOTER),
    ("site.undertaker", "承办单位", "网站承办单位。", _FOOTER),
):
    declare(_key, name=_name, default="", meaning=_meaning, source=_source)


@dataclass(frozen=True, slots=True)
class Identity:
    """Contact and site of an agency; an empty text where nothing is set."""

    name: str
    address: str
    phone: str
    postcode: str
    email: str
    hours: str
    domain: str
    id_code: str
    icp: str
    psb: str
    organizer: str
    undertaker: str


def identity_of(agency_id: int, on: date, tree: Tree) -> Identity:
    """The identity of an agency on a day, its own or that of the nearest agency above that has one. One query."""
    values = {key: str(held.value or "") for key, held in settings_in_force(agency_id, on, tree=tree).items()}
    name = tree.name(agency_id)
    return Identity(
        name=name,
        **{field: values[f"office.{field}"] for field in ("address", "phone", "postcode", "email", "hours")},
        **{field: values[f"site.{field}"] for field in ("domain", "id_code", "icp", "psb", "undertaker")},
        organizer=values["site.organizer"] or name,
    )
