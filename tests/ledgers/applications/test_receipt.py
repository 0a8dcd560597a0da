"""Registering: number, clock, refusals."""

from datetime import date, timedelta

import pytest

from gongkai.base import clock, journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine
from gongkai.ledgers.applications import actions
from gongkai.ledgers.applications.models import Applicant, Application

pytestmark = pytest.mark.django_db


def test_the_number_is_prefix_year_and_the_next_of_the_series(bureau, bureau_clerk, entry):
    numbers = [actions.register_application(bureau, by=bureau_clerk, **entry).number for _ in range(2)]
    assert numbers == ["示教公开申〔2020〕1号", "示教公开申〔2020〕2号"]


def test_each_year_has_a_series_of_its_own(bureau, bureau_clerk, entry, application):
    other = actions.register_application(bureau, by=bureau_clerk, **{**entry, "received_on": date(2019, 12, 2)})
    assert other.number == "示教公开申〔2019〕1号"


def test_a_number_given_outside_is_kept_and_skipped_by_the_series(bureau, bureau_clerk, entry):
    actions.register_application(bureau, by=bureau_clerk, **entry, number="示教公开申〔2020〕1号")
    assert actions.register_application(bureau, by=bureau_clerk, **entry).number == "示教公开申〔2020〕2号"


def test_a_number_is_never_given_twice(bureau, bureau_clerk, entry, application):
    with pytest.raises(RuleBroken, match="已经用过"):
        actions.register_application(bureau, by=bureau_clerk, **entry, number=application.number)


def test_agencies_of_one_prefix_share_the_series(bureau, town, office_clerk, entry):
    town.document_prefix = bureau.document_prefix
    town.save()
    journal.record("agency.changed", town, by=None)
    found = [actions.register_application(agency, by=office_clerk, **entry).number for agency in (bureau, town)]
    assert found == ["示教公开申〔2020〕1号", "示教公开申〔2020〕2号"]


@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        (date(2020, 11, 2), date(2020, 11, 30)),  # four plain weeks
        (date(2020, 9, 18), date(2020, 10, 22)),  # National Day, with two make-up workdays
        (date(2020, 1, 20), date(2020, 2, 25)),  # Spring Festival, prolonged by the epidemic notice
        (date(2019, 5, 14), date(2019, 6, 4)),  # the last day of the 2007 text: 15 working days
        (date(2019, 5, 15), date(2019, 6, 13)),  # the first day of the present text: 20
    ],
)
def test_the_limit_follows_from_the_day_of_receipt(bureau, bureau_clerk, entry, received_on, due_on):
    entry["received_on"] = received_on
    assert actions.register_application(bureau, by=bureau_clerk, **entry).due_on == due_on


def test_the_limit_is_provisional_where_it_reaches_a_year_without_a_notice(bureau, bureau_clerk, entry):
    entry["received_on"] = date(2026, 12, 31)
    with clock.frozen(date(2026, 12, 31)):
        application = actions.register_application(bureau, by=bureau_clerk, **entry)
    assert (application.due_on, application.due_is_provisional) == (date(2027, 1, 28), True)


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"received_on": date(2020, 11, 21)}, "还没有到", "received_on"),
        ({"received_on": date(2008, 4, 30)}, "条例自 2008-05-01 起施行", "received_on"),
        ({"received_on": date(2009, 12, 31)}, "尚未设立或者已经撤销", "agency"),  # the bureau exists since 2010
        ({"channel": "telegram"}, "没有“telegram”这种收到渠道", "channel"),
        ({"applicant_kind": "club"}, "没有“club”这类申请人", "applicant_kind"),
        ({"applicants": [" "]}, "要写明申请人的姓名或者名称", "applicants"),
        ({"applicants": ["长" * 121]}, "最多 120 个字", "applicants"),
        ({"description": " "}, "要写明所需信息", "description"),
        ({"subject": "题" * 61}, "最多 60 个字", "subject"),
        ({"number": "号" * 41}, "最多 40 个字", "number"),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(bureau, bureau_clerk, entry, change, sentence, field):
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        actions.register_application(bureau, by=bureau_clerk, **{**entry, **change})
    assert refusal.value.field == field
    assert not Application.objects.exists()
    assert not JournalLine.objects.filter(verb__startswith="application.").exists()


def test_the_first_of_several_applicants_represents_them(bureau, bureau_clerk, entry):
    entry["applicants"] = ["申请人甲", " ", "申请人乙"]
    application = actions.register_application(bureau, by=bureau_clerk, **entry)
    assert list(application.applicants.order_by("pk").values_list("name", "is_representative")) == [
        ("申请人甲", True),
        ("申请人乙", False),
    ]


def test_a_handler_needs_a_business_role_at_the_agency(bureau, bureau_clerk, administrator, entry):
    with pytest.raises(RuleBroken, match="没有业务角色"):
        actions.register_application(bureau, by=bureau_clerk, **entry, handler=administrator)


def test_a_clerk_registers_only_for_the_own_agency(town, bureau_clerk, entry):
    with pytest.raises(NotAllowed, match="登记申请"):
        actions.register_application(town, by=bureau_clerk, **entry)


def test_the_journal_names_the_row_and_not_the_applicant(application):
    line = JournalLine.objects.get(verb="application.registered")
    assert (line.subject, line.subject_pk, line.subject_version) == ("applications.application", application.pk, 1)
    assert "申请人甲" not in str(list(JournalLine.objects.values()))
    assert journal.verify()[1] is None


# ---- many at once


def news(bureau, entry, count):
    rows = ({**entry, "received_on": date(2020, 1, 6) + timedelta(days=n % 300)} for n in range(count))
    return [actions.NewApplication(agency=bureau, **row) for row in rows]


def test_many_are_registered_with_one_line(bureau, bureau_clerk, entry):
    made = actions.register_many(news(bureau, entry, 30), by=bureau_clerk)
    assert [application.number for application in made[:2]] == ["示教公开申〔2020〕1号", "示教公开申〔2020〕2号"]
    assert Applicant.objects.count() == 30
    line = JournalLine.objects.get(verb__startswith="application.")
    assert (line.verb, line.rows, line.agency_id) == ("application.registered_many", 60, bureau.pk)
    assert journal.verify()[1] is None


def test_many_give_the_same_rows_as_one_by_one(bureau, bureau_clerk, entry):
    (many,) = actions.register_many([actions.NewApplication(agency=bureau, **entry)], by=bureau_clerk)
    one = actions.register_application(bureau, by=bureau_clerk, **entry)
    own = {"id", "number", "public_id"}
    contents = [
        {name: value for name, value in journal.content_of(row).items() if name not in own} for row in (many, one)
    ]
    assert contents[0] == contents[1]


def test_one_bad_row_refuses_all_and_is_named(bureau, bureau_clerk, entry):
    rows = news(bureau, entry, 3)
    rows[1] = actions.NewApplication(agency=bureau, **{**entry, "channel": "telegram"})
    with pytest.raises(RuleBroken, match=r"^第 2 行：没有“telegram”"):
        actions.register_many(rows, by=bureau_clerk)
    assert not Application.objects.exists()


def test_all_refusals_can_be_listed_with_their_rows(bureau, bureau_clerk, entry):
    twice = {**entry, "number": "旧编号1"}
    rows = [actions.NewApplication(agency=bureau, **{**twice, **change}) for change in ({}, {}, {"description": ""})]
    assert [(row, broken.field) for row, broken in actions.row_refusals(rows)] == [
        (2, "number"),
        (3, "description"),
        (3, "number"),
    ]


def test_the_number_of_queries_does_not_grow_with_the_rows(bureau, bureau_clerk, entry, django_assert_max_num_queries):
    bureau_clerk.roles_at(bureau.pk)
    rows = news(bureau, entry, 400)
    with django_assert_max_num_queries(40):
        actions.register_many(rows, by=bureau_clerk)


# ---- frozen years


def test_a_frozen_year_asks_for_the_reason(bureau, bureau_clerk, entry, frozen_2020):
    with pytest.raises(RuleBroken, match="已经定稿") as refusal:
        actions.register_application(bureau, by=bureau_clerk, **entry)
    assert refusal.value.field == "reason"


def test_an_application_that_is_still_open_touches_each_year_since(bureau, bureau_clerk, entry, frozen_2020):
    with pytest.raises(RuleBroken, match="2020年度报告已经定稿"):
        actions.register_application(bureau, by=bureau_clerk, **{**entry, "received_on": date(2019, 12, 2)})


def test_with_a_reason_a_frozen_year_is_changed(bureau, bureau_clerk, entry, frozen_2020):
    assert actions.register_application(bureau, by=bureau_clerk, **entry, reason="漏登，来信在档案中找到").pk
