"""Entering normative documents, their end, and the issue date that is their record's."""

from dataclasses import replace
from datetime import date

import pytest

from gongkai.base import journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine
from gongkai.ledgers.normative import actions
from gongkai.ledgers.normative.actions import NormativeEntry
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.models import Record

pytestmark = pytest.mark.django_db


def test_a_document_is_entered_together_with_its_record(document, entry):
    assert (document.record.title, document.issued_on, document.agency) == (entry.title, entry.issued_on, entry.agency)


def test_a_record_that_is_there_becomes_a_document_once(document, bureau_clerk):
    with pytest.raises(RuleBroken, match="已经登记为规范性文件"):
        actions.register_normative(
            document.record, kind="normative_document", in_force_on=date(2018, 12, 1), by=bureau_clerk
        )


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"in_force_on": date(2018, 11, 4)}, "施行日期 2018-11-04 早于成文日期 2018-11-05", "in_force_on"),
        ({"valid_until": date(2018, 11, 30)}, "早于施行日期", "valid_until"),
        ({"kind": "law"}, "没有“law”这种类别", "kind"),
    ],
)
def test_what_cannot_be_is_refused_and_no_record_is_left_behind(entry, bureau_clerk, change, sentence, field):
    given = {"kind": "normative_document", "in_force_on": date(2018, 12, 1), "by": bureau_clerk, **change}
    with pytest.raises(RuleBroken, match=sentence) as broken:
        actions.register_normative(entry, **given)
    assert (broken.value.field, Record.objects.count()) == (field, 0)


def test_who_may_not_register_is_refused(entry, bureau_approver):
    with pytest.raises(NotAllowed):
        actions.register_normative(entry, kind="normative_document", in_force_on=date(2018, 12, 1), by=bureau_approver)


def test_many_are_entered_with_one_line_for_each_ledger(entry, bureau_clerk):
    record = records.register_record(entry, by=bureau_clerk)
    rows = [
        NormativeEntry(record, "normative_document", date(2018, 12, 1)),
        NormativeEntry(replace(entry, title="另一份"), "government_rule", date(2018, 12, 1), date(2023, 11, 30)),
    ]
    made = actions.register_many(rows, by=bureau_clerk)
    line = JournalLine.objects.get(verb="normative.registered")
    assert [d.record.title for d in made] == [entry.title, "另一份"]
    assert (line.rows, journal.verify()[1]) == (2, None)


def test_of_many_all_or_none_are_entered_and_the_refusal_names_the_row(entry, bureau_clerk):
    rows = [
        NormativeEntry(entry, "normative_document", date(2018, 12, 1)),
        NormativeEntry(entry, "normative_document", date(2018, 10, 1)),
    ]
    with pytest.raises(RuleBroken, match=r"^第 2 行：施行日期"):
        actions.register_many(rows, by=bureau_clerk)
    assert not Record.objects.exists()


# ---- one issue date


def test_the_issue_date_changed_at_the_record_changes_here(document, bureau_clerk):
    records.change_record(document.record, by=bureau_clerk, issued_on=date(2018, 11, 6))
    document.refresh_from_db()
    assert (document.issued_on, document.version) == (date(2018, 11, 6), 2)


def test_the_issue_date_changed_here_changes_at_the_record(document, bureau_clerk):
    actions.change_normative(document, by=bureau_clerk, issued_on=date(2018, 11, 6))
    document.record.refresh_from_db()
    assert (document.issued_on, document.record.issued_on) == (date(2018, 11, 6), date(2018, 11, 6))


def test_issue_date_and_day_of_force_can_move_together_in_either_direction(document, bureau_clerk):
    for issued_on, in_force_on in ((date(2019, 3, 1), date(2019, 3, 15)), (date(2018, 2, 1), date(2018, 2, 10))):
        actions.change_normative(document, by=bureau_clerk, issued_on=issued_on, in_force_on=in_force_on)
        document.refresh_from_db()
        assert (document.issued_on, document.in_force_on) == (issued_on, in_force_on)
    assert journal.verify()[1] is None


def test_an_issue_date_that_the_document_cannot_have_is_refused_at_the_record_too(document, bureau_clerk):
    with pytest.raises(RuleBroken, match="施行日期 2018-12-01 早于成文日期 2018-12-02"):
        records.change_record(document.record, by=bureau_clerk, issued_on=date(2018, 12, 2))
    document.record.refresh_from_db()
    assert document.record.issued_on == date(2018, 11, 5)


def test_an_issue_date_does_not_move_behind_the_repeal(document, bureau_clerk):
    actions.repeal(document, on=date(2018, 11, 20), by_document="示教规〔2018〕5号", by=bureau_clerk)
    with pytest.raises(RuleBroken, match="已登记 2018-11-20 废止或者失效"):
        records.change_record(document.record, by=bureau_clerk, issued_on=date(2018, 11, 21))


def test_a_change_of_nothing_is_refused(document, bureau_clerk):
    with pytest.raises(RuleBroken, match="没有改动"):
        actions.change_normative(document, by=bureau_clerk, kind="normative_document")


# ---- repeal and lapse


def test_a_repeal_names_its_day_and_its_document(document, bureau_clerk):
    actions.repeal(document, on=date(2020, 11, 1), by_document="示教规〔2020〕5号", by=bureau_clerk)
    assert (document.repealed_on, document.ended_by) == (date(2020, 11, 1), "示教规〔2020〕5号")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"on": date(2018, 11, 4)}, "早于成文日期"),
        ({"by_document": " "}, "要写明依据哪份文件废止"),
        ({"by_document": "长" * 301}, "最多 300 字"),
    ],
)
def test_a_repeal_that_cannot_be_is_refused(document, bureau_clerk, change, sentence):
    given = {"on": date(2020, 11, 1), "by_document": "示教规〔2020〕5号", "by": bureau_clerk, **change}
    with pytest.raises(RuleBroken, match=sentence):
        actions.repeal(document, **given)


def test_a_document_ends_once(document, bureau_clerk):
    same = NormativeDocument.objects.get(pk=document.pk)
    actions.repeal(document, on=date(2020, 11, 1), by_document="示教规〔2020〕5号", by=bureau_clerk)
    with pytest.raises(RuleBroken, match="已经自 2020-11-01 起废止，不能再登记失效"):
        actions.lapse(same, on=date(2020, 11, 2), basis="目的已经达到", by=bureau_clerk)


def test_a_lapse_before_the_end_of_validity_needs_its_basis(document, bureau_clerk):
    with pytest.raises(RuleBroken, match="要写明失效的依据"):
        actions.lapse(document, on=date(2020, 11, 1), by=bureau_clerk)


def test_a_lapse_at_the_end_of_validity_has_its_basis_in_it(document, bureau_clerk):
    actions.lapse(document, on=date(2021, 12, 1), by=bureau_clerk)
    assert document.ended_by == "有效期届满"


def test_a_lapse_is_not_later_than_the_day_after_validity(document, bureau_clerk):
    with pytest.raises(RuleBroken, match="失效日期最晚是次日"):
        actions.lapse(document, on=date(2021, 12, 2), basis="届满", by=bureau_clerk)


@pytest.mark.parametrize("year", [2019, 2020])  # the year of the repeal, and one in which it then was not in force
def test_a_repeal_asks_for_a_reason_in_every_frozen_year_it_touches(document, bureau_clerk, frozen, year):
    frozen.add(year)
    with pytest.raises(RuleBroken, match=f"{year}年度报告已经定稿"):
        actions.repeal(document, on=date(2019, 6, 1), by_document="示教规〔2019〕1号", by=bureau_clerk)


# ---- validity


def test_validity_is_extended_while_it_lasts(document, bureau_clerk):
    actions.extend_validity(document, until=date(2023, 11, 30), basis="示教规〔2020〕9号", by=bureau_clerk)
    assert document.valid_until == date(2023, 11, 30)
    assert JournalLine.objects.get(verb="normative.extended").reason == "2020-11-20 依据示教规〔2020〕9号延长"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"until": date(2021, 11, 30)}, "要晚于现在的 2021-11-30"),
        ({"basis": ""}, "要写明依据哪份文件延长"),
        ({"on": date(2021, 12, 1)}, "有效期已于 2021-11-30 届满"),  # decided too late
        ({"on": date(2020, 11, 21)}, "还没有到"),
    ],
)
def test_an_extension_that_cannot_be_is_refused(document, bureau_clerk, change, sentence):
    given = {"until": date(2023, 11, 30), "basis": "示教规〔2020〕9号", "by": bureau_clerk, **change}
    with pytest.raises(RuleBroken, match=sentence):
        actions.extend_validity(document, **given)


def test_what_has_no_term_needs_no_extension(entry, bureau_clerk):
    document = actions.register_normative(entry, kind="government_rule", in_force_on=date(2018, 12, 1), by=bureau_clerk)
    with pytest.raises(RuleBroken, match="没有规定有效期"):
        actions.extend_validity(document, until=date(2023, 11, 30), basis="示政〔2020〕9号", by=bureau_clerk)


def test_what_was_repealed_is_not_extended(document, bureau_clerk):
    actions.repeal(document, on=date(2020, 11, 1), by_document="示教规〔2020〕5号", by=bureau_clerk)
    with pytest.raises(RuleBroken, match="不能延长有效期"):
        actions.extend_validity(document, until=date(2023, 11, 30), basis="示教规〔2020〕9号", by=bureau_clerk)
