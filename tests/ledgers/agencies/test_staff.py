"""Accounts, posts and hand-overs; each refusal says what would have to be otherwise and changes nothing."""

from datetime import date, timedelta

import pytest

from gongkai.base import journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine, RowVersion
from gongkai.base.permissions import ADMINISTRATOR, BUSINESS_ROLES, verbs
from gongkai.ledgers.agencies import actions
from gongkai.ledgers.agencies.actions import StaffRow
from gongkai.ledgers.agencies.models import Post, Staff
from tests.district import PASSWORD, make_staff
from tests.ledgers.agencies.conftest import TODAY

pytestmark = pytest.mark.django_db
WHY = "示人〔2020〕5号"


def fresh(staff: Staff) -> Staff:
    """The person as the next request loads him: roles are read once per loaded user."""
    return Staff.objects.get(pk=staff.pk)


@pytest.fixture
def second(government) -> Staff:
    """A second system administrator."""
    return make_staff("fuguan", "傅管理", government, ADMINISTRATOR)


def new(agency, administrator, **fields):
    given = {"username": "qian", "name": "钱科员", "roles": ["clerk"]}
    return actions.create_staff(**{**given, "agency": agency, "by": administrator, **fields})


# ---- accounts


def test_a_new_account_has_a_temporary_password_that_must_be_changed(bureau, administrator):
    account = new(bureau, administrator)
    assert account.staff.must_change_password
    assert fresh(account.staff).check_password(account.password)


def test_a_temporary_password_meets_the_rules_of_the_settings(bureau, administrator):
    from django.contrib.auth.password_validation import validate_password

    validate_password(new(bureau, administrator).password)


def test_a_new_account_holds_its_roles_from_today(bureau, administrator):
    assert new(bureau, administrator).staff.roles_at(bureau.pk) == {"clerk"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": "9qian"}, "登录名“9qian”不合要求"),
        ({"username": "guanli"}, "登录名“guanli”已经有人使用"),
        ({"username": "GUANLI"}, "登录名“guanli”已经有人使用"),  # names are kept in small letters
        ({"name": " "}, "请填写姓名"),
        ({"roles": ["king"]}, "没有“king”这种角色"),
        ({"roles": ["clerk", "clerk"]}, "角色写了两遍"),
        ({"roles": ["administrator", "clerk"]}, "系统管理员不办业务"),
    ],
)
def test_an_account_that_cannot_be_is_refused(bureau, administrator, fields, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        new(bureau, administrator, **fields)
    assert Staff.objects.count() == 1


def test_only_an_administrator_opens_accounts(bureau, office_clerk):
    with pytest.raises(NotAllowed, match="管理人员账号"):
        new(bureau, office_clerk)


def test_a_list_of_staff_is_opened_in_one_go(government, bureau, django_assert_max_num_queries):
    rows = [StaffRow(f"ren{i}", "任科员", "jiaoyu", ("clerk",), PASSWORD) for i in range(50)]
    with django_assert_max_num_queries(18):
        made = actions.create_staff_members(rows)
    assert made[49].staff.check_password(PASSWORD)


def test_a_refused_list_of_staff_names_the_row_and_opens_none(bureau):
    rows = [StaffRow("ren1", "任科员", "jiaoyu"), StaffRow("ren2", "任科员", "nowhere")]
    with pytest.raises(RuleBroken, match="第 2 行：没有代号为“nowhere”的单位"):
        actions.create_staff_members(rows)
    assert not Staff.objects.exists()


def test_a_weak_password_in_a_list_is_refused(bureau):
    with pytest.raises(RuleBroken, match="第 1 行：密码"):
        actions.create_staff_members([StaffRow("ren1", "任科员", "jiaoyu", password="123456")])


def test_an_empty_list_of_staff_is_refused(db):
    with pytest.raises(RuleBroken, match="没有要新建的人员"):
        actions.create_staff_members([])


def test_a_name_is_corrected(bureau_clerk, administrator):
    actions.rename_staff(bureau_clerk, name="林主任", by=administrator)
    assert fresh(bureau_clerk).name == "林主任"


@pytest.mark.parametrize(("name", "sentence"), [("林科员", "姓名没有改动"), ("", "请填写姓名")])
def test_a_name_that_is_no_change_is_refused(bureau_clerk, administrator, name, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.rename_staff(bureau_clerk, name=name, by=administrator)


# ---- the administrator


def test_the_administrator_holds_no_verb_of_business():
    held = {verb for verb, (roles, _) in verbs().items() if ADMINISTRATOR in roles}
    assert {"agencies.manage", "staff.manage"} <= held
    assert not {verb for verb in held if verb.split(".")[0] in ("applications", "remedies", "returns", "records")}


def test_an_administrator_gets_no_role_of_business(government, administrator, second):
    with pytest.raises(RuleBroken, match="系统管理员不办业务：关管理不能同时有"):
        actions.grant_post(administrator, agency=government, role="clerk", by=second)


def test_who_does_business_gets_no_administration(government, bureau_clerk, administrator):
    with pytest.raises(RuleBroken, match="系统管理员不办业务：林科员不能同时有"):
        actions.grant_post(bureau_clerk, agency=government, role=ADMINISTRATOR, by=administrator)


def test_an_administrator_who_gave_his_role_back_may_do_business(government, administrator, second):
    [post] = Post.objects.filter(staff=second)
    actions.end_post(post, by=administrator)
    actions.grant_post(second, agency=government, role="clerk", by=administrator)
    assert fresh(second).roles_at(government.pk) == {"clerk"}


def test_nobody_grants_himself_a_role(government, administrator):
    with pytest.raises(RuleBroken, match="不能给自己授予角色"):
        actions.grant_post(administrator, agency=government, role="clerk", by=administrator)


def test_the_last_administrator_is_not_closed(government, administrator, bureau):
    of_bureau = make_staff("bumen", "卜管理", bureau, ADMINISTRATOR)
    assert of_bureau.roles_at(bureau.pk) == {ADMINISTRATOR}
    with pytest.raises(RuleBroken, match="关管理是最后一名系统管理员"):
        actions.close_account(administrator, by=None, reason=WHY)


def test_the_last_administrator_keeps_his_post(administrator):
    [post] = Post.objects.filter(staff=administrator)
    with pytest.raises(RuleBroken, match="最后一名系统管理员"):
        actions.end_post(post, by=administrator)


def test_an_administrator_until_a_day_is_no_replacement(government, administrator, bureau):
    other = make_staff("zan", "昝管理", bureau)
    last = TODAY + timedelta(days=30)
    actions.grant_post(other, agency=government, role=ADMINISTRATOR, by=administrator, valid_to=last)
    with pytest.raises(RuleBroken, match="最后一名系统管理员"):
        actions.close_account(administrator, by=None, reason=WHY)


def test_the_last_administrator_is_not_moved(administrator, bureau):
    with pytest.raises(RuleBroken, match="最后一名系统管理员"):
        actions.move_staff(administrator, to=bureau, by=None, reason=WHY)


def test_one_of_two_administrators_is_closed(administrator, second):
    actions.close_account(second, by=administrator, reason=WHY)
    assert not fresh(second).is_active


# ---- posts


def test_a_role_holds_at_the_agency_and_below(government, bureau, office_clerk):
    assert office_clerk.roles_at(bureau.pk) == {"clerk", "disclosure_office"}


def test_a_role_holds_from_its_first_to_its_last_day(bureau, approver, administrator):
    post = actions.grant_post(
        approver, agency=bureau, role="clerk", by=administrator, valid_from=TODAY, valid_to=date(2020, 11, 30)
    )
    held = Post.objects.filter(pk=post.pk)
    assert held.in_force(date(2020, 11, 30)).exists()
    assert not held.in_force(date(2020, 12, 1)).exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"role": "king"}, "没有“king”这种角色"),
        ({"role": "clerk"}, "林科员在这段时间已有该单位的“经办”角色"),
        ({"role": "reviewer", "valid_to": date(2020, 11, 1)}, "截止日不能早于起始日"),
        ({"role": "reviewer", "valid_from": date(2009, 1, 1)}, "该单位在 2009-01-01 不存在"),
    ],
)
def test_a_post_that_cannot_be_is_refused(bureau, bureau_clerk, administrator, fields, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.grant_post(bureau_clerk, agency=bureau, by=administrator, **fields)
    assert Post.objects.filter(staff=bureau_clerk).count() == 1


def test_an_ended_post_ends_at_once(bureau, bureau_clerk, administrator):
    [post] = Post.objects.filter(staff=bureau_clerk)
    actions.end_post(post, by=administrator)
    assert fresh(bureau_clerk).roles_at(bureau.pk) == frozenset()


def test_a_post_granted_by_mistake_today_ends_at_once_too(bureau, bureau_clerk, administrator):
    post = actions.grant_post(bureau_clerk, agency=bureau, role="approver", by=administrator)
    actions.end_post(post, by=administrator)
    assert fresh(bureau_clerk).roles_at(bureau.pk) == {"clerk"}


def test_a_post_may_end_on_a_later_day(bureau, bureau_clerk, administrator):
    [post] = Post.objects.filter(staff=bureau_clerk)
    actions.end_post(post, by=administrator, last_day=date(2020, 11, 30))
    assert fresh(bureau_clerk).roles_at(bureau.pk) == {"clerk"}


def test_a_post_does_not_end_in_the_past(bureau_clerk, administrator):
    [post] = Post.objects.filter(staff=bureau_clerk)
    with pytest.raises(RuleBroken, match="最后一天不能早于今天"):
        actions.end_post(post, by=administrator, last_day=date(2020, 11, 1))


def test_a_post_is_not_ended_twice(bureau_clerk, administrator):
    [post] = Post.objects.filter(staff=bureau_clerk)
    actions.end_post(post, by=administrator)
    with pytest.raises(RuleBroken, match="该任职已经结束"):
        actions.end_post(post, by=administrator)


# ---- deputies


def stand_in(deputy, holder, agency, administrator, **fields):
    given = {"role": "approver", "valid_from": TODAY, "valid_to": date(2020, 11, 30)}
    return actions.deputise(deputy, deputy_for=holder, agency=agency, by=administrator, **{**given, **fields})


def test_a_deputy_holds_the_role_until_the_day_named(bureau, bureau_clerk, bureau_approver, administrator):
    post = stand_in(bureau_clerk, bureau_approver, bureau, administrator)
    assert (post.deputy_for, post.valid_to) == (bureau_approver, date(2020, 11, 30))
    assert fresh(bureau_clerk).roles_at(bureau.pk) == {"clerk", "approver"}


def test_nobody_stands_in_for_himself(bureau, bureau_approver, administrator):
    with pytest.raises(RuleBroken, match="不能代理自己"):
        stand_in(bureau_approver, bureau_approver, bureau, administrator)


def test_a_deputy_gets_no_role_that_is_not_held(bureau, bureau_clerk, bureau_approver, administrator):
    with pytest.raises(RuleBroken, match="白局长在这段时间没有该单位的“审查”角色"):
        stand_in(bureau_clerk, bureau_approver, bureau, administrator, role="reviewer")


# ---- close, reopen, move, hand over


def test_a_closed_account_holds_nothing(bureau, bureau_clerk, administrator):
    actions.close_account(bureau_clerk, by=administrator, reason=WHY)
    assert fresh(bureau_clerk).closed_on == TODAY
    assert not Post.objects.filter(staff=bureau_clerk).in_force(TODAY).exists()


def test_an_account_with_open_work_is_not_closed_without_a_successor(bureau_clerk, administrator, desk_of, item):
    desk_of[bureau_clerk.pk] = [item, item]
    with pytest.raises(RuleBroken, match="林科员还有 2 件在办事项，请选择承接人") as refused:
        actions.close_account(bureau_clerk, by=administrator, reason=WHY)
    assert refused.value.field == "successor"
    assert fresh(bureau_clerk).is_active


def test_open_work_goes_to_the_successor_in_the_same_step(
    bureau, bureau_clerk, bureau_approver, administrator, desk_of, item
):
    desk_of[bureau_clerk.pk] = [item]
    assert actions.close_account(bureau_clerk, by=administrator, reason=WHY, successor=bureau_approver) == 1
    assert desk_of == {bureau_approver.pk: [item]}


def test_a_successor_can_do_the_work(bureau_clerk, administrator, second, town, desk_of, item):
    desk_of[bureau_clerk.pk] = [item]
    town_clerk = make_staff("tian", "田科员", town, "clerk")
    closed = make_staff("gone", "郭科员", town, "clerk")
    actions.close_account(closed, by=administrator, reason=WHY)
    for successor, sentence in (
        (bureau_clerk, "承接人不能是本人"),
        (closed, "郭科员的账号已停用"),
        (town_clerk, "田科员在该单位没有业务角色"),
        (second, "傅管理在该单位没有业务角色"),
    ):
        with pytest.raises(RuleBroken, match=sentence):
            actions.close_account(bureau_clerk, by=administrator, reason=WHY, successor=successor)
    assert desk_of[bureau_clerk.pk] == [item]


def test_an_account_is_not_closed_twice(bureau_clerk, administrator):
    actions.close_account(bureau_clerk, by=administrator, reason=WHY)
    with pytest.raises(RuleBroken, match="该账号已经停用"):
        actions.close_account(bureau_clerk, by=administrator, reason=WHY)


def test_nobody_closes_his_own_account(administrator, second):
    with pytest.raises(RuleBroken, match="不能停用自己的账号"):
        actions.close_account(administrator, by=administrator, reason=WHY)


def test_closing_asks_why(bureau_clerk, administrator):
    with pytest.raises(RuleBroken, match="请写明理由"):
        actions.close_account(bureau_clerk, by=administrator, reason=" ")


def test_a_closed_account_gets_no_role_and_no_password(bureau, bureau_clerk, administrator):
    actions.close_account(bureau_clerk, by=administrator, reason=WHY)
    with pytest.raises(RuleBroken, match="该账号已停用，请先恢复账号"):
        actions.grant_post(bureau_clerk, agency=bureau, role="clerk", by=administrator)
    with pytest.raises(RuleBroken, match="该账号已停用，请先恢复账号"):
        actions.reset_password(bureau_clerk, by=administrator)


def test_an_account_opened_again_has_a_new_password_and_no_role(bureau, bureau_clerk, administrator):
    actions.close_account(bureau_clerk, by=administrator, reason=WHY)
    password = actions.reopen_account(bureau_clerk, by=administrator, reason="返岗")
    again = fresh(bureau_clerk)
    assert (again.is_active, again.must_change_password, again.check_password(password)) == (True, True, True)
    assert again.roles_at(bureau.pk) == frozenset()


def test_an_open_account_is_not_opened_again(bureau_clerk, administrator):
    with pytest.raises(RuleBroken, match="该账号没有停用"):
        actions.reopen_account(bureau_clerk, by=administrator, reason="返岗")


def test_a_moved_person_holds_the_new_roles_only(bureau, town, bureau_clerk, administrator):
    actions.move_staff(bureau_clerk, to=town, by=administrator, reason=WHY, roles=["reviewer"])
    moved = fresh(bureau_clerk)
    assert (moved.agency, moved.roles_at(town.pk), moved.roles_at(bureau.pk)) == (town, {"reviewer"}, frozenset())


def test_open_work_stays_at_the_agency_when_a_person_moves(
    bureau, town, bureau_clerk, bureau_approver, administrator, desk_of, item
):
    desk_of[bureau_clerk.pk] = [item]
    with pytest.raises(RuleBroken, match="还有 1 件在办事项"):
        actions.move_staff(bureau_clerk, to=town, by=administrator, reason=WHY)
    bureau_clerk.refresh_from_db()
    actions.move_staff(bureau_clerk, to=town, by=administrator, reason=WHY, successor=bureau_approver)
    assert desk_of == {bureau_approver.pk: [item]}


def test_nobody_moves_to_where_he_is(bureau, bureau_clerk, administrator):
    with pytest.raises(RuleBroken, match="该人员已在这个单位"):
        actions.move_staff(bureau_clerk, to=bureau, by=administrator, reason=WHY)


def test_nobody_moves_himself(bureau, administrator):
    with pytest.raises(RuleBroken, match="不能调动自己"):
        actions.move_staff(administrator, to=bureau, by=administrator, reason=WHY)


def test_nobody_moves_to_an_agency_that_has_ended(bureau, town, bureau_clerk, administrator):
    actions.end_agency(town, last_day=date(2020, 10, 31), by=administrator, reason="撤销")
    with pytest.raises(RuleBroken, match="该单位在 2020-11-02 不存在"):
        actions.move_staff(bureau_clerk, to=town, by=administrator, reason=WHY)


def test_work_is_handed_over_while_the_account_stays(bureau_clerk, bureau_approver, administrator, desk_of, item):
    desk_of[bureau_clerk.pk] = [item]
    assert actions.hand_over_work(bureau_clerk, successor=bureau_approver, by=administrator, reason="产假") == 1
    assert fresh(bureau_clerk).is_active


def test_without_open_work_there_is_nothing_to_hand_over(bureau_clerk, bureau_approver, administrator):
    with pytest.raises(RuleBroken, match="林科员没有在办事项，不用交接"):
        actions.hand_over_work(bureau_clerk, successor=bureau_approver, by=administrator, reason="产假")


# ---- passwords


def test_a_person_changes_his_password(bureau_clerk):
    actions.change_password(bureau_clerk, old_password=PASSWORD, new_password="qing-chun-2020-abc")
    assert fresh(bureau_clerk).check_password("qing-chun-2020-abc")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("wrong", "qing-chun-2020-abc", "原密码不对"),
        (PASSWORD, PASSWORD, "新密码不能与原密码相同"),
        (PASSWORD, "Lin-2020-2020-abc", "新密码不能包含登录名"),
        (PASSWORD, "kort1", "密码太短，至少要 10 个字符"),
        (PASSWORD, "73829174651", "密码只包含数字"),
        (PASSWORD, "password123", "密码太常见"),
        (PASSWORD, "qingchunqingchun", "至少 2 种"),
    ],
)
def test_a_password_that_is_not_good_is_refused_in_chinese(bureau_clerk, old, new, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.change_password(bureau_clerk, old_password=old, new_password=new)
    assert fresh(bureau_clerk).check_password(PASSWORD)


def test_of_two_changes_of_a_password_at_once_one_counts(bureau_clerk):
    other_window = fresh(bureau_clerk)
    actions.change_password(bureau_clerk, old_password=PASSWORD, new_password="qing-chun-2020-abc")
    with pytest.raises(RuleBroken, match="原密码不对"):
        actions.change_password(other_window, old_password=PASSWORD, new_password="another-one-2020")


def test_a_reset_password_must_be_changed(bureau_clerk, administrator):
    password = actions.reset_password(bureau_clerk, by=administrator)
    assert fresh(bureau_clerk).check_password(password)
    assert fresh(bureau_clerk).must_change_password


def test_nobody_resets_his_own_password(administrator):
    with pytest.raises(RuleBroken, match="自己的密码请用“改密码”修改"):
        actions.reset_password(administrator, by=administrator)


def test_an_account_that_is_not_locked_is_not_unlocked(bureau_clerk, administrator):
    with pytest.raises(RuleBroken, match="该账号没有被锁定"):
        actions.unlock_account(bureau_clerk, by=administrator)


def test_no_password_and_no_hash_ever_reaches_the_journal(bureau, bureau_clerk, administrator):
    given = actions.reset_password(bureau_clerk, by=administrator)
    actions.change_password(fresh(bureau_clerk), old_password=given, new_password="qing-chun-2020-abc")
    kept = [str(version.content) for version in RowVersion.objects.all()]
    kept += [f"{line.reason}{line.changed}" for line in JournalLine.objects.all()]
    secrets = (given, "qing-chun-2020-abc", fresh(bureau_clerk).password)
    assert not any(secret in text for secret in secrets for text in kept)


# ---- the first administrator


def found(**fields):
    given = {
        "slug": "shifan",
        "code": "SF001",
        "name": "示范区人民政府",
        "valid_from": date(2010, 1, 1),
        "username": "admin1",
        "administrator": "关管理",
    }
    return actions.found_installation(**{**given, **fields})


def test_the_first_administrator_manages_the_root(db):
    made = found()
    assert made.administrator.roles_at(made.agency.pk) == {ADMINISTRATOR}
    assert made.administrator.check_password(made.password)


def test_an_installation_is_founded_once(db):
    found()
    with pytest.raises(RuleBroken, match="本系统已经建立"):
        found(slug="other", code="X", username="other")


def test_a_weak_first_password_is_refused_and_leaves_nothing(db):
    with pytest.raises(RuleBroken, match="密码"):
        found(password="12345678")
    assert not Staff.objects.exists()


def test_after_all_of_it_the_journal_proves_every_row(
    bureau, town, bureau_clerk, bureau_approver, administrator, second, desk_of, item
):
    desk_of[bureau_clerk.pk] = [item]
    new(bureau, administrator, roles=sorted(BUSINESS_ROLES))
    actions.close_account(bureau_clerk, by=administrator, reason=WHY, successor=bureau_approver)
    actions.reopen_account(bureau_clerk, by=administrator, reason="返岗")
    bureau_clerk.refresh_from_db()
    actions.move_staff(bureau_clerk, to=town, by=administrator, reason=WHY, roles=["clerk"])
    actions.reset_password(bureau_clerk, by=administrator)
    assert journal.verify()[1] is None
