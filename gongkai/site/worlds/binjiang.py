"""`binjiang-2017`: the form of 2014; the text of seed 002, most of whose figures come from a service hall's returns."""

from datetime import date
from decimal import Decimal
from functools import partial

from gongkai.site.worlds.building import Builder
from gongkai.site.worlds.district import departments, towns
from gongkai.site.worlds.planning import PlannedApplication, plan_records, plan_remedies, spread, working_days
from gongkai.site.worlds.reports import write_report

WEBSITE, WEIBO, WECHAT = 590, 612, 405
EARLIER_INFORMATION, UPDATES = 1315, 5120
APPLICATIONS = 164
REMEDIES = {
    ("reconsideration", "upheld"): 4,
    ("reconsideration", "corrected"): 1,
    ("reconsideration", "other_result"): 7,
    ("direct_suit", "upheld"): 1,
    ("suit_after_reconsideration", "upheld"): 1,
    ("direct_suit", "corrected"): 1,
    ("suit_after_reconsideration", "corrected"): 1,
    ("direct_suit", "other_result"): 2,
}
HALL: dict[str, Decimal | int] = {
    "services.hall.visitors": 1221900,
    "services.hall.cases": 1866000,
    "services.hall.closed_share": Decimal("99.47"),
    "services.hall.satisfied_share": Decimal("99.03"),
    "services.hall.one_window_fields": 7,
    "services.hall.items_moved_in": 461,
    "services.hall.items_moved_in_share": 100,
    "services.items": 510,
    "services.one_visit.items": 488,
    "services.one_visit.share": Decimal("95.69"),
    "services.hall.visitors.growth": Decimal("18.72"),
    "services.hall.cases.growth": Decimal("27.01"),
}
OFFICE: dict[str, Decimal | int] = {
    "data_exchange.servers": 6,
    "data_exchange.records": 133450,
    "office_system.users": 3060,
    "supervision.training.courses": 1,
}


def build(builder: Builder) -> None:
    """A development district; the table of its office counts the office alone, applications the whole district."""
    builder.found([*departments(24), *towns(3)])
    year, random = builder.year, builder.random
    days = partial(plan_records, first=date(year, 1, 3), last=date(year, 12, 25), random=random)
    before = partial(plan_records, first=date(2012, 1, 4), last=date(year - 1, 12, 20), random=random)
    own = ["shifan", "zhengwugongkai"]
    for channel, count in (("website", WEBSITE), ("weibo", WEIBO), ("wechat", WECHAT)):
        builder.publish(own, days(count, channels=(channel,)))
    builder.publish(own, before(EARLIER_INFORMATION, channels=("website",)))
    updates = before(UPDATES, channels=("website",), government_information=False)
    builder.publish(own, updates)
    builder.receive_and_close(["zhujian", "ziranziyuan", "shifan", "linhe", "chengguan"], _applications(builder))
    builder.cases(["zhujian", "shifan", "ziranziyuan"], plan_remedies(REMEDIES, year=year, random=random))
    builder.file(HALL, ["xingzhengshenpi"], note="办事服务大厅年度统计")
    builder.file(OFFICE, ["shifan"], note="办公室年度统计")
    write_report(builder, SECTIONS)


def _applications(builder: Builder) -> list[PlannedApplication]:
    year, random = builder.year, builder.random
    days = spread(random, working_days(date(year, 1, 4), date(year, 11, 24)), APPLICATIONS)
    outcomes = (
        "granted",
        "granted.already_public",
        "unavailable.nonexistent",
        "not_processed.petition_or_complaint",
        "unavailable.other_agency",
        "partly_granted",
    )
    return [
        PlannedApplication(
            day,
            "natural_person",
            ("online", "letter")[index % 2],
            working_days(day, date(year, 12, 31))[random.randrange(3, 13)],
            outcomes[index % len(outcomes)],
        )
        for index, day in enumerate(days)
    ]


SECTIONS = {
    "一": (
        "2017年，区共受理申请人依申请公开事项 {{applications.new.total}} 件，并已依法予以答复。"
        "因政府信息公开引起的行政复议 {{remedies.reconsideration.total}} 件，行政诉讼 {{remedies.litigation.total}} 件。"
    ),
}
