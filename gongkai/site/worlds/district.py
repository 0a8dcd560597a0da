"""The fictional district (示范区): its agencies and people. No real place, no real person."""

from dataclasses import dataclass
from typing import Final

PASSWORD: Final = "gongkai-demo"  # noqa: S105 - printed by `make demo`; sample accounts exist in demos only
ROOT: Final = "shifan"
OFFICE: Final = "zhengwugongkai"


@dataclass(frozen=True, slots=True)
class Place:
    """One agency of the district: slug, code, name, kind."""

    slug: str
    code: str
    name: str
    kind: str
    prefix: str = ""


GOVERNMENT: Final = Place(ROOT, "SF001", "示范区人民政府", "government", "示政")
DISCLOSURE_OFFICE: Final = Place(OFFICE, "SF002", "示范区人民政府政务公开办公室", "internal_office", "示公开办")

IDENTITY: Final = {
    "office.address": "示范区示范路 1 号",
    "office.phone": "0000-00000000",
    "office.postcode": "000000",
    "office.email": "gongkai@shifan.example",
    "office.hours": "工作日 9:00–12:00，14:00–17:30",
    "site.domain": "www.shifan.example",
    "site.id_code": "0000000000",
    "site.icp": "演示备00000000号",
    "site.psb": "演示公网安备 00000000000000号",
    "site.undertaker": "示范区人民政府政务公开办公室",
}
"""What the footer and the report say of the district; nothing of it can be called or visited."""

_DEPARTMENTS: Final = (
    ("fagai", "发展和改革局", "示发改"),
    ("jiaoyu", "教育局", "示教"),
    ("gongxin", "工业和信息化局", "示工信"),
    ("minzheng", "民政局", "示民"),
    ("sifa", "司法局", "示司"),
    ("caizheng", "财政局", "示财"),
    ("renshe", "人力资源和社会保障局", "示人社"),
    ("ziranziyuan", "自然资源局", "示自然资"),
    ("shengtai", "生态环境局", "示环"),
    ("zhujian", "住房和城乡建设局", "示建"),
    ("jiaotong", "交通运输局", "示交"),
    ("shuili", "水利局", "示水"),
    ("nongye", "农业农村局", "示农"),
    ("shangwu", "商务局", "示商"),
    ("wenlv", "文化和旅游局", "示文旅"),
    ("weijian", "卫生健康局", "示卫"),
    ("yingji", "应急管理局", "示应急"),
    ("shenji", "审计局", "示审"),
    ("shichang", "市场监督管理局", "示市监"),
    ("tongji", "统计局", "示统"),
    ("xingzhengshenpi", "行政审批局", "示审批"),
    ("chengguan", "综合行政执法局", "示城管"),
    ("yibao", "医疗保障局", "示医保"),
    ("tuiyi", "退役军人事务局", "示退役"),
    ("linye", "林业局", "示林"),
    ("tiyu", "体育局", "示体"),
    ("jinrong", "金融工作局", "示金"),
    ("xinfang", "信访局", "示信"),
    ("dashuju", "大数据管理局", "示数"),
    ("zhaoshang", "投资促进局", "示投"),
    ("jiguan", "机关事务管理局", "示机"),
    ("dangan", "档案局", "示档"),
)
_TOWNS: Final = (
    ("linhe", "临河街道办事处"),
    ("dongmen", "东门街道办事处"),
    ("nanhu", "南湖街道办事处"),
    ("qingshi", "青石镇人民政府"),
    ("baisha", "白沙镇人民政府"),
    ("shuangqiao", "双桥镇人民政府"),
    ("yunling", "云岭乡人民政府"),
    ("heishui", "黑水镇人民政府"),
    ("songping", "松坪镇人民政府"),
    ("liufang", "柳坊乡人民政府"),
    ("shimen", "石门乡人民政府"),
)
_DISPATCHED: Final = (("gaoxin", "示范区高新园区管理委员会"), ("lingang", "示范区临港片区管理委员会"))


def departments(count: int) -> list[Place]:
    """The first `count` working departments (at most 32)."""
    return [
        Place(slug, f"SF{number:03}", f"示范区{name}", "department", prefix)
        for number, (slug, name, prefix) in enumerate(_DEPARTMENTS[:count], start=20)
    ]


def towns(count: int) -> list[Place]:
    """The first `count` towns and street offices (at most 11)."""
    return [
        Place(slug, f"SF{number:03}", name, "town", f"示{name[:2]}")
        for number, (slug, name) in enumerate(_TOWNS[:count], start=101)
    ]


def dispatched(count: int) -> list[Place]:
    """Dispatched bodies (at most 2)."""
    return [
        Place(slug, f"SF{number:03}", name, "dispatched", f"示{name[3:5]}")
        for number, (slug, name) in enumerate(_DISPATCHED[:count], start=81)
    ]


SURNAMES: Final = "沈顾许林白方秦云水石江梅叶温简路常夏柏乔虞岑费廉汤滕殷罗毕郝邬安乐于时傅皮卞齐康伍余元卜顾孟平"
"""People of the demo are a surname with a duty; they name nobody."""

SUBJECTS: Final = (
    "房屋征收补偿",
    "学生读书",
    "费用减免",
    "土地征收",
    "住房建设",
    "经济数据",
    "城市更新",
    "社会保障",
    "财政预决算",
    "环境监测",
)

DESCRIPTIONS: Final = {
    "房屋征收补偿": "申请公开{place}征收项目的补偿方案和分户评估结果。",
    "学生读书": "申请公开{place}学区划分方案和招生计划。",
    "费用减免": "申请公开{place}学费、保育费减免的依据和名额分配。",
    "土地征收": "申请公开{place}土地征收批复文件和征地补偿安置方案。",
    "住房建设": "申请公开{place}老旧小区改造计划和资金安排。",
    "经济数据": "申请公开{place}近三年规模以上工业主要经济指标。",
    "城市更新": "申请公开{place}城市更新实施单元的划定文件。",
    "社会保障": "申请公开{place}社保缴费减免企业名单和办理依据。",
    "财政预决算": "申请公开{place}部门决算中“三公”经费的明细。",
    "环境监测": "申请公开{place}地表水断面监测数据。",
}

RECORD_TITLES: Final = (
    "{place}关于{topic}工作的通知",
    "{place}{topic}情况公示",
    "{place}{year}年{topic}工作安排",
    "{place}关于{topic}有关事项的公告",
    "{topic}办事指南（{place}）",
    "{place}{topic}结果公布（第{number}期）",
)
TOPICS: Final = (
    "临时救助",
    "公益性岗位招聘",
    "安全生产检查",
    "道路养护",
    "义务教育招生",
    "食品抽检",
    "保障性住房分配",
    "财政资金拨付",
    "环境质量监测",
    "惠企政策兑现",
    "水利工程",
    "文化惠民活动",
    "疫苗接种",
    "建设用地批后公示",
    "农机购置补贴",
    "行政权力清单调整",
)
