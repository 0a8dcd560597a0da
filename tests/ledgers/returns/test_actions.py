"""Returns: for one agency, indicator and day a figure comes from rows or from one return, never both."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from gongkai.base import clock, journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine
from gongkai.ledgers.agencies.models import AgencyTerm
from gongkai.ledgers.returns import actions, queries
from gongkai.ledgers.returns.models import Return
from tests.district import make_staff
from tests.ledgers.returns.conftest import AMOUNT, CELL, CHANGE, NEW, RULINGS, TOTAL, but

pytestmark = pytest.mark.django_db


def in_force():
    return [(row.indicator, row.value) for row in queries.in_force()]


# ---- filing


def test_a_return_counts_only_once_it_is_confirmed(waiting, bureau_approver):
    assert in_force() == []
    actions.confirm_return(waiting, by=bureau_approver)
    assert in_force() == [(RULINGS, Decimal(17))]


def test_zero_is_a_figure(filing, bureau_clerk):
    assert actions.file_return(but(filing, value=Decimal(0)), by=bureau_clerk).value == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"indicator": "weather.rain"}, "没有叫“weather.rain”的指标"),
        ({"indicator": NEW}, "由台账逐条算出，不接受填报"),  # only the list in reporting may be returned
        ({"indicator": TOTAL}, "由台账逐条算出，不接受填报"),  # the named exception only in addition
        ({"value": Decimal("17.5")}, "按件计，要填整数"),
        ({"value": Decimal(-1)}, "不能是负数"),
        ({"indicator": AMOUNT, "value": Decimal("0.00001")}, "小数最多四位"),
        ({"value": Decimal(10) ** 16}, "数值太大"),
        ({"value": Decimal("NaN")}, "数值太大"),
        ({"period_to": date(2019, 12, 31)}, "统计期的止日早于起日"),
        ({"period_to": date(2021, 1, 16)}, "统计期到 2021-01-16 才结束"),
        ({"evidence_note": " "}, "请附依据文件，或者写明数字从哪里来"),
        ({"in_addition": True, "reason": "另加"}, "不接受台账之外的另加数"),
        ({"indicator": TOTAL, "in_addition": True}, "要写明理由；理由会印在年报里"),
        ({"indicator": CELL}, "只有不在本系统办理的单位可以上传整张统计表"),
        ({"period_from": date(2009, 1, 1), "period_to": date(2009, 12, 31)}, "该单位在 2009-12-31 不存在"),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_is_refused(change, sentence, filing, bureau_clerk):
    with pytest.raises(RuleBroken, match=sentence):
        actions.file_return(but(filing, **change), by=bureau_clerk)
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"indicator": CHANGE, "value": Decimal(-2)},  # a change may be negative
        {"indicator": AMOUNT, "value": Decimal("1234.5678")},  # money has decimals
        {"indicator": TOTAL, "in_addition": True, "reason": "县级统计另加"},  # the one named exception
        {"period_to": date(2021, 1, 15)},  # a period that ends today is over for the office
    ],
)
def test_what_the_indicator_allows_is_filed(change, filing, bureau_clerk):
    assert actions.file_return(but(filing, **change), by=bureau_clerk).is_waiting


def test_every_fault_of_a_filing_is_told_at_once(filing):
    bad = but(filing, value=Decimal("-1.5"), evidence_note="", period_to=date(2021, 12, 31))
    assert len(actions.filing_refusals([bad])) == 4


def test_a_period_may_not_share_a_day_with_another_return(waiting, filing, bureau_clerk):
    with pytest.raises(RuleBroken, match=r"已有 2020-01-01 至 2020-12-31 的填报，统计期不能重叠"):
        actions.file_return(but(filing, period_from=date(2020, 12, 31)), by=bureau_clerk)


def test_the_months_of_a_year_may_be_returned_one_by_one(filing, bureau_clerk):
    first = but(filing, period_to=date(2020, 1, 31))
    second = but(filing, period_from=date(2020, 2, 1), period_to=date(2020, 2, 29))
    assert len(actions.file_returns([first, second], by=bureau_clerk)) == 2


def test_a_withdrawn_return_leaves_its_period_free(waiting, filing, bureau_clerk):
    actions.withdraw_return(waiting, reason="填错单位", by=bureau_clerk)
    assert actions.file_return(filing, by=bureau_clerk).is_waiting


def test_the_same_period_of_another_agency_is_no_overlap(waiting, filing, office_clerk, town):
    assert actions.file_return(but(filing, agency=town), by=office_clerk).is_waiting


def test_a_return_is_refused_where_rows_exist(filing, bureau, bureau_clerk, port):
    port.rows.append((RULINGS, bureau.pk, date(2020, 6, 1)))
    with pytest.raises(RuleBroken, match="在台账里已有记录"):
        actions.file_return(filing, by=bureau_clerk)


def test_rows_of_another_agency_or_of_another_year_do_not_matter(filing, government, bureau, bureau_clerk, port):
    port.rows += [(RULINGS, government.pk, date(2020, 6, 1)), (RULINGS, bureau.pk, date(2019, 6, 1))]
    assert actions.file_return(filing, by=bureau_clerk).is_waiting


def test_the_named_indicator_takes_a_return_beside_its_rows_with_the_reason(filing, bureau, bureau_clerk, port):
    port.rows.append((TOTAL, bureau.pk, date(2020, 6, 1)))
    beside = but(filing, indicator=TOTAL, in_addition=True, reason="县级统计另加")
    assert actions.file_return(beside, by=bureau_clerk).reason == "县级统计另加"


def test_a_whole_table_comes_only_from_an_agency_that_works_outside(filing, bureau, bureau_clerk):
    AgencyTerm.objects.filter(agency=bureau).update(works_outside=True)
    assert actions.file_return(but(filing, indicator=CELL), by=bureau_clerk).is_waiting


def test_a_whole_table_is_refused_where_rows_exist(filing, bureau, bureau_clerk, port):
    AgencyTerm.objects.filter(agency=bureau).update(works_outside=True)
    port.rows.append((CELL, bureau.pk, date(2020, 6, 1)))
    with pytest.raises(RuleBroken, match="在台账里已有记录"):
        actions.file_return(but(filing, indicator=CELL), by=bureau_clerk)


def test_a_return_of_a_frozen_year_needs_a_reason(filing, bureau_clerk, port):
    port.frozen.add(2020)
    with pytest.raises(RuleBroken, match="示范区教育局2020年度报告已经定稿"):
        actions.file_return(filing, by=bureau_clerk)
    assert actions.file_return(but(filing, reason="审批系统补报"), by=bureau_clerk).reason == "审批系统补报"


def test_a_period_over_several_years_touches_every_one_of_them(filing, bureau_clerk, port):
    port.frozen.add(2019)
    with pytest.raises(RuleBroken, match="2019年度报告已经定稿"):
        actions.file_return(but(filing, period_from=date(2018, 1, 1)), by=bureau_clerk)


@pytest.mark.parametrize("user", ["bureau_approver", "reviewer", "administrator"])
def test_only_a_clerk_or_the_disclosure_office_files(user, filing, request):
    with pytest.raises(NotAllowed, match="您没有“填报”的权限"):
        actions.file_return(filing, by=request.getfixturevalue(user))


def test_a_clerk_does_not_file_for_another_agency(filing, town, bureau_clerk):
    with pytest.raises(NotAllowed):
        actions.file_return(but(filing, agency=town), by=bureau_clerk)


# ---- many at once


def test_many_are_filed_with_one_line_in_the_journal(filing, bureau_clerk):
    rows = actions.file_returns([filing, but(filing, indicator=CHANGE)], by=bureau_clerk)
    assert [row.version for row in rows] == [1, 1]
    assert JournalLine.objects.filter(verb="returns.filed").count() == 1
    assert journal.verify()[1] is None


def test_of_many_none_is_filed_when_one_is_refused(filing, bureau_clerk):
    with pytest.raises(RuleBroken, match=r"第 2 行：.*要填整数"):
        actions.file_returns([filing, but(filing, indicator=CHANGE, value=Decimal("0.5"))], by=bureau_clerk)
    assert not Return.objects.exists()


def test_two_of_a_list_that_overlap_are_refused(filing, bureau_clerk):
    with pytest.raises(RuleBroken, match=r"第 2 行：.*统计期不能重叠"):
        actions.file_returns([filing, but(filing, period_from=date(2020, 6, 1))], by=bureau_clerk)


def test_many_are_filed_in_few_queries(filing, bureau_clerk, django_assert_max_num_queries):
    months = [
        but(filing, indicator=indicator, period_from=date(year, 1, 1), period_to=date(year, 12, 31))
        for indicator in (RULINGS, CHANGE, AMOUNT)
        for year in range(2011, 2021)
    ]
    bureau_clerk.roles_at(filing.agency.pk)
    with django_assert_max_num_queries(30):  # one of them for each of the ten days whose tree is asked for
        actions.file_returns(months, by=bureau_clerk)


def test_nothing_to_file_is_refused(bureau_clerk):
    with pytest.raises(RuleBroken, match="没有可以填报的数"):
        actions.file_returns([], by=bureau_clerk)


# ---- confirming


def test_who_filled_it_cannot_confirm_it(filing, office_clerk):
    row = actions.file_return(filing, by=office_clerk)
    with pytest.raises(RuleBroken, match="填报人不能确认自己填的数"):
        actions.confirm_return(row, by=office_clerk)


def test_the_database_keeps_a_confirmation_by_the_filler_out(waiting, bureau_clerk):
    with pytest.raises(IntegrityError), transaction.atomic():
        Return.objects.filter(pk=waiting.pk).update(confirmed_by=bureau_clerk, confirmed_at=clock.now())


def test_a_clerk_does_not_confirm(waiting, bureau, bureau_clerk):
    with pytest.raises(NotAllowed, match="您没有“确认填报”的权限"):
        actions.confirm_return(waiting, by=make_staff("zhou", "周科员", bureau, "clerk"))


def test_a_second_confirmation_is_refused(confirmed, approver):
    with pytest.raises(RuleBroken, match="已经确认"):
        actions.confirm_return(confirmed, by=approver)


def test_a_confirmation_of_what_was_withdrawn_meanwhile_is_refused(waiting, bureau_clerk, bureau_approver):
    stale = Return.objects.get(pk=waiting.pk)
    actions.withdraw_return(waiting, reason="填错", by=bureau_clerk)
    with pytest.raises(RuleBroken, match="已经确认或者撤回"):
        actions.confirm_return(stale, by=bureau_approver)
    assert in_force() == []


def test_a_return_is_not_confirmed_when_rows_came_in_the_meantime(waiting, bureau, bureau_approver, port):
    port.rows.append((RULINGS, bureau.pk, date(2020, 6, 1)))
    with pytest.raises(RuleBroken, match="填报之后台账里有了“许可决定数”的记录"):
        actions.confirm_return(waiting, by=bureau_approver)


def test_a_year_frozen_since_the_filing_asks_for_a_reason_at_the_confirmation(waiting, bureau_approver, port):
    port.frozen.add(2020)
    with pytest.raises(RuleBroken, match="已经定稿"):
        actions.confirm_return(waiting, by=bureau_approver)
    actions.confirm_return(waiting, by=bureau_approver, reason="年报定稿后才收到盖章表")
    assert JournalLine.objects.get(verb="returns.confirmed").reason == "年报定稿后才收到盖章表"


# ---- correcting and withdrawing


def corrected(row, by, **changes):
    return actions.correct_return(row, **{"value": Decimal(18), "reason": "漏报一件", "by": by, **changes})


def test_a_correction_counts_only_after_its_confirmation(confirmed, bureau_clerk, bureau_approver):
    correction = corrected(confirmed, bureau_clerk)
    assert in_force() == [(RULINGS, Decimal(17))]
    actions.confirm_return(correction, by=bureau_approver)
    assert in_force() == [(RULINGS, Decimal(18))]


def test_the_corrected_return_stays_with_what_took_its_place(confirmed, bureau_clerk, bureau_approver):
    actions.confirm_return(corrected(confirmed, bureau_clerk), by=bureau_approver)
    confirmed.refresh_from_db()
    assert (confirmed.value, confirmed.is_replaced) == (Decimal(17), True)
    assert queries.replacements_of(confirmed).get().value == 18
    assert journal.verify()[1] is None


def test_a_correction_keeps_period_and_evidence_unless_they_are_given(confirmed, bureau_clerk):
    correction = corrected(confirmed, bureau_clerk)
    assert correction.evidence_note == "审批系统2020年统计表"
    assert (correction.period_from, correction.period_to) == (date(2020, 1, 1), date(2020, 12, 31))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": " "}, "请写明更正的理由"),
        ({"value": Decimal("1.5")}, "要填整数"),
        ({"value": Decimal(-3)}, "不能是负数"),
    ],
)
def test_a_correction_keeps_the_rules_of_filing(changes, sentence, confirmed, bureau_clerk):
    with pytest.raises(RuleBroken, match=sentence):
        corrected(confirmed, bureau_clerk, **changes)


def test_only_what_is_confirmed_is_corrected(waiting, bureau_clerk):
    with pytest.raises(RuleBroken, match="只能更正已确认"):
        corrected(waiting, bureau_clerk)


def test_one_correction_at_a_time(confirmed, bureau_clerk):
    corrected(confirmed, bureau_clerk)
    with pytest.raises(RuleBroken, match="已有一条更正在等确认"):
        corrected(confirmed, bureau_clerk)


def test_a_corrected_return_is_not_corrected_again_but_its_correction_is(confirmed, bureau_clerk, bureau_approver):
    correction = corrected(confirmed, bureau_clerk)
    actions.confirm_return(correction, by=bureau_approver)
    with pytest.raises(RuleBroken, match="只能更正已确认"):
        corrected(confirmed, bureau_clerk)
    correction.refresh_from_db()
    assert corrected(correction, bureau_clerk, value=Decimal(19)).is_waiting


def test_a_withdrawn_return_counts_no_more_and_its_row_stays(confirmed, bureau_approver):
    actions.withdraw_return(confirmed, reason="与执法系统重复", by=bureau_approver)
    assert in_force() == []
    assert Return.objects.get(pk=confirmed.pk).value == 17
    assert JournalLine.objects.get(verb="returns.withdrawn").reason == "与执法系统重复"


def test_a_withdrawal_needs_a_reason(waiting, bureau_clerk):
    with pytest.raises(RuleBroken, match="请写明撤回的理由"):
        actions.withdraw_return(waiting, reason=" ", by=bureau_clerk)


def test_a_clerk_does_not_withdraw_what_was_confirmed(confirmed, bureau_clerk):
    with pytest.raises(NotAllowed):
        actions.withdraw_return(confirmed, reason="想改", by=bureau_clerk)


def test_a_return_is_withdrawn_once(waiting, bureau_clerk):
    stale = Return.objects.get(pk=waiting.pk)
    actions.withdraw_return(waiting, reason="填错", by=bureau_clerk)
    with pytest.raises(RuleBroken, match="已经撤回"):
        actions.withdraw_return(stale, reason="填错", by=bureau_clerk)


def test_the_correction_of_what_was_withdrawn_meanwhile_is_not_confirmed(confirmed, bureau_clerk, bureau_approver):
    correction = corrected(confirmed, bureau_clerk)
    actions.withdraw_return(confirmed, reason="重复", by=bureau_approver)
    with pytest.raises(RuleBroken, match="要更正的那一条已经被更正或者撤回"):
        actions.confirm_return(correction, by=bureau_approver)
    assert in_force() == []


# ---- questions


def test_the_standing_return_of_a_day_is_the_confirmed_one(waiting, bureau, bureau_approver):
    assert queries.standing_return(RULINGS, bureau.pk, date(2020, 6, 1)) is None
    actions.confirm_return(waiting, by=bureau_approver)
    assert queries.standing_return(RULINGS, bureau.pk, date(2020, 6, 1)) == waiting
    assert queries.standing_return(RULINGS, bureau.pk, date(2021, 1, 1)) is None
    assert queries.standing_return(CHANGE, bureau.pk, date(2020, 6, 1)) is None


def test_what_was_returned_for_the_year_before_and_not_for_this_one_is_missing(
    filing, bureau, bureau_clerk, bureau_approver
):
    for indicator in (RULINGS, CHANGE):
        last_year = but(filing, indicator=indicator, period_from=date(2019, 1, 1), period_to=date(2019, 12, 31))
        actions.confirm_return(actions.file_return(last_year, by=bureau_clerk), by=bureau_approver)
    actions.file_return(filing, by=bureau_clerk)  # waits to be confirmed, so it is not forgotten
    [missing] = queries.missing_in(2020, [bureau.pk], date(2021, 1, 15))
    assert (missing.indicator, missing.period_from, missing.period_to) == (CHANGE, date(2020, 1, 1), date(2020, 12, 31))
    assert missing.last_value == 17


def test_what_is_not_over_is_not_missing_yet(confirmed, bureau):
    assert queries.missing_in(2021, [bureau.pk], date(2021, 12, 30)) == []
    assert len(queries.missing_in(2021, [bureau.pk], date(2021, 12, 31))) == 1


def test_a_quarter_that_is_missing_is_named_by_its_days(filing, bureau, bureau_clerk, bureau_approver):
    first = but(filing, period_from=date(2020, 1, 1), period_to=date(2020, 2, 29))
    actions.confirm_return(actions.file_return(first, by=bureau_clerk), by=bureau_approver)
    [missing] = queries.missing_in(2021, [bureau.pk], date(2021, 6, 1))
    assert missing.period_to == date(2021, 2, 28)


def test_returns_of_other_agencies_are_not_seen(waiting, town):
    assert not queries.visible_to(make_staff("shi", "石科员", town, "clerk")).exists()


def test_who_may_confirm_is_told_what_waits(waiting, bureau_approver, bureau_clerk, approver):
    assert queries.waiting_for(bureau_approver).get() == waiting
    assert queries.waiting_for(approver).get() == waiting
    assert not queries.waiting_for(bureau_clerk).exists()


# ---- many confirmed at once


def test_a_whole_table_is_confirmed_with_one_line(filing, bureau_clerk, bureau_approver):
    rows = actions.file_returns([filing, but(filing, indicator=CHANGE)], by=bureau_clerk)
    actions.confirm_returns(rows, by=bureau_approver)
    assert len(in_force()) == 2
    assert JournalLine.objects.filter(verb="returns.confirmed").count() == 1
    assert journal.verify()[1] is None


def test_of_many_none_is_confirmed_when_one_is_refused(filing, bureau, bureau_clerk, bureau_approver, port):
    rows = actions.file_returns([filing, but(filing, indicator=CHANGE)], by=bureau_clerk)
    port.rows.append((CHANGE, bureau.pk, date(2020, 6, 1)))
    with pytest.raises(RuleBroken, match="台账里有了“许可项目增减”的记录"):
        actions.confirm_returns(rows, by=bureau_approver)
    assert in_force() == []


def test_who_filled_many_cannot_confirm_them(filing, office_clerk):
    rows = actions.file_returns([filing, but(filing, indicator=CHANGE)], by=office_clerk)
    with pytest.raises(RuleBroken, match="“许可决定数”：填报人不能确认自己填的数"):
        actions.confirm_returns(rows, by=office_clerk)


def test_many_corrections_take_the_place_of_what_they_correct(confirmed, bureau_clerk, bureau_approver):
    actions.confirm_returns([corrected(confirmed, bureau_clerk)], by=bureau_approver)
    assert in_force() == [(RULINGS, Decimal(18))]


def test_many_of_a_frozen_year_ask_for_a_reason(waiting, bureau_approver, port):
    port.frozen.add(2020)
    with pytest.raises(RuleBroken, match="已经定稿"):
        actions.confirm_returns([waiting], by=bureau_approver)
    actions.confirm_returns([waiting], by=bureau_approver, reason="补报")
    assert len(in_force()) == 1


def test_what_was_withdrawn_meanwhile_is_not_confirmed_with_the_rest(filing, bureau_clerk, bureau_approver):
    rows = actions.file_returns([filing, but(filing, indicator=CHANGE)], by=bureau_clerk)
    actions.withdraw_return(rows[1], reason="填错", by=bureau_clerk)
    with pytest.raises(RuleBroken, match="已经撤回"):
        actions.confirm_returns(rows, by=bureau_approver)
    assert in_force() == []
