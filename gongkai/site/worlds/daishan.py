"""`daishan-2020`: no table (seed 000 lost it), but a text full of figures from the ledgers and from returns."""

from datetime import date
from decimal import Decimal
from functools import partial

from gongkai.site.worlds.building import Builder
from gongkai.site.worlds.district import departments, dispatched, towns
from gongkai.site.worlds.planning import PlannedApplication, plan_records, spread, working_days
from gongkai.site.worlds.reports import write_report

RECORDS = 10280
NORMATIVE = 27
APPLICATIONS, CARRIED_OVER = 27, 3
TOPICS = (
    ("job_offers", "招聘信息", 1453, "renshe"),
    ("employment_assistance", "就业救助", 45, "renshe"),
    ("epidemic", "疫情防控", 103, "weijian"),
    ("health", "阳光用药", 15, "weijian"),
    ("education_assistance", "教育救助", 6, "jiaoyu"),
    ("school_admission", "招生", 4, "jiaoyu"),
    ("private_education", "民办教育", 8, "jiaoyu"),
    ("pollution_monitoring", "监督性监测", 13, "shengtai"),
    ("drinking_water", "集中式饮用水水质", 4, "shengtai"),
    ("audit", "审计公开", 39, "shenji"),
    ("emergency_orders", "防汛防台指令", 15, "yingji"),
)
RETURNS: dict[str, dict[str, Decimal | int]] = {
    "xingzhengshenpi": {
        "services.items": 2338,
        "services.hall.items_online": 1239,
        "services.hall.intake_share": Decimal("93.75"),
        "services.one_thing.counter": 39,
        "services.one_thing.online": 32,
        "services.one_thing.mobile": 22,
        "services.one_thing.local": 6,
        "services.mobile_application.registered_users": 73240,
        "services.mobile_application.registered_share": Decimal("36.58"),
    },
    "chengguan": {"enforcement.items": 3081, "enforcement.cases": 6331},
    "renshe": {"services.job_seekers": 92},
    "yingji": {"emergency.responses": 6},
    "shifan": {
        "interaction.press_conferences.held_or_attended": 32,
        "interaction.online_interviews": 1,
        "supervision.training.courses": 1,
    },
}
OUTCOMES = (
    "granted",
    "granted.already_public",
    "partly_granted",
    "unavailable.nonexistent",
    "unavailable.other_agency",
    "not_processed.petition_or_complaint",
    "refused.deliberative",
    "refused.administrative_inquiry",
)


def build(builder: Builder) -> None:
    """An island county: 22 departments, 2 dispatched bodies, 7 towns."""
    builder.found([*departments(22), *dispatched(2), *towns(7)])
    year, random = builder.year, builder.random
    fresh = partial(plan_records, first=date(year, 1, 3), last=date(year, 12, 25), channels=("website",), random=random)
    issued = fresh(NORMATIVE, issued_within=True)
    builder.normative_documents(["shifan", "fagai", "zhujian", "jiaoyu", "weijian"], issued)
    for code, name, count, slug in TOPICS:
        builder.category(code, name)
        builder.publish([slug], fresh(count, topic=code))
    rest = RECORDS - NORMATIVE - sum(count for _, _, count, _ in TOPICS)
    builder.publish(["shifan", *builder.of_kind("department", "town", "dispatched")], fresh(rest))
    builder.receive_and_close(["ziranziyuan", "zhujian", "shifan", "linhe", "fagai"], _applications(builder))
    for slug, figures in RETURNS.items():
        builder.file(figures, [slug])
    write_report(builder, SECTIONS)


def _applications(builder: Builder) -> list[PlannedApplication]:
    year, random = builder.year, builder.random
    closed = APPLICATIONS - CARRIED_OVER
    days = spread(random, working_days(date(year, 1, 6), date(year, 11, 20)), closed)
    late = spread(random, working_days(date(year, 12, 14), date(year, 12, 30)), CARRIED_OVER)
    planned = []
    for index, day in enumerate([*days, *late]):
        kind = "commercial_enterprise" if index % 9 == 4 else "natural_person"
        channel = ("online", "letter", "in_person")[index % 3]
        if index < closed:
            ended = working_days(day, date(year, 12, 31))[random.randrange(4, 17)]
            planned.append(PlannedApplication(day, kind, channel, ended, OUTCOMES[index % len(OUTCOMES)]))
        else:
            planned.append(PlannedApplication(day, kind, channel, None, ""))
    return planned


SECTIONS = {
    "一": (
        "全年累计主动公开各类政府信息 {{records.published.total}} 条，发布规范性文件 {{normative.issued}} 个，"
        "召开新闻发布会 {{interaction.press_conferences.held_or_attended}} 次。受理政府信息公开申请 {{applications.new.total}} 件，"
        "除 {{applications.carried_over.total}} 件未到期外，其他全部答复完成。"
    ),
    "五": "主要问题：平台与新媒体分属不同系统，同一信息要发布多次。\n\n改进措施：一次录入，多处发布。",
    "六": "没有其他需要报告的事项。",
}
