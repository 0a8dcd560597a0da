"""What an applicant told us stays on the desk: not on the portal, in the journal, in logs, in names of files or addresses."""

import logging
import zipfile
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.urls import reverse

from gongkai.base import clock, journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import FileUse, JournalLine, RowVersion
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.applications.models import Applicant, Application
from gongkai.ledgers.applications.rules import NewApplication
from tests.security.conftest import DESK, MARKS, PERSON, TODAY, World, body_of

QUERIES = ("", "?q=标记", "?format=csv", "?format=json", "?q=标记&format=json", "?year=2020", "?page=2", "?list=ended")


def without_the_question(text: str) -> str:
    """A page may repeat what was asked for, and nothing else."""
    for asked in ("搜索：标记", 'value="标记"', "q=标记", "“标记”", "q=%E6%A0%87%E8%AE%B0"):
        text = text.replace(asked, "")
    return text


@pytest.mark.parametrize("prefix", ["", "/elder"])
def test_no_page_or_download_of_the_portal_holds_a_word_of_an_applicant(world: World, prefix: str):
    client = Client()
    told = []
    for name, address in world.portal.items():
        for query in QUERIES:
            text = without_the_question(body_of(client.get(prefix + address + query)))
            told += [(name, query, mark) for mark in (*MARKS, world.application.number) if mark in text]
    assert not told


def test_every_kind_of_public_file_of_a_report_is_free_of_applicants(world: World):
    client = Client()
    for kind in ("json", "xlsx", "docx"):
        response = client.get(reverse("portal:report_file", args=[2020, "jiaoyu", 1, kind]))
        assert response.status_code == 200, kind
        assert not [mark for mark in MARKS if mark in unpacked(response)]


def unpacked(response: Any) -> str:
    """The text of a download, a package unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if not content.startswith(b"PK"):
        return str(content.decode("utf-8", "replace"))
    with zipfile.ZipFile(BytesIO(content)) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def journal_text() -> str:
    encoder = DjangoJSONEncoder(ensure_ascii=False)
    return "\n".join(encoder.encode(list(row)) for row in JournalLine.objects.values_list())


def test_no_line_of_the_journal_holds_what_an_applicant_told(world: World):
    client = Client()
    client.force_login(world.clerk)
    applications.change_application(
        world.application, by=world.clerk, applicants=[PERSON + "丙"], subject="标记主题二", reason="登记有误"
    )
    client.post(world.address("application_close"), {"on": "2021-01-01", "outcome": "无"})
    assert not [mark for mark in MARKS if mark in journal_text()]


def test_the_line_about_a_download_of_applicants_does_not_tell_whom_one_looked_for(world: World):
    client = Client()
    client.force_login(world.clerk)
    body_of(client.get(reverse("desk:applications"), {"q": PERSON, "applicants": "1", "format": "csv", "tab": "all"}))
    line = JournalLine.objects.get(verb="application.applicants_exported")
    assert PERSON not in line.reason
    assert "%" not in line.reason
    assert "另按词语查找" in line.reason


def test_nothing_is_written_to_the_log_but_addresses(world: World):
    written = StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    try:
        client = Client(raise_request_exception=False)
        client.force_login(world.clerk)
        for name in DESK:
            body_of(client.get(world.address(name)))
            client.post(world.address(name), {"applicants": PERSON, "description": MARKS[2], "reason": MARKS[5]})
    finally:
        logging.getLogger().removeHandler(handler)
    assert not [mark for mark in MARKS if mark in written.getvalue()]


def test_no_address_or_file_name_or_cookie_holds_what_an_applicant_told(world: World):
    client = Client()
    client.force_login(world.clerk)
    for name in DESK:
        response = client.get(world.address(name) + "?format=csv")
        body_of(response)
        told = f"{response.headers} {response.cookies} {getattr(response, 'url', '')}"
        assert not [mark for mark in MARKS if mark in told], name
    assert not FileUse.objects.filter(name__contains="标记").exists()


def test_a_message_is_kept_in_the_session_and_not_in_a_cookie(world: World):
    client = Client()
    client.force_login(world.clerk)
    response = client.post(
        reverse("desk:application_assign", args=[world.application.pk]), {"handler": world.application.handler_id}
    )
    assert response.status_code in (200, 302)
    entry = {"received_on": "2021-01-11", "channel": "online", "applicant_kind": "natural_person"}
    entry |= {"agency": world.bureau.pk, "applicants": PERSON, "description": "某事"}
    response = client.post(reverse("desk:application_new"), entry)
    assert response.status_code == 302
    assert set(response.cookies) <= {"sessionid", "csrftoken"}
    assert "已登记，编号" in client.get(response.url).content.decode()


# ---- blanking


def test_blanking_takes_a_name_out_of_the_history_and_the_journal_still_proves(world: World):
    party = Applicant.objects.get(application=world.application)
    blanked = journal.blank_versions(party, by=world.clerk, reason="保管期满", agency_id=world.application.agency_id)
    assert blanked == 1
    kept = RowVersion.objects.filter(subject="applications.applicant", subject_pk=party.pk)
    assert [version.content for version in kept] == [None]
    line = JournalLine.objects.order_by("-number").first()
    assert line is not None
    assert (line.verb, line.by_id, line.reason) == ("journal.versions_blanked", world.clerk.pk, "保管期满")
    assert journal.verify()[1] is None


def test_blanking_is_for_the_office_of_the_place(world: World, stranger: Any, administrator: Any):
    party = Applicant.objects.get(application=world.application)
    for outsider in (stranger, administrator):
        with pytest.raises(NotAllowed, match="清除保管期满的历史内容"):
            journal.blank_versions(party, by=outsider, reason="想看", agency_id=world.application.agency_id)
    assert not RowVersion.objects.filter(content=None).exists()


def test_blanking_needs_a_reason(world: World):
    with pytest.raises(RuleBroken, match="写明理由"):
        journal.blank_versions(world.application, by=world.clerk, reason=" ")


def test_a_blanking_explains_no_version_that_came_after_it(world: World):
    application = world.application
    journal.blank_versions(application, by=world.clerk, reason="保管期满")
    applications.change_application(application, by=world.clerk, subject="另一主题", reason="登记有误")
    assert journal.verify()[1] is None
    last = RowVersion.objects.filter(subject="applications.application", subject_pk=application.pk).latest("version")
    RowVersion.objects.filter(pk=last.pk).update(content=None, blanked_at=clock.now())
    broken = journal.verify()[1]
    assert broken is not None
    assert broken.number == last.line_id


def test_the_page_of_a_blanked_application_still_opens(world: World):
    journal.blank_versions(world.application, by=world.clerk, reason="保管期满")
    client = Client()
    client.force_login(world.clerk)
    assert client.get(world.address("application")).status_code == 200
    assert client.get(reverse("desk:application", args=[world.application.pk])).status_code == 200


# ---- reasons, which become lines of the journal


REASON = f"申请人{PERSON}来电说明"


def named_in_a_reason(world: World) -> list[Callable[[], object]]:
    """Everything that takes a reason about one application."""
    one, by = world.application, world.clerk
    closed = Application.objects.exclude(closed_on=None).get()
    entry = {
        "received_on": TODAY,
        "channel": "online",
        "applicant_kind": "natural_person",
        "applicants": [PERSON],
        "description": "某事",
    }
    return [
        lambda: applications.register_application(world.bureau, by=by, reason=REASON, **entry),
        lambda: applications.register_many([NewApplication(agency=world.bureau, **entry)], by=by, reason=REASON),
        lambda: applications.change_application(one, by=by, subject="另一主题", reason=REASON),
        lambda: applications.change_application(one, by=by, applicants=["丁某"], reason=f"{PERSON}改名"),
        lambda: applications.change_application(one, by=by, applicants=["丁某"], reason="改名为丁某"),
        lambda: applications.extend_reply(one, by=by, on=TODAY, reason=REASON),
        lambda: applications.close_application(one, by=by, on=TODAY, outcome="granted", reason=REASON),
        lambda: applications.correct_closing(
            closed, by=by, on=closed.closed_on, outcome="partly_granted", reason=REASON
        ),
        lambda: applications.reopen_application(closed, by=by, reason=REASON),
    ]


@pytest.mark.parametrize("place", range(9))
def test_a_reason_that_names_an_applicant_is_refused_and_nothing_is_written(world: World, place: int):
    before = JournalLine.objects.count()
    with pytest.raises(RuleBroken, match="不要写申请人的姓名") as refused:
        named_in_a_reason(world)[place]()
    assert refused.value.field == "reason"
    assert JournalLine.objects.count() == before


def test_a_reason_that_names_nobody_is_taken(world: World):
    applications.change_application(world.application, by=world.clerk, applicants=["丁某"], reason="申请人改名")
    line = JournalLine.objects.order_by("-number").first()
    assert line is not None
    assert line.reason == "申请人改名"
