"""What each ledger takes from a sheet, what it refuses, and that the same file twice changes nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.base import journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine
from gongkai.core.law.outcomes import OUTCOMES
from gongkai.ledgers.agencies.models import Agency, AgencyTerm, Post, Staff
from gongkai.ledgers.applications.models import Applicant, Application
from gongkai.ledgers.records.models import Publication, Record
from gongkai.ledgers.remedies.models import Remedy
from gongkai.ledgers.returns.actions import Filing, confirm_return, file_return
from gongkai.ledgers.returns.models import Return
from gongkai.site.imports import LEDGERS
from gongkai.site.imports.columns import plain
from gongkai.site.imports.running import check_file, import_checked
from tests.district import make_agency, make_staff
from tests.site.imports.conftest import (
    AGENCY,
    APPLICATION,
    RECORD,
    REMEDY,
    RETURN,
    STAFF,
    check,
    sentences,
    sheet_of,
    table,
)

pytestmark = pytest.mark.django_db


# ---- what is taken


def test_a_record_is_registered_and_published_where_the_row_says(bureau_clerk, outlets):
    import_checked(check("records", bureau_clerk, RECORD))
    record = Record.objects.get(index_number="SF020-0000-2020-00001")
    assert (record.title, record.issued_on) == ("关于做好2020年义务教育招生工作的通知", date(2020, 3, 2))
    assert list(Publication.objects.order_by("published_on").values_list("outlet__name", "published_on")) == [
        ("区政府门户网站", date(2020, 3, 4)),
        ("示范区发布", date(2020, 3, 5)),
    ]


def test_one_day_of_publication_is_that_of_every_outlet(bureau_clerk, outlets):
    import_checked(check("records", bureau_clerk, RECORD | {"published_on": "2020-03-04"}))
    assert set(Publication.objects.values_list("published_on", flat=True)) == {date(2020, 3, 4)}


def test_an_application_is_registered_and_closed(bureau_clerk):
    import_checked(check("applications", bureau_clerk, APPLICATION))
    application = Application.objects.get(number="示教公开申〔2020〕1号")
    assert (application.closed_on, application.outcome) == (date(2020, 6, 20), "granted")
    assert list(Applicant.objects.order_by("pk").values_list("name", "is_representative")) == [
        ("申请人甲", True),
        ("申请人乙", False),
    ]


def test_an_application_that_is_not_closed_stays_open(bureau_clerk):
    import_checked(
        check("applications", bureau_clerk, {**APPLICATION, "closed_on": "", "outcome": "", "reply_number": ""})
    )
    assert Application.objects.get().closed_on is None


def test_a_remedy_is_opened_and_decided(bureau_clerk):
    import_checked(check("remedies", bureau_clerk, REMEDY))
    assert Remedy.objects.values_list("decided_on", "result").get() == (date(2020, 8, 20), "upheld")


def test_a_suit_names_a_reconsideration_of_the_same_file(bureau_clerk):
    suit = {
        "agency": "jiaoyu",
        "number": "（2020）示行初5号",
        "kind": "复议后起诉",
        "opened_on": date(2020, 9, 10),
        "reconsideration": REMEDY["number"],
    }
    import_checked(check("remedies", bureau_clerk, suit, REMEDY))
    assert Remedy.objects.get(number="（2020）示行初5号").reconsideration == Remedy.objects.get(number=REMEDY["number"])


def test_a_return_is_filed_and_waits_for_the_second_person(bureau_clerk):
    import_checked(check("returns", bureau_clerk, RETURN))
    row = Return.objects.get()
    assert (row.indicator, row.value, row.is_waiting) == ("open_data.permits.rulings", Decimal(17), True)


def test_agencies_may_stand_below_agencies_of_the_same_file(administrator):
    station = AGENCY | {
        "slug": "jiuzhu",
        "code": "SF031",
        "name": "示范区救助站",
        "kind": "授权组织",
        "parent": "minzheng",
    }
    import_checked(check("agencies", administrator, station, AGENCY))
    assert AgencyTerm.objects.get(agency__slug="jiuzhu").parent == Agency.objects.get(slug="minzheng")


def test_an_account_is_opened_with_its_roles_and_a_password_shown_once(administrator, bureau):
    done = import_checked(check("staff", administrator, STAFF))
    staff = Staff.objects.get(username="zhou")
    [(username, name, password)] = done.once
    assert (username, name, staff.check_password(password)) == ("zhou", "周科员", True)
    assert staff.must_change_password
    assert set(Post.objects.filter(staff=staff).values_list("role", flat=True)) == {"clerk", "reviewer"}


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=lambda outcome: outcome.code)
def test_every_outcome_is_known_by_its_label_and_by_its_code(outcome):
    [column] = [column for column in LEDGERS["applications"].columns if column.key == "outcome"]
    assert column.read(outcome.label) == column.read(outcome.code) == outcome.code


@pytest.mark.parametrize("ledger", LEDGERS.values(), ids=lambda ledger: ledger.code)
def test_no_two_columns_and_no_two_choices_read_the_same(ledger):
    headings = [plain(column.heading) for column in ledger.columns]
    assert len(set(headings)) == len(headings)
    for column in ledger.columns:
        words = [plain(label) for label in column.choices.values()]
        assert len(set(words)) == len(words)


def test_an_import_is_in_the_journal_with_the_digest_of_its_file(bureau_clerk):
    checked = check("applications", bureau_clerk, APPLICATION)
    import_checked(checked, name="台账.xlsx")
    line = JournalLine.objects.get(verb="file.imported")
    assert f"SHA-256 {checked.sha256}" in line.reason
    assert "新增 1 行" in line.reason
    assert journal.verify()[1] is None


# ---- the same file again


@pytest.mark.parametrize(
    ("code", "row", "user"),
    [
        ("records", RECORD, "bureau_clerk"),
        ("applications", APPLICATION, "bureau_clerk"),
        ("remedies", REMEDY, "bureau_clerk"),
        ("returns", RETURN, "bureau_clerk"),
        ("agencies", AGENCY, "administrator"),
        ("staff", STAFF, "administrator"),
    ],
)
def test_the_same_file_again_is_all_there_already(code, row, user, request, bureau, outlets):
    user = request.getfixturevalue(user)
    import_checked(check(code, user, row))
    lines = JournalLine.objects.count()
    again = check(code, Staff.objects.get(pk=user.pk), row)
    assert (sentences(again), again.existing, again.new) == ([], 1, [])
    assert import_checked(again).new == 0
    assert JournalLine.objects.count() == lines


@pytest.mark.parametrize(
    ("code", "row", "change", "heading", "user"),
    [
        ("records", RECORD, {"title": "另一个标题"}, "标题", "bureau_clerk"),
        ("records", RECORD, {"outlets": "区政府门户网站", "published_on": "2020-03-04"}, "发布去处", "bureau_clerk"),
        ("records", RECORD, {"published_on": "2020-03-04"}, "发布日期", "bureau_clerk"),
        ("applications", APPLICATION, {"applicant_kind": "商业企业"}, "申请人类别", "bureau_clerk"),
        ("applications", APPLICATION, {"applicants": "申请人丙"}, "申请人", "bureau_clerk"),
        ("applications", APPLICATION, {"closed_on": date(2020, 6, 22)}, "办结日期", "bureau_clerk"),
        ("remedies", REMEDY, {"result": "结果纠正"}, "结果", "bureau_clerk"),
        ("returns", RETURN, {"value": 18}, "数值", "bureau_clerk"),
        ("agencies", AGENCY, {"name": "示范区民政和社会局"}, "名称", "administrator"),
        ("agencies", AGENCY, {"code": "SF039"}, "机构编码", "administrator"),
        ("staff", STAFF, {"roles": "审批"}, "角色", "administrator"),
    ],
)
def test_an_import_never_overwrites_and_names_the_column_that_differs(
    code, row, change, heading, user, request, bureau, outlets
):
    user = request.getfixturevalue(user)
    import_checked(check(code, user, row))
    again = check(code, Staff.objects.get(pk=user.pk), row | change)
    faults = [fault for _, fault in again.faults()]
    assert heading in [fault.heading for fault in faults]
    assert all("内容不同" in fault.sentence for fault in faults)
    with pytest.raises(RuleBroken, match="一行也没有导入"):
        import_checked(again)


def test_columns_that_the_file_leaves_out_are_not_compared(bureau_clerk, outlets):
    import_checked(check("records", bureau_clerk, RECORD))
    short = {key: RECORD[key] for key in ("agency", "index_number", "title", "issued_on")}
    again = check("records", bureau_clerk, short)
    assert (sentences(again), again.existing) == ([], 1)


# ---- what is refused


@pytest.mark.parametrize(
    ("code", "row", "change", "sentence", "user"),
    [
        ("records", RECORD, {"agency": "示范区水务局"}, "公开主体：没有叫“示范区水务局”的单位", "bureau_clerk"),
        ("records", RECORD, {"outlets": "区广播站", "published_on": "2020-03-04"}, "没有叫“区广播站”的发布去处", "bureau_clerk"),
        ("records", RECORD, {"published_on": "2020-03-04、2020-03-05、2020-03-06"}, "有 2 个发布去处，却有 3 个发布日期", "bureau_clerk"),
        ("records", RECORD, {"published_on": "2020-03-01"}, "发布日期 2020-03-01 早于成文日期 2020-03-02", "bureau_clerk"),
        ("records", RECORD, {"published_on": "2021-03-01"}, "发布日期 2021-03-01 还没有到", "bureau_clerk"),
        ("records", RECORD, {"issued_on": date(2021, 3, 2)}, "成文日期 2021-03-02 还没有到", "bureau_clerk"),
        ("records", RECORD, {"category": "气象"}, "没有叫“气象”的主题分类", "bureau_clerk"),
        ("records", RECORD, {"disclosure_status": "不予公开"}, "要写明不主动公开的理由", "bureau_clerk"),
        ("records", RECORD, {"disclosure_status": "不予公开", "status_reason": "国家秘密"}, "的不能发布", "bureau_clerk"),
        ("records", RECORD, {"index_number": "a b"}, "索引号“a b”只能用文字", "bureau_clerk"),
        ("records", RECORD, {"agency": "临河街道办事处"}, "您没有“登记政府信息”的权限", "bureau_clerk"),
        ("applications", APPLICATION, {"closed_on": "2020-05-20"}, "办结日期 2020-05-20 早于收到日期", "bureau_clerk"),
        ("applications", APPLICATION, {"closed_on": ""}, "办结日期：写明办理结果时，要同时写明办结日期", "bureau_clerk"),
        ("applications", APPLICATION, {"outcome": ""}, "办理结果：要选定办理结果", "bureau_clerk"),
        ("applications", APPLICATION, {"applicant_kind": "自然人士"}, "没有“自然人士”这一项，可填：自然人、", "bureau_clerk"),
        ("applications", APPLICATION, {"received_on": ""}, "收到日期：没有填写", "bureau_clerk"),
        ("applications", APPLICATION, {"handler": "nobody"}, "没有登录名“nobody”", "bureau_clerk"),
        ("remedies", REMEDY, {"decided_on": ""}, "写明结果时，要同时写明审结日期", "bureau_clerk"),
        ("remedies", REMEDY, {"kind": "复议后起诉"}, "要关联此前的复议", "bureau_clerk"),
        ("remedies", REMEDY, {"application": "无此号"}, "没有编号为“无此号”的申请", "bureau_clerk"),
        ("returns", RETURN, {"indicator": "降雨量"}, "没有叫“降雨量”的指标", "bureau_clerk"),
        ("returns", RETURN, {"indicator": "records.published.total"}, "由台账逐条算出", "bureau_clerk"),
        ("returns", RETURN, {"value": "17.5"}, "要填整数", "bureau_clerk"),
        ("returns", RETURN, {"value": "-1"}, "不能是负数", "bureau_clerk"),
        ("returns", RETURN, {"value": "不详"}, "“不详”不是数字", "bureau_clerk"),
        ("returns", RETURN, {"period_to": date(2021, 12, 31)}, "结束后再填报", "bureau_clerk"),
        ("agencies", AGENCY, {"code": "SF020"}, "“SF020”已由 jiaoyu 使用", "administrator"),
        ("agencies", AGENCY, {"slug": "Min Zheng"}, "代号：“Min Zheng”不合要求", "administrator"),
        ("agencies", AGENCY, {"parent": "无此局"}, "上级单位：没有叫“无此局”的单位", "administrator"),
        ("agencies", AGENCY, {"valid_from": date(2009, 1, 1)}, "才设立", "administrator"),
        ("agencies", AGENCY, {}, "您没有“管理单位”的权限", "bureau_clerk"),
        ("staff", STAFF, {"roles": "经办、系统管理"}, "系统管理员不办业务", "administrator"),
        ("staff", STAFF, {"roles": "局长"}, "没有“局长”这种角色", "administrator"),
        ("staff", STAFF, {"username": "9"}, "登录名：“9”不合要求", "administrator"),
        ("staff", STAFF, {}, "您没有“管理人员账号”的权限", "bureau_clerk"),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_with_its_sentence(code, row, change, sentence, user, request, bureau, town, outlets):
    checked = check(code, request.getfixturevalue(user), row | change)
    assert any(sentence in line for line in sentences(checked)), sentences(checked)
    assert checked.new == []


def test_every_fault_of_every_row_is_named_not_only_the_first(bureau_clerk):
    bad = APPLICATION | {"number": "2号", "channel": "电报", "applicant_kind": "路人"}
    worse = APPLICATION | {
        "number": "3号",
        "received_on": date(2021, 2, 1),
        "closed_on": date(2021, 3, 1),
        "outcome": "",
    }
    lines = sentences(check("applications", bureau_clerk, APPLICATION, bad, worse))
    assert [line[0] for line in lines] == ["3", "3", "4", "4", "4"]


def test_the_same_number_twice_in_one_file_is_named_with_the_first_row(bureau_clerk):
    lines = sentences(check("applications", bureau_clerk, APPLICATION, APPLICATION | {"subject": "招生"}))
    assert "3: 申请编号：与第 2 行重复" in lines


def test_two_returns_of_one_file_whose_periods_overlap_are_refused(bureau_clerk):
    part = RETURN | {"period_from": date(2020, 7, 1), "value": 3}
    [line] = sentences(check("returns", bureau_clerk, RETURN, part))
    assert "3: 统计期起" in line
    assert "统计期不能重叠" in line


def test_one_bad_row_keeps_all_rows_out(bureau_clerk):
    checked = check("applications", bureau_clerk, APPLICATION, APPLICATION | {"number": "2号", "channel": "电报"})
    with pytest.raises(RuleBroken, match=r"有 1 行有错，一行也没有导入。第一处：第 3 行，收到渠道：没有“电报”"):
        import_checked(checked)
    assert not Application.objects.exists()


def test_rows_without_the_right_are_refused_as_such(administrator, bureau):
    with pytest.raises(NotAllowed, match="登记申请"):
        import_checked(check("applications", administrator, APPLICATION))


def test_what_changed_between_check_and_import_is_refused_with_the_row_of_the_sheet(bureau_clerk):
    first = APPLICATION | {"number": "0号"}
    checked = check("applications", bureau_clerk, first, APPLICATION)
    import_checked(check("applications", bureau_clerk, APPLICATION))
    with pytest.raises(RuleBroken, match=r"第 3 行：.*已经用过"):
        import_checked(checked)
    assert not Application.objects.filter(number="0号").exists()


def test_a_refusal_of_closing_names_the_row_of_the_sheet(bureau_clerk, monkeypatch):
    still_open = APPLICATION | {"number": "0号", "closed_on": "", "outcome": "", "reply_number": ""}
    checked = check("applications", bureau_clerk, still_open, APPLICATION, APPLICATION | {"number": "2号"})
    _, closing = checked.rows[2].entry
    checked.rows[2].entry = (
        checked.rows[2].entry[0],
        type(closing)(application=closing.application, on=date(2020, 1, 1), outcome=closing.outcome),
    )
    with pytest.raises(RuleBroken, match=r"第 4 行：.*早于收到日期"):
        import_checked(checked)
    assert not Application.objects.exists()


# ---- frozen years and standing returns


def test_rows_of_a_frozen_year_ask_for_a_reason(bureau_clerk, port):
    port.frozen.add(2020)
    checked = check("applications", bureau_clerk, APPLICATION)
    assert checked.frozen == ["2020年年度报告"]
    with pytest.raises(RuleBroken, match="2020年年度报告已经定稿"):
        import_checked(checked)
    import_checked(checked, reason="补录纸质台账")
    assert JournalLine.objects.get(verb="file.imported").reason.endswith("理由：补录纸质台账")


def test_a_return_of_a_frozen_year_brings_its_own_reason(bureau_clerk, port):
    port.frozen.add(2020)
    [line] = sentences(check("returns", bureau_clerk, RETURN))
    assert "2: 理由：2020年年度报告已经定稿" in line
    assert sentences(check("returns", bureau_clerk, RETURN | {"reason": "审批系统补报"})) == []


def test_rows_warn_where_a_confirmed_table_states_the_same_day(bureau_clerk, bureau_approver, bureau):
    AgencyTerm.objects.filter(agency=bureau).update(works_outside=True)
    filing = Filing(
        bureau, "2019:applications.new.total", date(2020, 1, 1), date(2020, 12, 31), Decimal(3), evidence_note="统计表"
    )
    row = file_return(filing, by=bureau_clerk)
    assert check("applications", bureau_clerk, APPLICATION).warnings == []
    confirm_return(row, by=bureau_approver)
    [warning] = check("applications", bureau_clerk, APPLICATION).warnings
    assert "示范区教育局已确认填报统计表（2020-01-01 至 2020-12-31）" in warning.sentence
    assert warning.rows == (2,)
    assert check("remedies", bureau_clerk, REMEDY).warnings == []


def test_rows_warn_where_figures_were_returned_in_addition(bureau_clerk, bureau_approver, bureau, outlets):
    filing = Filing(
        bureau,
        "records.published.total",
        date(2020, 1, 1),
        date(2020, 12, 31),
        Decimal(17),
        evidence_note="统计表",
        in_addition=True,
        reason="县级统计另加",
    )
    confirm_return(file_return(filing, by=bureau_clerk), by=bureau_approver)
    [warning] = check("records", bureau_clerk, RECORD).warnings
    assert "另加填报了“主动公开政府信息数”" in warning.sentence


# ---- names and many rows


def test_an_agency_is_known_by_slug_code_name_and_short_name(bureau_clerk):
    names = ("jiaoyu", "SF020", "示范区教育局", "教育局")
    rows = [APPLICATION | {"number": f"{n}号", "agency": name} for n, name in enumerate(names)]
    checked = check("applications", bureau_clerk, *rows)
    assert sentences(checked) == []
    assert {row.agency.slug for row in checked.rows} == {"jiaoyu"}


def test_a_name_that_two_agencies_bear_must_be_given_as_a_slug(office_clerk, bureau, government):
    make_agency("jiaoyu2", "SF021", "示范区教育局", "department", government)
    [line] = sentences(check("applications", office_clerk, APPLICATION))
    assert "不止一个，请写代号（jiaoyu、jiaoyu2）" in line


def test_the_number_of_queries_does_not_grow_with_the_rows(bureau_clerk, outlets):
    few = [RECORD | {"index_number": f"A-{n}"} for n in range(3)]
    many = [RECORD | {"index_number": f"B-{n}"} for n in range(300)]
    check("records", bureau_clerk, *few)  # the roles of the user are read once
    with CaptureQueriesContext(connection) as first:
        check("records", bureau_clerk, *few)
    with CaptureQueriesContext(connection) as second:
        check("records", bureau_clerk, *many)
    assert len(second) == len(first)


def test_the_columns_may_stand_in_any_order_below_a_title(bureau_clerk):
    columns = list(reversed([c for c in LEDGERS["applications"].columns if c.key in APPLICATION]))
    lines = [["2020年依申请公开台账"], [f"{c.heading}*" for c in columns], [APPLICATION[c.key] for c in columns]]
    checked = check_file(LEDGERS["applications"], sheet_of(lines), bureau_clerk)
    assert sentences(checked) == []
    assert [row.number for row in checked.rows] == [3]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([["甲", "乙"], ["1", "2"]], "没有找到表头"),
        ([], "没有找到表头"),
        ([["单位", "案件编号", "类别"], ["jiaoyu", "1", "行政复议"]], "缺少必填的列：受理日期"),
        ([["单位", "案件编号", "类别", "受理日期", "天气"]], "不认识“天气”这一列"),
        ([["单位", "单位", "案件编号", "类别", "受理日期"]], "“单位”这一列写了两遍"),
        ([["单位", "案件编号", "类别", "受理日期"]], "表里没有可以导入的行"),
        ([["标记", "单位", "案件编号", "类别", "受理日期"], ["示例", "a", "b", "c", "d"]], "表里没有可以导入的行"),
    ],
)
def test_a_file_that_is_no_such_table_gets_one_sentence(lines, sentence, bureau_clerk):
    with pytest.raises(RuleBroken, match=sentence):
        check_file(LEDGERS["remedies"], sheet_of(lines), bureau_clerk)


def test_a_longer_file_than_the_desk_can_answer_is_sent_to_the_command(bureau_clerk):
    rows = [REMEDY | {"number": f"{n}号"} for n in range(4)]
    with pytest.raises(RuleBroken, match=r"表里有 4 行，网页上一次最多导入 3 行.*gongkai import remedies"):
        check_file(LEDGERS["remedies"], table("remedies", *rows), bureau_clerk, most_rows=3)


# ---- what is not told


@pytest.mark.parametrize(("code", "row"), [("records", RECORD), ("applications", APPLICATION), ("remedies", REMEDY)])
def test_nothing_is_told_of_a_row_of_an_agency_that_the_user_may_not_see(code, row, bureau_clerk, town, outlets):
    import_checked(check(code, bureau_clerk, row))
    stranger = make_staff("shi", "石科员", town, "clerk")
    lines = sentences(check(code, stranger, row | {"agency": "临河街道办事处"}))
    assert len(lines) == 1
    assert "已由您看不到的单位使用" in lines[0]


def test_a_remedy_names_no_application_that_the_user_may_not_see(bureau_clerk, town):
    import_checked(check("applications", bureau_clerk, APPLICATION))
    stranger = make_staff("shi", "石科员", town, "clerk")
    case = REMEDY | {"agency": "临河街道办事处", "application": APPLICATION["number"]}
    assert any("没有编号为" in line for line in sentences(check("remedies", stranger, case)))
