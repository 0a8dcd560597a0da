"""`wuding-2020`: the form of 2019; table and most figures of the text of seed 004."""

from datetime import date
from functools import partial

from gongkai.site.worlds.building import Builder
from gongkai.site.worlds.district import Place, departments, towns
from gongkai.site.worlds.planning import plan_records
from gongkai.site.worlds.reports import write_report
from gongkai.site.worlds.sample_world import (
    applications_and_remedies,
    normative_stock,
    returned_figures,
    whole_cells,
)

NAME = "wuding-2020"
WEBSITE_ITEMS = 5488
ISSUED, STANDING = 3, 33
TOPICS = (
    # code, name, how many this year, by whom
    ("six_stabilities", "“六稳”“六保”", 26, ("fagai", "renshe")),
    ("key_fields", "重点领域信息", 605, ("caizheng", "minzheng", "zhujian", "ziranziyuan")),
    ("statistics", "统计信息", 60, ("tongji",)),
    ("civil_service_recruitment", "公务员招考", 12, ("renshe",)),
    ("epidemic", "疫情防控", 396, ("weijian", "shifan")),
    ("executive_meetings", "政府常务会议", 19, ("shifan",)),
    ("budgets", "财政预决算", 286, ("caizheng",)),
    ("enforcement", "行政处罚事项", 148, ("shichang", "chengguan")),
    ("policy_documents", "政府文件", 73, ("shifan",)),
    ("proposals", "人大代表建议、政协提案办理", 158, ("shifan", "jiaoyu", "zhujian", "nongye")),
)
NEWS = 1800
INTERNAL_OFFICES = (
    "秘书股",
    "综合股",
    "信息股",
    "督查室",
    "法制股",
    "人事股",
    "财务股",
    "机要室",
    "值班室",
    "调研室",
    "后勤服务股",
)


def build(builder: Builder) -> None:
    """A county with 32 departments and 11 towns; its office has twelve internal offices, the disclosure office among them."""
    offices = [
        Place(f"bangongshi{number:02}", f"SF0{number + 2:02}", f"示范区人民政府{name}", "internal_office")
        for number, name in enumerate(INTERNAL_OFFICES, start=1)
    ]
    builder.found([*departments(32), *towns(11)], quiet_offices=offices)
    year, random = builder.year, builder.random
    fresh = partial(plan_records, first=date(year, 1, 3), last=date(year, 12, 25), channels=("website",), random=random)
    normative_stock(builder, ["shifan"], issued=ISSUED, earlier=STANDING - ISSUED)
    for code, name, count, slugs in TOPICS:
        builder.category(code, name)
        builder.publish(list(slugs), fresh(count, topic=code))
    plain = WEBSITE_ITEMS - sum(count for _, _, count, _ in TOPICS) - ISSUED - NEWS
    everybody = builder.of_kind("department", "town")
    builder.publish(everybody, fresh(plain))
    builder.publish(["shifan", *builder.of_kind("town")], fresh(NEWS, government_information=False))
    applications_and_remedies(
        builder, ["ziranziyuan"], outcomes={}, channels={"letter": 1}, cells=whole_cells(NAME), form_code="2019"
    )
    builder.file(returned_figures(NAME), ["xingzhengshenpi", "shichang", "chengguan", "caizheng"], split=2)
    builder.file({"applications.fees": 0}, ["shifan"], note="全年没有收取信息处理费")
    builder.file({"interpretations.published": 24}, ["shifan"], note="政策解读专栏统计")
    write_report(builder, SECTIONS)


SECTIONS = {
    "一": (
        "2020年，县政府网站共发布信息 {{records.website_items.total}} 条，其中公开“六稳”“六保”有关信息 "
        "{{records.topic.six_stabilities}} 条，重点领域信息 {{records.topic.key_fields}} 条，统计信息 "
        "{{records.topic.statistics}} 条，公务员招考信息 {{records.topic.civil_service_recruitment}} 条，财政预决算信息 "
        "{{records.topic.budgets}} 条。\n\n全年接收依申请公开 {{applications.new.total}} 件，办理完成 "
        "{{applications.closed_total.total}} 件；行政复议 {{remedies.reconsideration.total}} 件，行政诉讼 "
        "{{remedies.litigation.total}} 件。"
    ),
    "五": "主要问题：一是公开队伍以兼职为主，二是公开内容的时效性还要提高。\n\n改进措施：加强培训，逐月通报。",
    "六": "本年度收取信息处理费 {{applications.fees}} 元。",
}
