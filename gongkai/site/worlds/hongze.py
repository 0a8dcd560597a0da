"""`hongze-2024`: the form of 2021; the table of a published report of 2024 whose row 其他处理 has the shape of 2019."""

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

NAME = "hongze-2024"
ISSUED, IN_FORCE = 3, 8
RECORDS = 2460


def build(builder: Builder) -> None:
    """A district with 26 departments, 9 towns and two dispatched bodies."""
    builder.found([*departments(26), *dispatched(2), *towns(9)])
    year, random = builder.year, builder.random
    normative_stock(builder, ["shifan", "caizheng"], issued=ISSUED, earlier=IN_FORCE - ISSUED)
    everybody = ["shifan", *builder.of_kind("department", "dispatched", "town")]
    days = partial(plan_records, first=date(year, 1, 3), last=date(year, 12, 25), random=random)
    builder.publish(
        everybody,
        [
            *days(RECORDS // 2, channels=("website",)),
            *days(RECORDS // 3, channels=("website", "wechat")),
            *days(RECORDS // 6, channels=("website", "wechat", "weibo")),
        ],
    )
    cells = whole_cells(NAME)
    applications_and_remedies(
        builder,
        ["ziranziyuan", "zhujian", "jiaoyu", "minzheng", "renshe", "chengguan", "shifan", "linhe", "qingshi", "gaoxin"],
        outcomes={},
        channels={"online": 61, "letter": 26, "in_person": 8},
        cells=cells,
        form_code="2021",
    )
    builder.file(returned_figures(NAME), ["xingzhengshenpi", "shichang", "chengguan", "caizheng"], split=3)
    write_report(builder, SECTIONS)


SECTIONS = {
    "一": (
        "主动公开：全年主动公开政府信息 {{records.published.total}} 条，制发行政规范性文件 {{normative.issued}} 件。\n\n"
        "依申请公开：全年新收申请 {{applications.new.total}} 件，办结 {{applications.closed_total.total}} 件，"
        "结转下年度 {{applications.carried_over.total}} 件。\n\n"
        "监督保障：行政复议 {{remedies.reconsideration.total}} 件，行政诉讼 {{remedies.litigation.total}} 件。"
    ),
    "五": "主要问题：解读形式还不够丰富，基层公开水平不平衡。\n\n改进措施：加强业务指导，按季通报。",
    "六": "本年度没有收取政府信息公开信息处理费。",
}
