"""From the counter to the reply: one application through the desk, with scripts off, from first click to last."""

from datetime import date

import pytest
from django.urls import reverse

from gongkai.base import clock, journal
from gongkai.ledgers.applications.models import Application
from tests.district import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client):
    def sign_in(staff):
        client.post(reverse("desk:sign_out"))
        response = client.post(reverse("desk:sign_in"), {"username": staff.username, "password": PASSWORD})
        assert response.status_code == 302
        return client

    return sign_in


def text(response):
    """What the page says."""
    assert response.status_code == 200
    return response.content.decode()


def test_an_application_is_received_extended_answered_and_contested(bureau, bureau_clerk, bureau_approver, sign_in):
    with clock.frozen(date(2020, 11, 2)):
        desk = sign_in(bureau_clerk)
        assert reverse("desk:application_new") in text(desk.get(reverse("desk:applications")))
        page = desk.post(
            reverse("desk:application_new"),
            {
                "agency": bureau.pk,
                "received_on": "2020-11-02",
                "channel": "online",
                "applicant_kind": "natural_person",
                "applicants": "申请人甲",
                "description": "临河街道学区划分方案",
                "handler": bureau_clerk.pk,
            },
            follow=True,
        )
        assert "答复期限 2020-11-30" in text(page)
        application = Application.objects.get()
        home = reverse("desk:application", args=[application.pk])

    with clock.frozen(date(2020, 11, 26)):
        page = text(sign_in(bureau_clerk).get(reverse("desk:applications"), {"tab": "soon"}))
        assert "还有 2 天" in page
        assert home in page
        extension = reverse("desk:application_extend", args=[application.pk])
        assert extension not in text(desk.get(home))
        page = sign_in(bureau_approver).post(
            extension, {"on": "2020-11-26", "days": "20", "reason": "需检索纸质档案"}, follow=True
        )
        assert "已延长至 2020-12-28" in text(page)

    with clock.frozen(date(2020, 12, 25)):
        desk = sign_in(bureau_clerk)
        page = desk.post(
            reverse("desk:application_close", args=[application.pk]),
            {"on": "2020-12-25", "outcome": "partly_granted", "reply_number": "示教公开〔2020〕1号"},
            follow=True,
        )
        assert "按期办结" in text(page)
        assert home not in text(desk.get(reverse("desk:applications")))

    with clock.frozen(date(2021, 1, 15)):
        desk = sign_in(bureau_clerk)
        page = desk.post(
            reverse("desk:remedy_new"),
            {
                "agency": bureau.pk,
                "kind": "reconsideration",
                "opened_on": "2021-01-12",
                "number": "示政复〔2021〕1号",
                "organ": "示范区人民政府",
                "application": application.number,
                "standing": "respondent",
            },
            follow=True,
        )
        assert "已登记，编号 示政复〔2021〕1号。" in text(page)
        assert "示政复〔2021〕1号" in text(desk.get(home))
        public = text(desk.get(reverse("portal:apply")))
        assert "示范区教育局" in public
        assert "申请人甲" not in public
    assert journal.verify()[1] is None
