"""The desk pages of remedies, through the plain test client."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from gongkai.base import clock
from gongkai.base.permissions import CLERK
from gongkai.ledgers.remedies import actions
from gongkai.ledgers.remedies.models import Remedy
from tests.district import make_staff

pytestmark = pytest.mark.django_db
NAMES = ("remedy", "remedy_decide", "remedy_assign", "remedy_change")


@pytest.fixture
def signed_in(client):
    def sign_in(staff):
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def clerk(signed_in, bureau_clerk):
    return signed_in(bureau_clerk)


def body(response):
    """The text of a page or of a download."""
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_is_sent_to_sign_in(client, reconsideration, name):
    assert client.get(reverse(f"desk:{name}", args=[reconsideration.pk])).status_code == 302


@pytest.mark.parametrize("name", NAMES)
def test_an_administrator_sees_nothing_of_it(signed_in, administrator, reconsideration, name):
    assert signed_in(administrator).get(reverse(f"desk:{name}", args=[reconsideration.pk])).status_code == 403


def test_a_clerk_of_another_agency_sees_nothing_of_it(signed_in, town, reconsideration):
    client = signed_in(make_staff("wu", "吴科员", town, CLERK))
    assert client.get(reverse("desk:remedy", args=[reconsideration.pk])).status_code == 404
    assert reconsideration.number not in body(client.get(reverse("desk:remedies")))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, True),
        ({"tab": "decided"}, False),
        ({"q": "示政复"}, True),
        ({"q": "示教公开申"}, True),  # the number of the application it is about
        ({"kind": "direct_suit"}, False),
        ({"year": "2020"}, True),
        ({"year": "2019"}, False),
    ],
)
def test_the_list_is_narrowed(clerk, reconsideration, query, found):
    assert (reconsideration.number in body(clerk.get(reverse("desk:remedies"), query))) is found


def test_an_empty_list_says_what_it_is_for(clerk):
    assert "现在没有" in body(clerk.get(reverse("desk:remedies")))


def test_the_list_is_downloaded(clerk, reconsideration):
    text = body(clerk.get(reverse("desk:remedies"), {"format": "csv"}))
    (row,) = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert (row["案件编号"], row["类别"], row["计入本单位年报"]) == ("示政复〔2020〕3号", "行政复议", "是")


def test_a_clerk_registers_a_case_from_the_application(clerk, application):
    address = f"{reverse('desk:remedy_new')}?application={application.pk}"
    assert application.number in body(clerk.get(address))
    given = {
        "agency": application.agency_id,
        "kind": "reconsideration",
        "opened_on": "2020-07-01",
        "number": "示政复〔2020〕9号",
        "organ": "示范区人民政府",
        "application": application.number,
        "standing": "respondent",
    }
    response = clerk.post(reverse("desk:remedy_new"), given, follow=True)
    assert "已登记，编号 示政复〔2020〕9号。" in body(response)
    assert Remedy.objects.get().application == application
    page = body(clerk.get(reverse("desk:application", args=[application.pk])))
    assert "示政复〔2020〕9号" in page


def test_a_suit_is_registered_from_its_reconsideration(clerk, reconsideration):
    address = f"{reverse('desk:remedy_new')}?reconsideration={reconsideration.pk}"
    form = clerk.get(address).context["form"]
    assert form.initial["reconsideration"] == "示政复〔2020〕3号"
    assert form.initial["kind"] == "suit_after_reconsideration"


def test_an_unknown_application_is_named_in_the_refusal(clerk, bureau):
    given = {"agency": bureau.pk, "kind": "direct_suit", "opened_on": "2020-07-01", "standing": "respondent"}
    response = clerk.post(reverse("desk:remedy_new"), {**given, "application": "没有这个号"})
    assert response.context["form"].errors["application"] == ["没有编号为“没有这个号”的申请，或者您不能查看它。"]


def test_a_clerk_records_the_decision(clerk, reconsideration):
    address = reverse("desk:remedy_decide", args=[reconsideration.pk])
    response = clerk.post(address, {"on": "2020-08-28", "decision": "request_dismissed"}, follow=True)
    assert "已登记：结果维持。" in body(response)


def test_the_form_offers_what_may_end_a_case_of_the_kind(clerk, reconsideration):
    page = body(clerk.get(reverse("desk:remedy_decide", args=[reconsideration.pk])))
    assert 'value="request_dismissed"' in page
    assert 'value="claims_dismissed"' not in page


def test_a_decision_before_the_opening_gets_one_sentence(clerk, reconsideration):
    address = reverse("desk:remedy_decide", args=[reconsideration.pk])
    response = clerk.post(address, {"on": "2020-06-30", "decision": "revoked"})
    assert response.context["form"].errors == {"on": ["审结日期 2020-06-30 早于受理日期 2020-07-01。"]}


def test_a_decided_case_says_why_it_is_not_decided_again(clerk, bureau_clerk, reconsideration):
    actions.decide_remedy(reconsideration, by=bureau_clerk, on=date(2020, 8, 28), decision="revoked")
    response = clerk.get(reverse("desk:remedy_decide", args=[reconsideration.pk]), follow=True)
    assert "已于 2020-08-28 审结" in body(response)


def test_a_clerk_puts_a_case_right(clerk, bureau_clerk, reconsideration):
    actions.decide_remedy(reconsideration, by=bureau_clerk, on=date(2020, 8, 28), decision="request_dismissed")
    address = reverse("desk:remedy_change", args=[reconsideration.pk])
    form = clerk.get(address).context["form"]
    given = {name: "" if value is None else value for name, value in form.initial.items()}
    response = clerk.post(address, {**given, "decision": "revoked", "reason": "再审改判"}, follow=True)
    page = body(response)
    assert "已更正。" in page
    assert "裁决种类：驳回行政复议请求 → 撤销" in page


def test_a_clerk_names_the_handler(clerk, bureau_clerk, reconsideration):
    address = reverse("desk:remedy_assign", args=[reconsideration.pk])
    assert "承办人：林科员。" in body(clerk.post(address, {"handler": bureau_clerk.pk}, follow=True))


def test_a_co_defendant_is_told_that_it_does_not_count(signed_in, office_clerk, government, reconsideration):
    suit = actions.open_remedy(
        government,
        by=office_clerk,
        kind="suit_after_reconsideration",
        opened_on=date(2020, 9, 10),
        reconsideration=reconsideration,
        standing="co_defendant",
    )
    assert "不计入本单位年报" in body(signed_in(office_clerk).get(reverse("desk:remedy", args=[suit.pk])))


def test_a_frozen_year_is_announced(clerk, reconsideration, frozen):
    frozen.add(2020)
    with clock.frozen(date(2021, 2, 1)):
        page = body(clerk.get(reverse("desk:remedy", args=[reconsideration.pk])))
    assert "冻结后变动" in page
