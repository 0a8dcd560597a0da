"""`licheng-2020`: the form of 2019; table and most figures of the text of seed 001."""

from datetime import date
from functools import partial

from gongkai.site.worlds.building import Builder
from gongkai.site.worlds.district import departments, dispatched, towns
from gongkai.site.worlds.planning import plan_records
from gongkai.site.worlds.reports import write_report
from gongkai.site.worlds.sample_world import (
    applications_and_remedies,
    normative_stock,
    returned_figures,
    whole_cells,
)

NAME = "licheng-2020"
OWN, BUREAUS, TOWNS = 82, 450, 107
ALL_OWN, ALL_BUREAUS, ALL_TOWNS = 2633, 11159, 4226
EPIDEMIC = 43
ISSUED, STANDING = 22, 53


def build(builder: Builder) -> None:
    """A district with 24 departments, 6 towns and a park; 18,018 records since 2008."""
    builder.found([*departments(24), *dispatched(1), *towns(6)])
    root, bureaus, below = ["shifan"], builder.of_kind("department"), builder.of_kind("dispatched", "town")
    year, random = builder.year, builder.random
    builder.category("epidemic", "统筹疫情防控与经济社会发展")
    # Normative documents are the government's own; they are among its records.
    normative_stock(builder, root, issued=ISSUED, earlier=STANDING - ISSUED)
    older = partial(
        plan_records, first=date(2008, 9, 1), last=date(year - 1, 12, 20), channels=("website",), random=random
    )
    fresh = partial(plan_records, first=date(year, 1, 3), last=date(year, 12, 25), channels=("website",), random=random)
    for slugs, stock, new in (
        (root, ALL_OWN - OWN - (STANDING - ISSUED), OWN - ISSUED),
        (bureaus, ALL_BUREAUS - BUREAUS, BUREAUS - EPIDEMIC),
        (below, ALL_TOWNS - TOWNS, TOWNS),
    ):
        builder.publish(slugs, older(stock))
        builder.publish(slugs, fresh(new))
    builder.publish(["weijian", "renshe", "caizheng"], fresh(EPIDEMIC, topic="epidemic"))
    applications_and_remedies(
        builder,
        ["ziranziyuan", "jiaoyu", "zhujian", "minzheng", "renshe", "shifan", "linhe"],
        outcomes={"granted": {"granted.already_public": 1, "granted": 7}},
        channels={"in_person": 3, "online": 8, "letter": 5},
        cells=whole_cells(NAME),
        form_code="2019",
    )
    builder.file(returned_figures(NAME), ["xingzhengshenpi", "shichang", "chengguan", "caizheng"], split=3)
    write_report(builder, SECTIONS)


SECTIONS = {
    "一": (
        "2020年，全区按时主动公开政府信息 {{records.published.total}} 条，受理依申请公开 {{applications.new.total}} 件，"
        "除 {{applications.carried_over.total}} 件结转下年办理外，其他全部按时办结，"
        "超期公开 {{records.published.late}} 条。\n\n"
        "全年收到的申请中，当面申请 {{applications.received.in_person}} 件，网络申请 {{applications.received.online}} 件，"
        "信函申请 {{applications.received.letter}} 件；已办结的 {{applications.closed_total.total}} 件中，"
        "属于已主动公开 {{applications.replied.already_public}} 件，同意公开 {{applications.replied.granted}} 件，"
        "无法提供 {{applications.unavailable.total}} 件，不予处理 {{applications.not_processed.total}} 件。"
    ),
    "五": (
        "主要问题：一是公开意识还要加强，二是公开内容的时效性还要提高，三是队伍以兼职为主、调动频繁。\n\n"
        "改进措施：一是加强培训，二是逐月通报，三是一次录入、多处发布。"
    ),
    "六": "本年度没有收取政府信息公开信息处理费，没有其他需要报告的事项。",
}
