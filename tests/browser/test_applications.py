"""The pages of applications and remedies as a person meets them: styled, accessible, at both widths; the list by htmx."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from gongkai.base import clock
from gongkai.base.models import Installation
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.remedies import actions as remedies
from tests.browser.pages import assert_good_page, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
ENTRY = {
    "channel": "online",
    "applicant_kind": "natural_person",
    "applicants": ["申请人甲"],
    "description": "临河街道滨水片区（二期）房屋征收补偿方案以及该片区的分户评估结果",
    "subject": "房屋征收补偿",
}


@pytest.fixture(autouse=True)
def _demo_day():
    """The threads of the live server see no frozen clock of ours; a demo day they see."""
    Installation.objects.create(pk=1, kind="demo", demo_date=date(2021, 1, 20), world="browser", created_at=clock.now())
    clock.forget_demo_date()


@pytest.fixture
def cases(bureau, office_clerk, approver):
    """An overdue, an extended and a closed application, and two cases about the closed one."""
    days = (date(2020, 12, 14), date(2020, 12, 28), date(2020, 11, 2))
    made = [
        applications.register_application(bureau, by=office_clerk, received_on=day, handler=office_clerk, **ENTRY)
        for day in days
    ]
    applications.extend_reply(made[1], by=approver, on=date(2021, 1, 18), reason="需检索纸质档案")
    applications.close_application(
        made[2], by=office_clerk, on=date(2020, 11, 20), outcome="refused.third_party_rights.personal_privacy"
    )
    before = remedies.open_remedy(
        bureau, by=office_clerk, kind="reconsideration", opened_on=date(2020, 12, 1), application=made[2]
    )
    remedies.decide_remedy(before, by=office_clerk, on=date(2020, 12, 30), decision="request_dismissed")
    suit = remedies.open_remedy(
        bureau,
        by=office_clerk,
        kind="suit_after_reconsideration",
        opened_on=date(2021, 1, 11),
        reconsideration=before,
    )
    return [*made, before, suit]


def test_every_page_is_good_at_each_width(page_at_each_width, office_clerk, cases):
    page = page_at_each_width
    overdue, extended, closed, before, suit = (case.pk for case in cases)
    sign_in(page, office_clerk)
    addresses = [
        reverse("desk:applications"),
        reverse("desk:applications") + "?tab=all",
        reverse("desk:application_new"),
        *(reverse("desk:application", args=[pk]) for pk in (overdue, extended, closed)),
        *(
            reverse(f"desk:application_{verb}", args=[pk])
            for verb, pk in (
                ("close", overdue),
                ("extend", overdue),
                ("assign", overdue),
                ("change", overdue),
                ("correct_closing", closed),
                ("reopen", closed),
            )
        ),
        reverse("desk:remedies"),
        reverse("desk:remedy_new"),
        *(reverse("desk:remedy", args=[pk]) for pk in (before, suit)),
        reverse("desk:remedy_decide", args=[suit]),
        reverse("desk:remedy_change", args=[before]),
        reverse("portal:apply"),
        "/elder" + reverse("portal:apply"),
    ]
    for address in addresses:
        assert page.goto(address).status == 200, address
        assert_good_page(page)


def test_the_list_narrows_without_a_button(page, office_clerk, cases):
    sign_in(page, office_clerk)
    page.goto(reverse("desk:applications") + "?tab=all")
    assert page.locator("#application-list tbody tr").count() == 3
    page.select_option("select[name=outcome]", "refused.third_party_rights.personal_privacy")
    expect(page.locator("#application-list tbody tr")).to_have_count(1)
    assert "outcome=refused" in page.url
    page.go_back()
    expect(page.locator("#application-list tbody tr")).to_have_count(3)
    assert_good_page(page)


def test_an_error_is_summed_up_and_stands_beside_its_field(page, office_clerk, cases):
    sign_in(page, office_clerk)
    page.goto(reverse("desk:application_close", args=[cases[0].pk]))
    page.fill("input[name=on]", "2020-12-01")
    page.select_option("select[name=outcome]", "granted")
    page.click("main button.button-main")
    page.wait_for_selector(".summary")
    assert page.locator(".field-bad").count() == 1
    assert "办结日期 2020-12-01 早于收到日期 2020-12-14。" in page.inner_text(".summary")
    assert_good_page(page)
    assert Application.objects.get(pk=cases[0].pk).closed_on is None
