"""Indicators that no ledger counts yet: they arrive only as totals (填报). Data, one line each.

Names are those of `core/seeds/figures.json` where it states the figure. `stock` is a state at the end of the period: the
latest return of each agency counts; `flow` is what happened in it: returns of parts of the period are added up.
Money is 元. A figure without a return is unknown (未填), never 0.
"""

from gongkai.reporting.indicators import Indicator, register

STOCK, FLOW = True, False
_PORTAL_ITEM = "《政府信息公开条例》第二十条"
_FORM_2014 = "国办发〔2014〕32号"

# name, title, unit, stock or flow, basis; then what differs: signed, decimals
_TABLE: tuple[tuple[str, str, str, bool, str], ...] = (
    # Table two of the forms of 2019 and 2021
    ("open_data.permits.items_last_year", "行政许可上一年项目数量", "项", STOCK, f"{_PORTAL_ITEM}第（五）项"),
    ("open_data.permits.change", "行政许可项目本年增减", "项", FLOW, f"{_PORTAL_ITEM}第（五）项"),
    ("open_data.permits.rulings", "行政许可处理决定数量", "件", FLOW, f"{_PORTAL_ITEM}第（五）项"),
    (
        "open_data.other_services.items_last_year",
        "其他对外管理服务事项上一年项目数量",
        "项",
        STOCK,
        f"{_PORTAL_ITEM}第（五）项",
    ),
    ("open_data.other_services.change", "其他对外管理服务事项本年增减", "项", FLOW, f"{_PORTAL_ITEM}第（五）项"),
    ("open_data.other_services.rulings", "其他对外管理服务事项处理决定数量", "件", FLOW, f"{_PORTAL_ITEM}第（五）项"),
    ("open_data.penalties.items_last_year", "行政处罚上一年项目数量", "项", STOCK, f"{_PORTAL_ITEM}第（六）项"),
    ("open_data.penalties.change", "行政处罚项目本年增减", "项", FLOW, f"{_PORTAL_ITEM}第（六）项"),
    ("open_data.penalties.rulings", "行政处罚处理决定数量", "件", FLOW, f"{_PORTAL_ITEM}第（六）项"),
    (
        "open_data.compulsory_measures.items_last_year",
        "行政强制上一年项目数量",
        "项",
        STOCK,
        f"{_PORTAL_ITEM}第（六）项",
    ),
    ("open_data.compulsory_measures.change", "行政强制项目本年增减", "项", FLOW, f"{_PORTAL_ITEM}第（六）项"),
    ("open_data.compulsory_measures.rulings", "行政强制处理决定数量", "件", FLOW, f"{_PORTAL_ITEM}第（六）项"),
    (
        "open_data.administrative_fees.items_last_year",
        "行政事业性收费上一年项目数量",
        "项",
        STOCK,
        f"{_PORTAL_ITEM}第（八）项",
    ),
    ("open_data.administrative_fees.change", "行政事业性收费项目本年增减", "项", FLOW, f"{_PORTAL_ITEM}第（八）项"),
    ("open_data.administrative_fees.amount", "行政事业性收费金额", "元", FLOW, f"{_PORTAL_ITEM}第（八）项"),
    ("open_data.centralized_procurement.projects", "政府集中采购项目数量", "个", FLOW, f"{_PORTAL_ITEM}第（九）项"),
    ("open_data.centralized_procurement.amount", "政府集中采购总金额", "元", FLOW, f"{_PORTAL_ITEM}第（九）项"),
    # The form of 2014
    ("interaction.concern_responses.total", "回应公众关注热点或重大舆情数", "次", FLOW, _FORM_2014),
    ("interaction.press_conferences.held_or_attended", "参加或举办新闻发布会次数", "次", FLOW, _FORM_2014),
    ("interaction.press_conferences.by_principal", "主要负责同志参加新闻发布会次数", "次", FLOW, _FORM_2014),
    ("interaction.online_interviews", "政府网站在线访谈次数", "次", FLOW, _FORM_2014),
    ("interaction.online_interviews.by_principal", "主要负责同志参加政府网站在线访谈次数", "次", FLOW, _FORM_2014),
    ("interpretations.published", "政策解读稿件发布数", "篇", FLOW, _FORM_2014),
    ("interaction.concern_responses.weibo_wechat", "微博微信回应事件数", "次", FLOW, _FORM_2014),
    ("interaction.concern_responses.other_way", "其他方式回应事件数", "次", FLOW, _FORM_2014),
    ("supervision.complaints", "举报投诉数量", "件", FLOW, _FORM_2014),
    ("applications.fees", "依申请公开信息收取的费用", "元", FLOW, "国办函〔2020〕109号；国办发〔2014〕32号"),
    ("agencies.disclosure_offices", "政府信息公开工作专门机构数", "个", STOCK, _FORM_2014),
    ("records.reading_points", "政府信息公开查阅点数", "个", STOCK, _FORM_2014),
    ("agencies.disclosure_staff.full_time", "政府信息公开专职人员数", "人", STOCK, _FORM_2014),
    ("agencies.disclosure_staff.part_time", "政府信息公开兼职人员数", "人", STOCK, _FORM_2014),
    ("agencies.disclosure_budget", "政府信息公开专项经费", "元", FLOW, _FORM_2014),
    ("supervision.training.meetings", "政府信息公开工作会议或专题会议数", "次", FLOW, _FORM_2014),
    ("supervision.training.courses", "政府信息公开培训班次数", "次", FLOW, _FORM_2014),
    ("supervision.training.trainees", "接受政府信息公开培训人员数", "人次", FLOW, _FORM_2014),
    # Other systems, stated in the text of reports (core/seeds)
    ("data_exchange.records", "数据交换数据总量", "条", STOCK, ""),
    ("data_exchange.servers", "数据交换服务器", "台", STOCK, ""),
    ("emergency.responses", "防汛防台应急响应", "次", FLOW, ""),
    ("enforcement.cases", "行政执法平台办件", "件", FLOW, ""),
    ("enforcement.items", "纳入省统一行政执法平台的事项", "项", STOCK, ""),
    ("office_system.users", "办公平台用户", "人", STOCK, ""),
    ("services.hall.cases", "办事服务大厅受理事项", "件", FLOW, ""),
    ("services.hall.cases.growth", "办事服务大厅受理事项同比增长", "%", STOCK, ""),
    ("services.hall.closed_share", "办事服务大厅办结率", "%", STOCK, ""),
    ("services.hall.intake_share", "智慧大厅收件率", "%", STOCK, ""),
    ("services.hall.items_moved_in", "进驻中心的依申请办理事项", "项", STOCK, ""),
    ("services.hall.items_moved_in_share", "事项进驻中心率", "%", STOCK, ""),
    ("services.hall.items_online", "上线智慧大厅的事项", "个", STOCK, ""),
    ("services.hall.one_window_fields", "一窗受理业务领域", "个", STOCK, ""),
    ("services.hall.satisfied_share", "办事服务大厅满意率", "%", STOCK, ""),
    ("services.hall.visitors", "办事服务大厅接待", "人次", FLOW, ""),
    ("services.hall.visitors.growth", "办事服务大厅接待同比增长", "%", STOCK, ""),
    ("services.items", "政务服务事项", "项", STOCK, ""),
    ("services.job_seekers", "求职登记", "条", FLOW, ""),
    ("services.mobile_application.registered_share", "移动客户端注册人数占常住人口比例", "%", STOCK, ""),
    ("services.mobile_application.registered_users", "移动客户端注册人数", "人", STOCK, ""),
    ("services.one_thing.counter", "线下一窗受理的一件事", "件", STOCK, ""),
    ("services.one_thing.local", "地方特色一件事", "件", STOCK, ""),
    ("services.one_thing.mobile", "掌上可办的一件事", "件", STOCK, ""),
    ("services.one_thing.online", "网上可办的一件事", "件", STOCK, ""),
    ("services.one_visit.items", "最多跑一次事项", "项", STOCK, ""),
    ("services.one_visit.share", "最多跑一次事项占比", "%", STOCK, ""),
    ("services.towns.power_items", "街道权力事项", "个", STOCK, ""),
    ("services.towns.public_service_items", "街道公共服务事项", "个", STOCK, ""),
)

SIGNED = frozenset(name for name, *_ in _TABLE if name.endswith((".change", ".growth")))
"""May be negative."""
SHARES = frozenset(name for name, _, unit, *_ in _TABLE if unit == "%")
"""A share or growth of the whole cannot be added up over agencies: one return states it."""


def _counts(title: str, *, stock: bool) -> str:
    if stock:
        return f"各单位填报的“{title}”，取统计期内最近一次。"
    return f"各单位填报的“{title}”，统计期内各次相加。"


register(
    *(
        Indicator(
            name=name,
            title=title,
            counts=_counts(title, stock=stock),
            unit=unit,
            ledger=name.partition(".")[0]
            if name.partition(".")[0]
            in ("open_data", "interaction", "interpretations", "supervision", "applications", "agencies", "records")
            else "returns",
            basis=basis,
            kind="returns",
            is_stock=stock,
            signed=name in SIGNED,
            integral=unit not in ("元", "%"),
        )
        for name, title, unit, stock, basis in _TABLE
    ),
    Indicator(
        name="agencies.disclosure_staff.total",
        title="从事政府信息公开工作人员数",
        counts="专职人员数加兼职人员数。",
        unit="人",
        ledger="agencies",
        basis=_FORM_2014,
        kind="sum",
        parts=("agencies.disclosure_staff.full_time", "agencies.disclosure_staff.part_time"),
        is_stock=True,
    ),
)
