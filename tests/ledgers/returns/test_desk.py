"""The pages of returns, with a plain client."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.ledgers.returns import actions
from gongkai.ledgers.returns.models import Return
from tests.ledgers.returns.conftest import CHANGE, RULINGS, but

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response):
    return " ".join(lxml.html.fromstring(response.content.decode()).text_content().split())


@pytest.fixture
def clerk(bureau_clerk):
    """The clerk of the bureau, signed in."""
    return signed_in(bureau_clerk)


@pytest.fixture
def signer(bureau_approver):
    """The leader of the bureau, signed in."""
    return signed_in(bureau_approver)


def filled(bureau, **changes):
    return {
        "agency": bureau.pk,
        "indicator": RULINGS,
        "period_from": "2020-01-01",
        "period_to": "2020-12-31",
        "value": "17",
        "evidence_note": "审批系统2020年统计表",
        **changes,
    }


def test_a_figure_goes_from_filing_to_confirmation(clerk, signer, bureau):
    response = clerk.post(reverse("desk:return_new"), filled(bureau), follow=True)
    assert "待确认" in text_of(response)
    row = Return.objects.get()
    page = signer.get(reverse("desk:return_confirm", args=[row.pk]))
    assert "2020-01-01 至 2020-12-31：17 件" in text_of(page)
    response = signer.post(reverse("desk:return_confirm", args=[row.pk]), follow=True)
    assert "已确认，从现在起计入年报" in text_of(response)


def test_who_filled_it_reads_why_another_must_confirm(office_clerk, filing):
    row = actions.file_return(filing, by=office_clerk)
    client = signed_in(office_clerk)
    assert "填报人不能确认自己填的数" in text_of(client.get(reverse("desk:return", args=[row.pk])))
    response = client.post(reverse("desk:return_confirm", args=[row.pk]), follow=True)
    assert "填报人不能确认自己填的数" in text_of(response)
    assert not Return.objects.get().is_in_force


def test_a_frozen_year_asks_for_the_reason_on_the_page(signer, waiting, port):
    url = reverse("desk:return_confirm", args=[waiting.pk])
    assert "理由" not in text_of(signer.get(url)).replace("并写明理由", "")
    port.frozen.add(2020)
    assert "2020年度报告已经定稿" in text_of(signer.get(url))
    signer.post(url, {"reason": ""})
    assert not Return.objects.get().is_in_force
    signer.post(url, {"reason": "年报定稿后才收到盖章表"})
    assert Return.objects.get().is_in_force


def test_everything_that_happened_is_on_the_page_with_its_reason(signer, confirmed):
    signer.post(reverse("desk:return_withdraw", args=[confirmed.pk]), {"reason": "与执法系统重复"})
    told = text_of(signer.get(reverse("desk:return", args=[confirmed.pk])))
    assert told.index("撤回白局长") < told.index("确认白局长") < told.index("填报林科员")
    assert "与执法系统重复" in told


def test_the_evidence_file_is_stored_and_linked(clerk, bureau):
    sent = SimpleUploadedFile("统计表.pdf", b"%PDF-1.4 1 0 obj")
    clerk.post(reverse("desk:return_new"), filled(bureau, evidence_note="", evidence_file=sent))
    row = Return.objects.get()
    page = clerk.get(reverse("desk:return", args=[row.pk]))
    assert reverse("desk:file", args=[row.evidence.public_id]) in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": "17.5"}, "要填整数"),
        ({"evidence_note": ""}, "请附依据文件，或者写明数字从哪里来"),
        ({"in_addition": "on"}, "不接受台账之外的另加数"),
        ({"period_to": "2021-12-31"}, "结束后再填报"),
    ],
)
def test_a_refusal_stands_on_the_form_and_nothing_is_filed(changes, sentence, clerk, bureau):
    response = clerk.post(reverse("desk:return_new"), filled(bureau, **changes))
    assert sentence in text_of(response)
    assert not Return.objects.exists()


def test_a_correction_is_filed_and_the_old_figure_counts_until_it_is_confirmed(clerk, confirmed):
    response = clerk.post(
        reverse("desk:return_correct", args=[confirmed.pk]), {"value": "18", "reason": "漏报一件"}, follow=True
    )
    assert "仍按原数计" in text_of(response)
    assert "更正的是：17 件" in text_of(response)
    assert Return.objects.get(pk=confirmed.pk).is_in_force


def test_a_withdrawal_asks_for_the_reason(signer, confirmed):
    url = reverse("desk:return_withdraw", args=[confirmed.pk])
    assert signer.post(url, {"reason": ""}).status_code == 200
    assert Return.objects.get().is_in_force
    response = signer.post(url, {"reason": "与执法系统重复"}, follow=True)
    assert "已撤回" in text_of(response)


def test_the_list_is_narrowed_by_state_and_by_words(clerk, signer, waiting):
    address = reverse("desk:returns")
    assert "许可决定数" in text_of(clerk.get(address, {"q": "许可", "state": "waiting"}))
    assert "现在没有符合条件的填报" in text_of(clerk.get(address, {"state": "in_force"}))
    assert "等我确认 1 条" in text_of(signer.get(address))
    assert "临河" not in text_of(signer.get(address, {"state": "yours"}))
    assert "许可决定数" in text_of(signer.get(address, {"state": "yours"}))


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_list_is_downloaded(kind, clerk, waiting):
    content = clerk.get(reverse("desk:returns"), {"format": kind}).getvalue().decode()
    assert "许可决定数" in content
    assert "示范区教育局" in content


def test_the_list_costs_the_same_for_one_and_for_fifty(clerk, filing, bureau_clerk, django_assert_max_num_queries):
    actions.file_returns(
        [
            but(filing, period_from=date(2011, 1, n + 1), period_to=date(2011, 1, n + 1), indicator=indicator)
            for n in range(25)
            for indicator in (RULINGS, CHANGE)
        ],
        by=bureau_clerk,
    )
    clerk.get(reverse("desk:returns"))
    with django_assert_max_num_queries(20):
        clerk.get(reverse("desk:returns"))


def test_what_is_not_yet_filed_is_listed_with_a_prefilled_page(clerk, filing, bureau, bureau_clerk, bureau_approver):
    last_year = but(filing, period_from=date(2019, 1, 1), period_to=date(2019, 12, 31))
    actions.confirm_return(actions.file_return(last_year, by=bureau_clerk), by=bureau_approver)
    response = clerk.get(reverse("desk:returns_missing"))
    assert "2020年还没有填的" in text_of(response)
    page = lxml.html.fromstring(response.content.decode())
    [address] = [a.get("href") for a in page.xpath("//td/a[.='填报']")]
    assert parse_qs(urlsplit(address).query)["period_from"] == ["2020-01-01"]
    form = lxml.html.fromstring(clerk.get(address).content.decode()).xpath("//form[.//input[@name='value']]")[0]
    values = dict(form.form_values())
    assert (values["agency"], values["indicator"]) == (str(bureau.pk), RULINGS)
    assert (values["period_from"], values["period_to"]) == ("2020-01-01", "2020-12-31")


def test_who_does_not_file_sees_what_is_missing_without_the_button(signer, filing, bureau_clerk, bureau_approver):
    last_year = but(filing, period_from=date(2019, 1, 1), period_to=date(2019, 12, 31))
    actions.confirm_return(actions.file_return(last_year, by=bureau_clerk), by=bureau_approver)
    assert "由该单位经办填报" in text_of(signer.get(reverse("desk:returns_missing")))


def test_nothing_missing_says_so(clerk):
    assert "都已填报" in text_of(clerk.get(reverse("desk:returns_missing"), {"year": "2019"}))


def test_a_year_that_is_none_is_told_on_the_form(clerk):
    assert clerk.get(reverse("desk:returns_missing"), {"year": "二零二零"}).status_code == 200


def test_a_return_of_another_agency_is_not_found(waiting, town):
    from tests.district import make_staff

    stranger = signed_in(make_staff("shi", "石科员", town, "clerk"))
    for name in ("return", "return_correct", "return_withdraw"):
        assert stranger.get(reverse(f"desk:{name}", args=[waiting.pk])).status_code == 404


def test_an_administrator_sees_no_returns(administrator, waiting):
    assert signed_in(administrator).get(reverse("desk:returns")).status_code == 403
