"""Returns and rows never state the same figure for the same day: with the real indicators, through desk and import."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.ledgers.agencies.models import AgencyTerm
from gongkai.ledgers.applications.actions import register_application
from gongkai.ledgers.returns import actions
from gongkai.ledgers.returns.actions import Filing
from gongkai.ledgers.returns.models import Return
from gongkai.reporting.indicators import indicators
from gongkai.reporting.indicators.returnable import CELLS, IN_ADDITION
from gongkai.site.imports.layout import template
from gongkai.site.imports.ledger import Desk
from gongkai.site.imports.returns import ReturnLedger
from tests.site.imports import conftest as sheets

pytestmark = pytest.mark.django_db
NEW = "2019:applications.new.natural_person"


@pytest.fixture(autouse=True)
def _frozen_clock():
    with clock.frozen(date(2021, 1, 15)):
        yield


def figure(agency, indicator, value, **more):
    """What is filed for 2020."""
    more = {"evidence_note": "统计表", **more}
    return Filing(agency, indicator, date(2020, 1, 1), date(2020, 12, 31), Decimal(value), **more)


def test_every_cell_of_the_list_accepts_a_return(bureau, bureau_clerk):
    names = sorted({indicator for indicator, _ in CELLS.values()})
    filed = actions.file_returns([figure(bureau, name, 3) for name in names], by=bureau_clerk)
    assert len(filed) == len(names)


def test_what_is_counted_from_rows_accepts_none(bureau):
    counted = [name for name, indicator in indicators().items() if indicator.kind != "returns"]
    assert "records.published.total" in counted
    refused = actions.filing_refusals([figure(bureau, name, 3) for name in counted])
    assert {place for place, broken in refused if "不接受填报" in str(broken)} == set(range(len(counted)))


def test_the_one_exception_is_filed_in_addition_with_its_reason(bureau, bureau_clerk):
    for name in IN_ADDITION:
        with pytest.raises(RuleBroken, match="要写明理由"):
            actions.file_return(figure(bureau, name, 17, in_addition=True), by=bureau_clerk)
        assert actions.file_return(figure(bureau, name, 17, in_addition=True, reason="县级统计另加"), by=bureau_clerk)


def test_rows_keep_a_table_out_and_a_table_warns_of_rows(bureau, bureau_clerk, bureau_approver):
    AgencyTerm.objects.filter(agency=bureau).update(works_outside=True)
    table = actions.file_return(figure(bureau, NEW, 3), by=bureau_clerk)
    actions.confirm_return(table, by=bureau_approver)
    [warning] = sheets.check("applications", bureau_clerk, sheets.APPLICATION).warnings
    assert "同一天的数会有两个来源" in warning.sentence

    actions.withdraw_return(table, reason="改由本系统办理", by=bureau_approver)
    assert sheets.check("applications", bureau_clerk, sheets.APPLICATION).warnings == []
    register_application(
        bureau,
        by=bureau_clerk,
        received_on=date(2020, 6, 1),
        channel="online",
        applicant_kind="natural_person",
        applicants=["申请人甲"],
        description="学区划分方案",
    )
    with pytest.raises(RuleBroken, match="在台账里已有记录"):
        actions.file_return(figure(bureau, NEW, 3), by=bureau_clerk)
    assert actions.file_return(
        figure(bureau, NEW.replace("natural_person", "commercial_enterprise"), 1), by=bureau_clerk
    )


def test_a_figure_is_filed_and_confirmed_on_the_desk(bureau, bureau_clerk, bureau_approver):
    clerk, signer = Client(), Client()
    for client, user in ((clerk, bureau_clerk), (signer, bureau_approver)):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    clerk.post(
        reverse("desk:return_new"),
        {
            "agency": bureau.pk,
            "indicator": "open_data.permits.rulings",
            "period_from": "2020-01-01",
            "period_to": "2020-12-31",
            "value": "62470",
            "evidence_note": "审批系统2020年统计表",
        },
    )
    row = Return.objects.get()
    assert not row.is_in_force
    signer.post(reverse("desk:return_confirm", args=[row.pk]))
    assert Return.objects.get().is_in_force


def test_the_template_of_returns_offers_the_indicators_by_name(bureau, bureau_clerk):
    ledger = ReturnLedger()
    offered = ledger.offered(Desk(bureau_clerk))["indicator"]
    assert "行政许可处理决定数量" in offered
    assert len(set(offered)) == len(offered)  # a name means one indicator
    assert template(ledger.title, ledger.columns, {"indicator": offered})
