"""`today`: this year under way, the form of 2021. Cases in every state, last year's report published, this year's alive."""

from datetime import date, timedelta
from functools import partial

from gongkai.base import clock
from gongkai.core.calendars import WorkCalendar
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.normative import actions as normative
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.returns import actions as returns
from gongkai.site.worlds.building import Builder
from gongkai.site.worlds.district import Place, departments, dispatched, towns
from gongkai.site.worlds.planning import (
    PlannedApplication,
    PlannedRecord,
    PlannedRemedy,
    plan_records,
    spread,
    working_days,
)
from gongkai.site.worlds.reports import finish_report, january_round, work_points, write_report

YEARS_BEFORE = 3
CHANNELS = ("online", "letter", "in_person", "online", "online", "letter")
OUTCOMES = (
    "granted",
    "granted.already_public",
    "granted",
    "partly_granted",
    "unavailable.nonexistent",
    "unavailable.other_agency",
    "refused.third_party_rights.personal_privacy",
    "refused.deliberative",
    "not_processed.petition_or_complaint",
    "unavailable.needs_creation",
    "refused.administrative_inquiry",
    "otherwise_closed.withdrawn",
)
KINDS = ("natural_person",) * 7 + ("commercial_enterprise", "legal_service_organization", "research_institution")
TOPICS = (
    ("disclosure_guide", "公开指南"),
    ("disclosure_rules", "公开制度"),
    ("relief", "社会救助"),
    ("education", "义务教育"),
    ("budgets", "财政预决算"),
    ("safety", "安全生产"),
)
APPLICATIONS = {-3: 31, -2: 39, -1: 48}
RECORDS = {-3: 420, -2: 510, -1: 640, 0: 580}


def year_and_date() -> tuple[int, date]:
    """The real date when the calendar covers it, else 31 October of the last announced year."""
    today, last = clock.localdate(), max(WorkCalendar.built_in().years)
    demo_date = today if today.year <= last else date(last, 10, 31)
    return demo_date.year, demo_date


def build(builder: Builder) -> None:
    """A district with 22 departments, 6 towns, a park, and an office that works outside the system."""
    outside = Place("qixiang", "SF091", "示范区气象局", "institution", "示气")
    first = builder.year - YEARS_BEFORE
    builder.since_year = first
    builder.found([*departments(22), *dispatched(1), *towns(6), outside], outside=("qixiang",))
    for code, name in TOPICS:
        builder.category(code, name)
    for offset in (-3, -2, -1, 0):
        _year_of_work(builder, builder.year + offset)
    _cases_in_every_state(builder)
    _guide_and_rules(builder)
    _ending_documents(builder)
    for year in range(first, builder.year):
        write_report(builder, SECTIONS, year=year)
        finish_report(builder, year=year)
    january_round(builder, year=builder.year - 1)
    _changes_after_the_freeze(builder)
    work_points(builder, POINTS)
    write_report(builder, SECTIONS, year=builder.year)


def _year_of_work(builder: Builder, year: int) -> None:
    offset, random = year - builder.year, builder.random
    last = date(year, 12, 20) if offset else builder.demo_date - timedelta(days=2)
    days = partial(plan_records, first=date(year, 1, 4), last=last, random=random)
    everybody = ["shifan", *builder.of_kind("department", "town", "dispatched")]
    count = RECORDS[offset]
    issued = days(4, channels=("website", "gazette"), issued_within=True)
    builder.normative_documents(["shifan", "caizheng", "zhujian"], issued, validity=2 if offset == -3 else 5)
    builder.publish(
        everybody,
        [
            *days(count // 2, channels=("website",)),
            *days(count // 4, channels=("website", "wechat")),
            *days(count // 12, channels=("website", "wechat", "weibo", "gazette")),
            *days(count // 12, channels=("other_channel",)),
        ],
    )
    for topic, slug in (("relief", "minzheng"), ("education", "jiaoyu"), ("budgets", "caizheng"), ("safety", "yingji")):
        builder.publish([slug], days(count // 48, channels=("website",), topic=topic))
    if offset:
        builder.receive_and_close(_handlers(), _applications(builder, year, APPLICATIONS[offset]))
        builder.cases(["ziranziyuan", "zhujian"], _remedies(year))
        builder.file(_table_two(year), ["xingzhengshenpi", "chengguan", "caizheng"], split=2, year=year)


def _handlers() -> list[str]:
    return ["ziranziyuan", "jiaoyu", "zhujian", "minzheng", "renshe", "shifan", "chengguan", "linhe", "qingshi"]


def _applications(builder: Builder, year: int, count: int) -> list[PlannedApplication]:
    """All closed within the year but the last two, which are carried over and closed in the next January."""
    random = builder.random
    planned = []
    for index, day in enumerate(spread(random, working_days(date(year, 1, 5), date(year, 11, 20)), count - 2)):
        ended = working_days(day, date(year, 12, 31))[random.randrange(5, 19)]
        planned.append(_planned(day, ended, index))
    for index, day in enumerate((date(year, 12, 17), date(year, 12, 24))):
        received = working_days(day, day + timedelta(days=5))[0]
        ended = working_days(date(year + 1, 1, 4), date(year + 1, 1, 20))[index + 3]
        planned.append(_planned(received, ended, count - 2 + index))
    return planned


def _planned(received: date, ended: date, index: int) -> PlannedApplication:
    return PlannedApplication(
        received, KINDS[index % len(KINDS)], CHANNELS[index % len(CHANNELS)], ended, OUTCOMES[index % len(OUTCOMES)]
    )


def _remedies(year: int) -> list[PlannedRemedy]:
    return [
        PlannedRemedy("reconsideration", date(year, 3, 12), date(year, 5, 11), "upheld"),
        PlannedRemedy("reconsideration", date(year, 6, 9), date(year, 8, 7), "corrected"),
        PlannedRemedy("direct_suit", date(year, 4, 20), date(year, 9, 18), "upheld"),
    ]


def _table_two(year: int) -> dict[str, int]:
    grown = year - 2020
    return {
        "open_data.permits.rulings": 8200 + 310 * grown,
        "open_data.penalties.rulings": 1900 + 45 * grown,
        "open_data.compulsory_measures.rulings": 40 + 3 * grown,
        "open_data.administrative_fees.amount": 42_150_000 + 1_250_000 * grown,
    }


def _cases_in_every_state(builder: Builder) -> None:
    """This year's applications: closed in time and late, extended, due today, due soon, overdue, just received."""
    year, today, random = builder.year, builder.demo_date, builder.random
    days = working_days(date(year, 1, 6), today - timedelta(days=45))
    closed = []
    for index, day in enumerate(spread(random, days, max(2, len(days) // 6))):
        step = 26 if index % 17 == 9 else random.randrange(4, 19)
        closed.append(_planned(day, working_days(day, today)[step], index))
    builder.receive_and_close(_handlers(), closed)
    ago = working_days(today - timedelta(days=70), today)
    overdue, due_today, due_soon, extended, fresh = ago[-24], ago[-21], ago[-19], ago[-26], ago[-3:]
    opened = builder.receive_and_close(
        ["zhujian", "jiaoyu", "ziranziyuan", "shifan", "minzheng", "linhe", "renshe"],
        [
            PlannedApplication(day, KINDS[index % len(KINDS)], CHANNELS[index], None, "")
            for index, day in enumerate((overdue, due_today, due_soon, extended, *fresh[:2]))
        ],
    )
    _extend(builder, opened[3], ago[-8])
    cases = _remedies(year)[:2] if today > date(year, 8, 8) else []
    builder.cases(["ziranziyuan", "zhujian"], cases)
    pending = working_days(date(year, 1, 6), today)[-30:][0]
    builder.cases(["jiaoyu"], [PlannedRemedy("reconsideration", pending, None, "")])
    _returns_under_way(builder)


def _extend(builder: Builder, application: Application, on: date) -> None:
    with clock.frozen(on):
        applications.extend_reply(
            application,
            by=builder.people["shifan"].approver,
            on=on,
            reason="需要检索纸质档案，二十个工作日内不能完成。",
        )


def _returns_under_way(builder: Builder) -> None:
    """The first half of the year is confirmed; the third quarter waits for the second person."""
    year, today = builder.year, builder.demo_date
    for indicator, value, slug in (
        ("open_data.permits.rulings", 4310, "xingzhengshenpi"),
        ("open_data.penalties.rulings", 1012, "chengguan"),
    ):
        people = builder.people[slug]
        halves = ((date(year, 1, 1), date(year, 6, 30), value), (date(year, 7, 1), date(year, 9, 30), value // 2))
        for number, (first, last, amount) in enumerate(halves):
            filed = last + timedelta(days=9)
            if filed > today:
                continue
            filing = returns.Filing(
                builder.agencies[slug], indicator, first, last, builder.amount(amount), evidence_note="业务系统导出"
            )
            with clock.frozen(filed):
                row = returns.file_return(filing, by=people.clerk)
                if number == 0:
                    returns.confirm_return(row, by=people.approver)


def _guide_and_rules(builder: Builder) -> None:
    day = working_days(date(builder.year, 2, 1), date(builder.year, 3, 31))[0]
    for topic, titles in (
        ("disclosure_guide", ("示范区人民政府政府信息公开指南",)),
        ("disclosure_rules", ("示范区政府信息公开审查办法", "示范区政府信息依申请公开工作规范")),
    ):
        plans = [PlannedRecord(day, day, ("website",), topic) for _ in titles]
        for record, title in zip(builder.publish(["shifan"], plans), titles, strict=True):
            with clock.frozen(day):
                records.change_record(
                    record,
                    by=builder.people["shifan"].clerk,
                    reason="写上正式名称",
                    title=title,
                    body=f"{title}。\n\n本条为演示用的合成内容。",
                )


def _ending_documents(builder: Builder) -> None:
    """One document repealed this year, one lapsed, one about to end: so that the lists show every state."""
    documents = list(NormativeDocument.objects.select_related("record").order_by("issued_on", "pk")[:4])
    clerk = builder.people["shifan"].clerk
    on = working_days(date(builder.year, 2, 1), date(builder.year, 4, 30))[10]
    with clock.frozen(on):
        normative.repeal(documents[0], on=on, by_document=f"示政〔{builder.year}〕9号", by=clerk, reason="清理后废止")
        normative.lapse(documents[1], on=date(builder.year, 1, 1), by=clerk, reason="有效期届满")
    soon = builder.demo_date + timedelta(days=24)
    with clock.frozen(builder.demo_date - timedelta(days=20)):
        normative.change_normative(documents[2], by=clerk, reason="更正有效期", valid_until=soon)


def _changes_after_the_freeze(builder: Builder) -> None:
    """A mistake of last year is put right after the report was frozen: possible, with a reason, and shown."""
    application = Application.objects.filter(closed_on__year=builder.year - 1, outcome="granted").order_by("pk").first()
    if application is None:
        return
    slug = application.agency.slug
    with clock.frozen(builder.demo_date - timedelta(days=6)):
        applications.correct_closing(
            application,
            by=builder.people[slug].clerk,
            reason="复查案卷发现实际为部分公开",
            on=application.closed_on,
            outcome="partly_granted",
            reply_number=application.reply_number,
        )


POINTS = (
    ("完善政府信息公开审查，先审查、后公开。", "已制定审查办法，逐件登记审查意见。"),
    ("规范性文件按季清理，动态更新有效目录。", "已按季公布现行有效目录。"),
    ("依申请公开统一文书，答复前法制审核。", ""),
)

SECTIONS = {
    "一": (
        "主动公开：全年主动公开政府信息 {{records.published.total}} 条，其中政府网站 {{records.published.website}} 条，"
        "政务微信 {{records.published.wechat}} 条；制发行政规范性文件 {{normative.issued}} 件。\n\n"
        "依申请公开：新收申请 {{applications.new.total}} 件，上年结转 {{applications.carried_in.total}} 件，"
        "办结 {{applications.closed_total.total}} 件，结转下年度 {{applications.carried_over.total}} 件，"
        "按期办结率 {{applications.on_time_share}}%。\n\n"
        "政府信息管理：全文电子化率 {{records.full_text_share}}%。\n\n"
        "监督保障：行政复议 {{remedies.reconsideration.total}} 件，行政诉讼 {{remedies.litigation.total}} 件。"
    ),
    "五": (
        "主要问题：一是少数单位公开不够及时，二是解读形式不够丰富，三是经办人员多为兼职、调动频繁。\n\n"
        "改进措施：一是逐月通报超期信息，二是同步组织、同步审签、同步部署，三是新任人员上岗先培训、有交接清单。"
    ),
    "六": "本年度没有收取政府信息公开信息处理费，没有其他需要报告的事项。",
}
