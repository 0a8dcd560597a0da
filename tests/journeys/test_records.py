"""From the clerk's desk to the citizen's screen and back, with scripts off: every step a link or a form of a page."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.base import clock, journal
from gongkai.ledgers.records.models import Record
from tests.district import PASSWORD

pytestmark = pytest.mark.django_db


def signed_in(username: str) -> Client:
    """A browser of its own, signed in by the form."""
    desk = Client()
    desk.post(reverse("desk:sign_in"), {"username": username, "password": PASSWORD})
    return desk


def test_a_document_from_its_registration_to_its_repeal(office_clerk, bureau, bureau_clerk):
    citizen = Client()
    with clock.frozen(date(2020, 11, 2)):
        desk = signed_in("shen")
        outlet = {"agency": office_clerk.agency_id, "name": "区政府门户网站", "channel": "website", "is_portal": "on"}
        desk.post(reverse("desk:outlet_new"), outlet)
        desk.post(
            reverse("desk:category_new"),
            {"agency": office_clerk.agency_id, "name": "教育", "code": "education", "index_code": ""},
        )
        desk = signed_in("lin")
        answer = desk.post(
            reverse("desk:normative_new"),
            {
                "agency": bureau.pk,
                "title": "示范区学区管理办法",
                "document_number": "示教规〔2020〕1号",
                "issued_on": "2020-10-30",
                "kind": "normative_document",
                "in_force_on": "2020-11-01",
                "valid_until": "2025-10-31",
                "body": "第一条　为规范学区管理，制定本办法。",
            },
        )
        record = Record.objects.get()
        assert record.index_number == "SF020-0000-2020-00001"
        assert "2020-11-27" in desk.get(reverse("desk:record", args=[record.pk])).content.decode()  # its term
        assert citizen.get(reverse("portal:record", args=[record.index_number])).status_code == 404
        form = desk.get(reverse("desk:record_publish", args=[record.pk])).context["form"]
        [portal] = form.fields["outlets"].queryset
        desk.post(reverse("desk:record_publish", args=[record.pk]), {"outlets": [portal.pk], "on": "2020-11-02"})

        found = citizen.get(reverse("portal:records"), {"q": "学区 规范"}).content.decode()
        assert reverse("portal:record", args=[record.index_number]) in found
        assert "现行有效" in citizen.get(reverse("portal:normative")).content.decode()

    with clock.frozen(date(2020, 12, 7)):
        desk = signed_in("lin")
        desk.post(answer.url + "repeal/", {"on": "2020-12-05", "by_document": "示教规〔2020〕4号"})
        page = citizen.get(reverse("portal:record", args=[record.index_number])).content.decode()
        assert "2020-12-05 废止，依据：示教规〔2020〕4号" in page

        publication = record.publications.get()
        desk.post(
            reverse("desk:publication_withdraw", args=[publication.pk]), {"on": "2020-12-07", "reason": "文本有误"}
        )
        gone = citizen.get(reverse("portal:record", args=[record.index_number]))
        assert gone.status_code == 410
        assert "文本有误" not in gone.content.decode()
        history = desk.get(reverse("desk:record", args=[record.pk])).content.decode()
        for step in ("登记", "发布：区政府门户网站", "撤下：区政府门户网站", "文本有误"):
            assert step in history
    assert journal.verify()[1] is None
    assert not citizen.cookies
