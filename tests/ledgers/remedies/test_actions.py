"""Opening, deciding and putting right a case."""

from datetime import date

import pytest

from gongkai.base import clock, journal, open_work
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine
from gongkai.base.permissions import CLERK
from gongkai.core.law.remedies import REMEDY_DECISIONS
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.remedies import actions, queries
from gongkai.ledgers.remedies.models import Remedy
from tests.district import make_staff

pytestmark = pytest.mark.django_db
SUIT = {"kind": "suit_after_reconsideration", "opened_on": date(2020, 9, 10)}


def test_a_case_keeps_the_number_of_the_deciding_organ(reconsideration):
    assert (reconsideration.number, reconsideration.decided_on) == ("示政复〔2020〕3号", None)


def test_without_a_number_the_agency_gives_one_of_its_own(bureau, bureau_clerk):
    made = [
        actions.open_remedy(bureau, by=bureau_clerk, kind=kind, opened_on=date(2020, 7, 1)).number
        for kind in ("reconsideration", "direct_suit", "direct_suit")
    ]
    assert made == ["示教公开复〔2020〕1号", "示教公开诉〔2020〕1号", "示教公开诉〔2020〕2号"]


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"opened_on": date(2020, 11, 21)}, "还没有到", "opened_on"),
        ({"opened_on": date(2008, 4, 30)}, "条例自 2008-05-01 起施行", "opened_on"),
        ({"opened_on": date(2009, 5, 1)}, "尚未设立", "agency"),
        ({"opened_on": date(2020, 5, 29)}, "早于所涉申请的收到日期", "opened_on"),
        ({"kind": "appeal"}, "没有“appeal”这类案件", "kind"),
        ({"standing": "witness"}, "没有“witness”这种地位", "standing"),
        ({"standing": "co_defendant"}, "只有复议后起诉的案件", "standing"),
        ({"number": "示政复〔2020〕3号"}, "已经登记过", "number"),
    ],
)
def test_bad_input_is_refused(bureau, bureau_clerk, application, reconsideration, change, sentence, field):
    given = {"kind": "direct_suit", "opened_on": date(2020, 7, 2), "application": application, **change}
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        actions.open_remedy(bureau, by=bureau_clerk, **given)
    assert refusal.value.field == field
    assert Remedy.objects.count() == 1


def test_a_later_suit_is_linked_to_its_reconsideration(bureau, bureau_clerk, reconsideration):
    suit = actions.open_remedy(bureau, by=bureau_clerk, **SUIT, reconsideration=reconsideration)
    assert list(reconsideration.suits.all()) == [suit]


def test_a_later_suit_without_its_reconsideration_needs_a_note(bureau, bureau_clerk):
    with pytest.raises(RuleBroken, match="要关联此前的复议"):
        actions.open_remedy(bureau, by=bureau_clerk, **SUIT)
    suit = actions.open_remedy(bureau, by=bureau_clerk, **SUIT, note="复议由市政府办理，未在本系统登记")
    assert suit.reconsideration is None


def test_only_a_later_suit_has_a_reconsideration_before_it(bureau, bureau_clerk, reconsideration):
    with pytest.raises(RuleBroken, match="只有复议后起诉的案件才关联"):
        actions.open_remedy(
            bureau,
            by=bureau_clerk,
            kind="direct_suit",
            opened_on=date(2020, 9, 10),
            reconsideration=reconsideration,
        )


def test_a_suit_is_not_opened_before_its_reconsideration(bureau, bureau_clerk, reconsideration):
    with pytest.raises(RuleBroken, match="早于此前复议的受理日期"):
        actions.open_remedy(
            bureau, by=bureau_clerk, **{**SUIT, "opened_on": date(2020, 6, 30)}, reconsideration=reconsideration
        )


def test_the_case_of_another_agency_is_not_linked(town, office_clerk, reconsideration):
    with pytest.raises(RuleBroken, match="不是这个单位的案件"):
        actions.open_remedy(town, by=office_clerk, **SUIT, reconsideration=reconsideration)


def test_a_co_defendant_may_name_the_case_of_the_original_organ_and_counts_nothing(
    government, office_clerk, reconsideration
):
    suit = actions.open_remedy(
        government, by=office_clerk, **SUIT, reconsideration=reconsideration, standing="co_defendant"
    )
    assert not suit.counts
    assert list(Remedy.objects.filter(queries.counted())) == [reconsideration]


# ---- decisions


@pytest.mark.parametrize(
    ("decision", "result"),
    [
        ("request_dismissed", "upheld"),
        ("revoked", "corrected"),
        ("withdrawn", "other_result"),
    ],
)
def test_the_result_follows_from_the_decision(reconsideration, bureau_clerk, decision, result):
    actions.decide_remedy(reconsideration, by=bureau_clerk, on=date(2020, 8, 28), decision=decision)
    assert (reconsideration.result, reconsideration.decision) == (result, decision)


def test_where_only_the_result_is_known_it_is_given_alone(reconsideration, bureau_clerk):
    actions.decide_remedy(reconsideration, by=bureau_clerk, on=date(2020, 8, 28), result="upheld")
    assert (reconsideration.result, reconsideration.decision) == ("upheld", "")


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"on": date(2020, 6, 30)}, "早于受理日期", "on"),
        ({"on": date(2020, 11, 21)}, "还没有到", "on"),
        ({"on": None}, "要同时写明审结日期", "on"),
        ({"decision": ""}, "要选定裁决种类", "decision"),
        ({"decision": "won"}, "没有“won”这种裁决", "decision"),
        ({"decision": "claims_dismissed"}, "行政复议案件没有“驳回诉讼请求”", "decision"),  # a court's
        ({"result": "victory"}, "没有“victory”这种结果", "result"),
        ({"result": "corrected"}, "通常计入“结果维持”", "reason"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(reconsideration, bureau_clerk, change, sentence, field):
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        actions.decide_remedy(
            reconsideration, by=bureau_clerk, **{"on": date(2020, 8, 28), "decision": "request_dismissed", **change}
        )
    assert refusal.value.field == field
    assert Remedy.objects.get().decided_on is None


def test_another_reading_of_a_decision_needs_a_reason(reconsideration, bureau_clerk):
    actions.decide_remedy(
        reconsideration,
        by=bureau_clerk,
        on=date(2020, 8, 28),
        decision="mediated",
        result="corrected",
        reason="调解书载明重新答复，按上级口径计入纠正",
    )
    assert reconsideration.result == "corrected"


def test_a_case_is_decided_only_once(reconsideration, bureau_clerk):
    behind = Remedy.objects.get(pk=reconsideration.pk)
    actions.decide_remedy(reconsideration, by=bureau_clerk, on=date(2020, 8, 28), decision="revoked")
    with pytest.raises(RuleBroken, match="不能再次登记"):
        actions.decide_remedy(reconsideration, by=bureau_clerk, on=date(2020, 8, 28), decision="revoked")
    with pytest.raises(RuleBroken, match="刷新页面"):
        actions.decide_remedy(behind, by=bureau_clerk, on=date(2020, 8, 28), decision="upheld")


def test_every_decision_can_end_a_case_of_its_kinds(bureau, bureau_clerk):
    for decision in REMEDY_DECISIONS.values():
        for kind in decision.kinds:
            remedy = actions.open_remedy(
                bureau, by=bureau_clerk, kind=kind, opened_on=date(2020, 7, 1), note="外单位复议"
            )
            actions.decide_remedy(remedy, by=bureau_clerk, on=date(2020, 7, 2), decision=decision.code)
            assert remedy.result == decision.result


# ---- putting right


def as_it_is(remedy: Remedy) -> dict[str, object]:
    """All that a change must say, as the case says it now."""
    names = [
        "kind",
        "opened_on",
        "number",
        "organ",
        "application",
        "reconsideration",
        "standing",
        "note",
        "decided_on",
        "result",
        "decision",
    ]
    return {name: getattr(remedy, name) for name in names}


def test_a_second_instance_replaces_the_result(reconsideration, bureau_clerk):
    actions.decide_remedy(reconsideration, by=bureau_clerk, on=date(2020, 8, 28), decision="request_dismissed")
    given = {**as_it_is(reconsideration), "decided_on": date(2020, 10, 9), "decision": "revoked", "result": ""}
    actions.change_remedy(reconsideration, by=bureau_clerk, reason="改判", **given)
    assert (reconsideration.decided_on, reconsideration.result) == (date(2020, 10, 9), "corrected")
    assert journal.verify()[1] is None


def test_without_a_day_of_decision_the_case_is_pending_again(reconsideration, bureau_clerk):
    actions.decide_remedy(reconsideration, by=bureau_clerk, on=date(2020, 8, 28), decision="request_dismissed")
    given = {**as_it_is(reconsideration), "decided_on": None, "decision": "", "result": ""}
    actions.change_remedy(reconsideration, by=bureau_clerk, reason="误录", **given)
    assert (reconsideration.decided_on, reconsideration.result) == (None, "")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": " "}, "要写明理由"),
        ({}, "没有改动"),
        ({"result": "upheld"}, "要同时写明审结日期"),
        ({"number": ""}, "要写明案件编号"),
        ({"decided_on": date(2020, 6, 1), "decision": "revoked"}, "早于受理日期"),
        ({"kind": "direct_suit", "standing": "co_defendant"}, "只有复议后起诉"),
    ],
)
def test_a_change_that_cannot_be_is_refused(reconsideration, bureau_clerk, change, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.change_remedy(
            reconsideration, by=bureau_clerk, **{"reason": "更正", **as_it_is(reconsideration), **change}
        )


def test_a_reconsideration_with_a_suit_behind_it_stays_one(bureau, bureau_clerk, reconsideration):
    actions.open_remedy(bureau, by=bureau_clerk, **SUIT, reconsideration=reconsideration)
    with pytest.raises(RuleBroken, match="有起诉案件关联着"):
        actions.change_remedy(
            reconsideration, by=bureau_clerk, reason="更正", **{**as_it_is(reconsideration), "kind": "direct_suit"}
        )


# ---- many at once


def test_many_cases_are_opened_and_decided_with_a_line_each(bureau, bureau_clerk):
    new = actions.NewRemedy(agency=bureau, kind="direct_suit", opened_on=date(2020, 3, 2))
    made = actions.open_many([new] * 5, by=bureau_clerk)
    decisions = [actions.Decision(remedy=remedy, on=date(2020, 5, 6), decision="claims_dismissed") for remedy in made]
    actions.decide_many(decisions, by=bureau_clerk)
    assert Remedy.objects.filter(result="upheld", version=2).count() == 5
    assert list(
        JournalLine.objects.filter(verb__startswith="remedy.").order_by("number").values_list("verb", "rows")
    ) == [("remedy.opened_many", 5), ("remedy.decided_many", 5)]
    assert journal.verify()[1] is None


def test_one_bad_row_refuses_all_and_is_named(bureau, bureau_clerk):
    good = {"agency": bureau, "kind": "direct_suit", "opened_on": date(2020, 3, 2)}
    with pytest.raises(RuleBroken, match=r"^第 2 行：没有“appeal”"):
        actions.open_many([actions.NewRemedy(**good), actions.NewRemedy(**{**good, "kind": "appeal"})], by=bureau_clerk)
    assert not Remedy.objects.exists()


def test_one_bad_decision_refuses_all_and_is_named(bureau, bureau_clerk, reconsideration):
    with pytest.raises(RuleBroken, match=r"^第 1 行：审结日期 2020-06-01 早于"):
        actions.decide_many(
            [actions.Decision(remedy=reconsideration, on=date(2020, 6, 1), decision="revoked")], by=bureau_clerk
        )


# ---- people, frozen years


def test_pending_cases_change_hands(bureau, bureau_clerk, reconsideration, administrator):
    successor = make_staff("ding", "丁科员", bureau, CLERK)
    actions.assign_handler(reconsideration, by=bureau_clerk, handler=bureau_clerk)
    assert actions.hand_over(bureau_clerk, successor, by=administrator, reason="调离") == 1
    reconsideration.refresh_from_db()
    assert reconsideration.handler == successor
    assert journal.verify()[1] is None


def test_pending_cases_are_open_work(bureau_clerk, reconsideration):
    actions.assign_handler(reconsideration, by=bureau_clerk, handler=bureau_clerk)
    assert [item.title for item in open_work.items_of(bureau_clerk)] == ["示政复〔2020〕3号　行政复议"]


def test_an_administrator_opens_and_decides_nothing(bureau, administrator, reconsideration):
    with pytest.raises(NotAllowed):
        actions.open_remedy(bureau, by=administrator, kind="direct_suit", opened_on=date(2020, 7, 1))
    with pytest.raises(NotAllowed):
        actions.decide_remedy(reconsideration, by=administrator, on=date(2020, 8, 28), decision="revoked")
    assert not queries.visible_to(administrator).exists()


def test_a_frozen_year_asks_for_the_reason(reconsideration, bureau_clerk, frozen):
    frozen.add(2020)
    with clock.frozen(date(2021, 2, 1)):
        with pytest.raises(RuleBroken, match="已经定稿"):
            actions.decide_remedy(reconsideration, by=bureau_clerk, on=date(2020, 12, 30), decision="revoked")
        actions.decide_remedy(reconsideration, by=bureau_clerk, on=date(2021, 1, 20), decision="revoked")
    assert reconsideration.result == "corrected"


def test_pending_on_the_last_day_of_a_year_counts_for_that_year(reconsideration, bureau_clerk):
    with clock.frozen(date(2021, 2, 1)):
        actions.decide_remedy(reconsideration, by=bureau_clerk, on=date(2021, 1, 1), decision="revoked")
    pending = Remedy.objects.filter(queries.pending_at_end_of(date(2020, 12, 31)))
    decided = Remedy.objects.filter(queries.decided_in(date(2020, 1, 1), date(2020, 12, 31)))
    assert (list(pending), list(decided)) == ([reconsideration], [])


def test_a_case_about_an_application_of_another_agency_is_refused(town, office_clerk, application):
    with pytest.raises(RuleBroken, match="不是这个单位受理的"):
        actions.open_remedy(
            town, by=office_clerk, kind="direct_suit", opened_on=date(2020, 7, 1), application=application
        )
    assert applications.why_not_close(application)


def test_a_reason_that_names_the_applicant_is_refused_since_it_would_stand_in_the_journal(
    reconsideration, bureau_clerk
):
    with pytest.raises(RuleBroken, match="申请人"):
        actions.decide_remedy(
            reconsideration, by=bureau_clerk, on=date(2020, 9, 1), result="upheld", reason="申请人甲当面说明了情况"
        )
    reconsideration.refresh_from_db()
    assert reconsideration.decided_on is None
