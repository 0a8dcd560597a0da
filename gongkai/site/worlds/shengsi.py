"""`shengsi-2017`: the form of 2014, an office's own table, with the inconsistency that seed 003 prints."""

from datetime import date
from decimal import Decimal
from functools import partial

from gongkai.site.worlds.building import Builder
from gongkai.site.worlds.district import Place, departments, towns
from gongkai.site.worlds.planning import PlannedApplication, plan_records
from gongkai.site.worlds.reports import write_report
from gongkai.site.worlds.sample_world import returned_figures

NAME = "shengsi-2017"
WEBSITE, WECHAT, OTHER = 6563, 390, 1325
NORMATIVE = 17
IN_ADDITION = (
    "规范性文件 17 件在门户之外另外统计，按办公室的口径加进总数；它们已在政府网站公开，因此总数比各渠道之和多 17。"
)


def build(builder: Builder) -> None:
    """The office of a county reports for itself alone; departments and towns report elsewhere."""
    office = Place("xinxi", "SF003", "示范区人民政府信息中心", "internal_office")
    builder.found([*departments(8), *towns(4)], quiet_offices=[office])
    year, random = builder.year, builder.random
    own = ["shifan", "zhengwugongkai", "xinxi"]
    days = partial(plan_records, first=date(year, 1, 3), last=date(year, 12, 26), random=random)
    documents = days(NORMATIVE, channels=("website",), issued_within=True)
    builder.normative_documents(["shifan"], documents)
    builder.publish(own, days(WEBSITE - NORMATIVE, channels=("website",)))
    builder.publish(own, days(WECHAT, channels=("wechat",)))
    builder.publish(own, days(OTHER, channels=("other_channel",)))
    builder.receive_and_close(
        ["shifan"],
        [
            PlannedApplication(
                date(year, month, 14),
                "commercial_enterprise",
                "online",
                date(year, month, 27),
                "refused.third_party_rights.trade_secret",
            )
            for month in (3, 9)
        ],
    )
    builder.file(returned_figures(NAME), ["shifan"], note="办公室年度统计")
    builder.file({"records.published.total": Decimal(17)}, ["shifan"], note="办公室年度统计", in_addition=IN_ADDITION)
    write_report(builder, SECTIONS, scope="own")


SECTIONS = {
    "一": (
        "2017年，共主动公开政府信息 {{records.published.total}} 条，其中通过政府网站公开 {{records.published.website}} 条，"
        "政务微信公开 {{records.published.wechat}} 条，其他方式公开 {{records.published.other_channel}} 条。\n\n"
        "共受理依申请公开 {{applications.new.total}} 件，均通过网络申请（{{applications.received.online}} 件），"
        "已在规定的期限内全部办理完毕；收费 {{applications.fees}} 元。"
    ),
}
