"""Agencies begin, change and end; each refusal says what would have to be otherwise and changes nothing."""

from datetime import date

import pytest

from gongkai.base import journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine
from gongkai.ledgers.agencies import actions, queries
from gongkai.ledgers.agencies.actions import AgencyRow
from gongkai.ledgers.agencies.models import Agency, AgencyTerm, Post
from gongkai.ledgers.agencies.tree import lines_of_duty, tree_on
from tests.district import SINCE, make_agency, make_staff
from tests.ledgers.agencies.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(government) -> Agency:
    return make_agency("zhengban", "SF002", "示范区政府办公室", "internal_office", government, reports_for_itself=False)


def new(parent, administrator, **fields):
    given = {"slug": "shuiwu", "code": "SF030", "name": "示范区水务局", "kind": "department", "valid_from": TODAY}
    return actions.create_agency(**{**given, "parent": parent, "by": administrator, **fields})


def test_a_new_agency_stands_under_its_parent_from_its_first_day(government, administrator):
    agency = new(government, administrator)
    assert tree_on(TODAY).nodes[agency.pk].parent == government.pk
    assert agency.pk not in tree_on(date(2020, 11, 1)).nodes


def test_the_short_name_is_the_name_when_none_is_given(government, administrator):
    assert new(government, administrator).terms.get().short_name == "示范区水务局"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"slug": "Shui Wu"}, "代号“Shui Wu”不合要求"),
        ({"slug": "shifan"}, "代号“shifan”已经有单位使用"),
        ({"code": "sf 30"}, "机构编码“sf 30”不合要求"),
        ({"code": "SF001"}, "机构编码“SF001”已经有单位使用"),
        ({"name": "  "}, "请填写单位名称"),
        ({"kind": "company"}, "没有“company”这种单位类别"),
        ({"valid_from": date(2009, 1, 1)}, "后者 2010-01-01 才设立"),  # the parent is younger
    ],
)
def test_an_agency_that_cannot_be_is_refused_and_nothing_changes(government, administrator, fields, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        new(government, administrator, **fields)
    assert Agency.objects.count() == 1


def test_only_an_administrator_creates_agencies(government, office_clerk):
    with pytest.raises(NotAllowed, match="您没有“管理单位”的权限"):
        new(government, office_clerk)


def test_an_administrator_of_a_bureau_creates_nothing_beside_it(government, bureau):
    of_bureau = make_staff("bumen", "卜管理", bureau, "administrator")
    with pytest.raises(NotAllowed):
        new(government, of_bureau)


def test_a_list_of_agencies_may_name_parents_further_down(government):
    rows = [
        AgencyRow("keshi", "SF031", "综合科", "internal_office", TODAY, parent="shuiwu"),
        AgencyRow("shuiwu", "SF030", "示范区水务局", "department", TODAY, parent="shifan"),
    ]
    office, bureau = actions.create_agencies(rows)
    assert tree_on(TODAY).ancestors(office.pk) == [office.pk, bureau.pk, government.pk]


def test_a_refused_list_names_the_row_and_creates_none(government):
    rows = [
        AgencyRow("shuiwu", "SF030", "示范区水务局", "department", TODAY, parent="shifan"),
        AgencyRow("shuiwu", "SF031", "示范区水务二局", "department", TODAY, parent="shifan"),
    ]
    with pytest.raises(RuleBroken, match="第 2 行：代号“shuiwu”已经有单位使用"):
        actions.create_agencies(rows)
    assert Agency.objects.count() == 1


def test_an_empty_list_is_refused(db):
    with pytest.raises(RuleBroken, match="没有要新建的单位"):
        actions.create_agencies([])


def test_a_list_with_an_unknown_parent_is_refused(government):
    with pytest.raises(RuleBroken, match="上级单位“nobody”不存在"):
        actions.create_agencies([AgencyRow("a", "A", "甲局", "department", TODAY, parent="nobody")])


def test_a_second_root_is_refused(government):
    with pytest.raises(RuleBroken, match="一套系统只有一个根单位"):
        actions.create_agencies([AgencyRow("a", "A", "另一区", "government", TODAY, parent=None)])


def test_parents_in_a_circle_are_refused(government):
    rows = [
        AgencyRow("a", "A", "甲局", "department", TODAY, parent="b"),
        AgencyRow("b", "B", "乙局", "department", TODAY, parent="a"),
    ]
    with pytest.raises(RuleBroken, match=r"隶属关系会成环：.*→"):
        actions.create_agencies(rows)


def test_a_hundred_agencies_take_few_queries(government, django_assert_max_num_queries):
    rows = [AgencyRow(f"a{i}", f"A{i}", f"甲{i}局", "department", TODAY, parent="shifan") for i in range(100)]
    with django_assert_max_num_queries(25):
        actions.create_agencies(rows)


# ---- terms


def test_a_renamed_agency_keeps_its_old_name_for_the_days_before(bureau, administrator):
    actions.set_term(bureau, valid_from=TODAY, name="示范区教育体育局", by=administrator)
    assert tree_on(date(2020, 11, 1)).name(bureau.pk) == "示范区教育局"
    assert tree_on(TODAY).name(bureau.pk) == "示范区教育体育局"


def test_a_change_in_the_past_holds_until_the_next_change(bureau, administrator):
    actions.set_term(bureau, valid_from=date(2020, 6, 1), name="示范区教体局", by=administrator)
    actions.set_term(bureau, valid_from=date(2015, 1, 1), reports_for_itself=False, by=administrator, reason="补登记")
    spans = [(t.valid_from, t.valid_to, t.name, t.reports_for_itself) for t in bureau.terms.order_by("valid_from")]
    assert spans == [
        (SINCE, date(2014, 12, 31), "示范区教育局", True),
        (date(2015, 1, 1), date(2020, 5, 31), "示范区教育局", False),
        (date(2020, 6, 1), None, "示范区教体局", True),
    ]


def test_a_correction_of_a_term_needs_a_reason(bureau, administrator):
    with pytest.raises(RuleBroken, match="2010-01-01 已有一条沿革，更正它要写明理由"):
        actions.set_term(bureau, valid_from=SINCE, name="示范区教委", by=administrator)
    actions.set_term(bureau, valid_from=SINCE, name="示范区教委", by=administrator, reason="录入错误")
    assert bureau.terms.get().name == "示范区教委"


def test_a_change_that_touches_a_frozen_year_needs_a_reason(bureau, administrator, reports):
    reports.frozen = {2019}
    with pytest.raises(RuleBroken, match="示范区2019年年度报告已经定稿"):
        actions.set_term(bureau, valid_from=date(2019, 6, 1), name="示范区教体局", by=administrator)
    actions.set_term(bureau, valid_from=date(2020, 6, 1), name="示范区教体局", by=administrator)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "示范区教育局"}, "没有任何改动"),
        ({"name": " "}, "请填写单位名称"),
        ({"kind": "company"}, "没有“company”这种单位类别"),
        ({"parent": None}, "一套系统只有一个根单位"),
        ({"name": "新名", "valid_from": date(2009, 1, 1)}, "该单位在 2009-01-01 不存在"),
    ],
)
def test_a_term_that_cannot_be_is_refused(bureau, administrator, fields, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.set_term(bureau, **{"valid_from": TODAY, "by": administrator, **fields})
    assert bureau.terms.count() == 1


def test_an_agency_never_moves_under_a_body_of_its_own(government, bureau, office, administrator):
    actions.set_term(office, valid_from=TODAY, parent=bureau, by=administrator)
    with pytest.raises(RuleBroken, match="成环"):
        actions.set_term(bureau, valid_from=date(2020, 12, 1), parent=office, by=administrator)


def test_the_root_never_moves(government, bureau, administrator):
    with pytest.raises(RuleBroken, match="成环"):
        actions.set_term(government, valid_from=TODAY, parent=bureau, by=administrator)


# ---- ends


def end(agency, administrator, **fields):
    given = {"last_day": date(2020, 10, 31), "reason": "示编〔2020〕3号"}
    actions.end_agency(agency, by=administrator, **{**given, **fields})


def test_an_ended_agency_stays_in_the_tree_of_its_days(bureau, town, administrator):
    end(bureau, administrator, successor=town)
    assert bureau.pk in tree_on(date(2020, 10, 31)).nodes
    assert bureau.pk not in tree_on(date(2020, 11, 1)).nodes


def test_people_and_posts_go_on_at_the_successor(bureau, town, bureau_clerk, administrator):
    end(bureau, administrator, successor=town)
    bureau_clerk.refresh_from_db()
    assert bureau_clerk.agency == town
    assert [(p.agency, p.valid_to) for p in Post.objects.filter(staff=bureau_clerk)] == [
        (bureau, date(2020, 10, 31)),
        (town, None),
    ]


def test_the_people_of_the_successor_may_act_on_what_the_old_agency_left(bureau, town, administrator):
    town_clerk = make_staff("tian", "田科员", town, "clerk")
    end(bureau, administrator, successor=town)
    assert town_clerk.roles_at(bureau.pk) == {"clerk"}


def test_a_post_held_already_at_the_successor_is_not_given_twice(bureau, town, bureau_clerk, administrator):
    actions.grant_post(bureau_clerk, agency=town, role="clerk", by=administrator)
    end(bureau, administrator, successor=town)
    assert Post.objects.filter(staff=bureau_clerk, agency=town).count() == 1


def test_bodies_below_move_to_the_successor(government, bureau, town, office, administrator):
    actions.set_term(office, valid_from=date(2019, 1, 1), parent=bureau, by=administrator, reason="补登记")
    end(bureau, administrator, successor=town)
    assert tree_on(date(2020, 10, 31)).nodes[office.pk].parent == bureau.pk
    assert tree_on(date(2020, 11, 1)).nodes[office.pk].parent == town.pk


def test_a_body_that_succeeds_the_one_above_it_moves_up(government, bureau, office, administrator):
    actions.set_term(office, valid_from=date(2019, 1, 1), parent=bureau, by=administrator, reason="补登记")
    end(bureau, administrator, successor=office)
    assert tree_on(TODAY).nodes[office.pk].parent == government.pk


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"last_day": date(2020, 11, 3)}, "撤销日期还没有到"),
        ({"reason": " "}, "请写明依据"),
        ({"last_day": date(2009, 12, 31)}, "撤销日期不能早于这一天"),
    ],
)
def test_an_end_that_cannot_be_is_refused(bureau, administrator, fields, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        end(bureau, administrator, **fields)
    assert bureau.terms.get().valid_to is None


def test_an_agency_is_not_ended_twice(bureau, town, administrator):
    end(bureau, administrator, successor=town)
    with pytest.raises(RuleBroken, match="已于 2020-10-31 撤销"):
        end(bureau, administrator, successor=town)


def test_the_root_is_never_ended(government, bureau, administrator):
    with pytest.raises(RuleBroken, match="根单位不能撤销"):
        end(government, administrator, successor=bureau)


def test_an_agency_does_not_succeed_itself(bureau, administrator):
    with pytest.raises(RuleBroken, match="承接单位不能是它自己"):
        end(bureau, administrator, successor=bureau)


def test_a_successor_exists_on_the_day_after(bureau, town, office, administrator):
    end(town, administrator, successor=office)
    with pytest.raises(RuleBroken, match="承接单位在 2020-11-01 不存在"):
        end(bureau, administrator, successor=town)


def test_without_a_successor_no_body_may_be_left(bureau, office, administrator):
    actions.set_term(office, valid_from=TODAY, parent=bureau, by=administrator)
    with pytest.raises(RuleBroken, match="还有 1 个下级单位"):
        end(bureau, administrator)


def test_without_a_successor_nobody_may_be_left(bureau, bureau_clerk, administrator):
    with pytest.raises(RuleBroken, match="还有 1 名在用人员"):
        end(bureau, administrator)
    assert bureau.terms.get().valid_to is None


def test_an_empty_agency_ends_without_a_successor(bureau, administrator):
    end(bureau, administrator)
    assert bureau.terms.get().valid_to == date(2020, 10, 31)


def test_an_ended_agency_does_not_begin_again(bureau, town, administrator):
    end(bureau, administrator, successor=town)
    with pytest.raises(RuleBroken, match="该单位在 2020-11-02 不存在"):
        actions.set_term(bureau, valid_from=TODAY, name="又来", by=administrator)


def test_merged_agencies_end_together_even_one_below_the_other(government, bureau, town, office, administrator):
    actions.set_term(office, valid_from=date(2019, 1, 1), parent=bureau, by=administrator, reason="补登记")
    actions.merge_agencies([bureau, office], into=town, last_day=date(2020, 10, 31), by=administrator, reason="改革")
    assert set(tree_on(TODAY).nodes) == {government.pk, town.pk}
    assert {lines_of_duty(TODAY)[agency.pk] for agency in (bureau, office)} == {town.pk}


def test_a_merger_names_what_is_merged(town, administrator):
    with pytest.raises(RuleBroken, match="请选择要并入的单位"):
        actions.merge_agencies([], into=town, last_day=TODAY, by=administrator, reason="改革")


def parts():
    return [
        AgencyRow("jiaowei", "SF021", "示范区教委", "department", TODAY, parent=None),
        AgencyRow("tiyu", "SF022", "示范区体育局", "department", TODAY, parent=None),
    ]


def test_a_split_agency_is_succeeded_by_one_of_its_parts(government, bureau, bureau_clerk, administrator):
    made = actions.split_agency(
        bureau, parts=parts(), successor="tiyu", last_day=date(2020, 10, 31), by=administrator, reason="改革"
    )
    assert [agency.terms.get().valid_from for agency in made] == [date(2020, 11, 1)] * 2
    bureau_clerk.refresh_from_db()
    assert bureau_clerk.agency.slug == "tiyu"


@pytest.mark.parametrize(
    ("some", "successor", "sentence"),
    [(slice(1), "jiaowei", "至少要有两个新单位"), (slice(2), "jiaoyu", "承接单位要从分设出的单位里选")],
)
def test_a_split_that_cannot_be_is_refused(bureau, administrator, some, successor, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.split_agency(
            bureau, parts=parts()[some], successor=successor, last_day=TODAY, by=administrator, reason="改革"
        )


def test_the_root_is_never_split(government, administrator):
    with pytest.raises(RuleBroken, match="根单位不能撤销或者分设"):
        actions.split_agency(
            government, parts=parts(), successor="tiyu", last_day=TODAY, by=administrator, reason="改革"
        )


def test_after_all_of_it_the_journal_proves_every_row(government, bureau, town, office, bureau_clerk, administrator):
    new(government, administrator)
    actions.set_term(bureau, valid_from=date(2020, 6, 1), name="示范区教体局", by=administrator)
    actions.set_term(office, valid_from=date(2019, 1, 1), parent=bureau, by=administrator, reason="补登记")
    end(bureau, administrator, successor=town)
    assert journal.verify()[1] is None
    assert JournalLine.objects.filter(verb="agency.ended", reason="示编〔2020〕3号").exists()


def test_terms_can_be_counted_by_kind_on_a_day(government, bureau, town, administrator):
    end(bureau, administrator)
    assert queries.terms_on(date(2020, 10, 31)).filter(kind="department").count() == 1
    assert queries.terms_on(TODAY).filter(kind="department").count() == 0
    assert AgencyTerm.objects.count() == 3
