"""The journal proves what it says, and names the first line that it cannot prove."""

import threading
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from gongkai.base import clock, journal
from gongkai.base.models import JournalHead, JournalLine, RowVersion
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.records.models import Outlet

WRITERS = 8


def make_outlet(agency, name):
    return Outlet(agency=agency, name=name, channel="wechat")


@pytest.fixture
def outlet(government):
    """A row with three journalled versions; its lines are the last three."""
    with clock.frozen(date(2020, 11, 2)):
        row = make_outlet(government, "示范发布")
        row.save()
        journal.record("outlets.created", row, by=None)
        for name in ("示范区发布", "示范区政务发布"):
            Outlet.objects.filter(pk=row.pk).update(name=name)
            journal.record("outlets.renamed", row, by=None)
    return row


def broken():
    return journal.verify()[1]


def drop(line):
    RowVersion.objects.filter(line=line).delete()
    JournalLine.objects.filter(pk=line.pk).delete()


def test_an_untouched_journal_verifies(outlet):
    count, fault = journal.verify()
    assert fault is None
    assert count == JournalLine.objects.count() == JournalHead.objects.get().number


def test_an_empty_journal_verifies(db):
    assert journal.verify() == (0, None)


def test_a_line_names_the_fields_that_changed_and_the_version(outlet):
    line = JournalLine.objects.first()
    assert (line.changed, line.subject_version) == (["name"], 3)


def test_a_line_holds_no_values(outlet):
    assert all("示范区政务发布" not in str(vars(line)) for line in JournalLine.objects.all())


# ---- tampering: each is done past the actions, and the first broken line is named


def test_an_edited_line_is_named(outlet):
    line = JournalLine.objects.first()
    JournalLine.objects.filter(pk=line.number - 1).update(reason="事后补写")
    assert broken().number == line.number - 1


def test_an_edited_line_whose_digest_was_made_anew_is_found_at_the_next_line(outlet):
    last = JournalLine.objects.first()
    line = JournalLine.objects.get(pk=last.number - 1)
    line.reason = "事后补写"
    line.digest = journal.hashlib.sha256(journal.canonical(journal._line_content(line))).hexdigest()
    line.save()
    assert broken().number == last.number


def test_a_line_deleted_in_the_middle_is_named(outlet):
    line = JournalLine.objects.all()[1]
    drop(line)
    assert broken().number == line.number


def test_lines_deleted_at_the_end_are_named(outlet):
    line = JournalLine.objects.first()
    drop(line)
    assert broken().number == line.number


def test_a_head_that_was_set_back_with_the_last_line_is_found_by_the_row(outlet):
    line = JournalLine.objects.first()
    drop(line)
    JournalHead.objects.update(number=line.number - 1, digest=line.previous)
    assert "绕过日志" in broken().sentence


def test_an_edited_version_is_named_by_its_line(outlet):
    version = RowVersion.objects.order_by("pk").last()
    version.content["name"] = "别的"
    version.save()
    assert broken().number == version.line_id


def test_an_edited_version_whose_digest_was_made_anew_is_named_by_its_line(outlet):
    version = RowVersion.objects.order_by("-pk")[1]
    version.content["name"] = "别的"
    version.digest = journal._content_digest(version.salt, version.content)
    version.save()
    assert broken().number == version.line_id


def test_a_removed_version_is_named_by_its_line(outlet):
    version = RowVersion.objects.order_by("-pk")[1]
    version.delete()
    assert broken().number == version.line_id


def test_a_version_slipped_in_is_named_by_its_line(outlet):
    version = RowVersion.objects.order_by("pk").last()
    version.pk, version.version = None, 4
    version.save()
    assert broken().number == version.line_id


def test_a_row_changed_past_the_actions_is_named_by_its_last_line(outlet):
    Outlet.objects.update(name="偷改")
    assert broken().number == JournalLine.objects.first().number


def test_a_deleted_row_is_named_by_its_last_line(outlet):
    Outlet.objects.all().delete()
    fault = broken()
    assert fault.number == JournalLine.objects.first().number
    assert "被删去" in fault.sentence


def test_a_row_added_past_the_actions_is_found(outlet, government):
    make_outlet(government, "来历不明").save()
    assert "从没有登记过" in broken().sentence


def test_of_two_changed_rows_the_earlier_line_is_named(outlet, government):
    Agency.objects.update(document_prefix="改")
    Outlet.objects.update(name="偷改")
    assert broken().number == 1


def test_rows_are_left_aside_when_only_the_chain_is_asked_for(outlet):
    Outlet.objects.update(name="偷改")
    assert journal.verify(rows=False)[1] is None


def test_a_field_that_a_later_release_adds_breaks_nothing(government, monkeypatch):
    fields = journal._fields
    monkeypatch.setattr(journal, "_fields", lambda model: tuple(name for name in fields(model) if name != "channel"))
    row = make_outlet(government, "示范发布")
    row.save()
    journal.record("outlets.created", row, by=None)
    monkeypatch.setattr(journal, "_fields", fields)
    assert broken() is None


# ---- blanking


def test_blanked_versions_still_verify(outlet, office_clerk):
    assert journal.blank_versions(outlet, by=office_clerk, reason="保管期限届满") == 3
    assert broken() is None
    assert not RowVersion.objects.filter(subject="records.outlet", content__isnull=False).exists()


def test_a_version_blanked_without_a_line_is_named(outlet):
    version = RowVersion.objects.order_by("pk").last()
    RowVersion.objects.filter(pk=version.pk).update(content=None, blanked_at=clock.now())
    assert broken().number == version.line_id


# ---- bulk


def test_a_bulk_change_is_one_line_that_proves_every_row(government, office_clerk):
    rows = Outlet.objects.bulk_create([make_outlet(government, f"账号{n}") for n in range(1200)])
    line = journal.record_bulk("outlets.registered", rows, by=office_clerk)
    assert (line.rows, line.agency_id, broken()) == (1200, government.pk, None)
    Outlet.objects.filter(name="账号77").update(name="偷改")
    assert broken().number == line.number


def test_a_bulk_change_holds_what_the_database_holds_not_what_memory_holds(government, office_clerk):
    rows = Outlet.objects.bulk_create([make_outlet(government, f"账号{n}") for n in range(3)])
    for row in rows:
        row.name = "没有保存"
    journal.record_bulk("outlets.registered", rows, by=office_clerk)
    assert broken() is None
    assert [row.version for row in rows] == [1, 1, 1]


def test_a_bulk_line_of_several_ledgers_verifies(government, office_clerk):
    outlet = make_outlet(government, "示范发布")
    outlet.save()
    agency = Agency.objects.create(slug="x", code="X")
    journal.record_bulk("demo.made", [outlet, agency], by=office_clerk)
    assert broken() is None


def test_a_bulk_change_of_a_row_that_is_not_there_is_refused(government, office_clerk):
    with pytest.raises(ValueError, match="not in the database"):
        journal.record_bulk("outlets.registered", [Outlet(pk=99)], by=office_clerk)


# ---- canonical form


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Decimal("12.50"), "12.5"),  # SQLite and PostgreSQL keep different zeros
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.00"), "0"),
        (Decimal("12345678901234567890123456789.10"), "12345678901234567890123456789.1"),  # nothing is rounded
        (1e22, 10**22),  # jsonb returns an integer
        (0.1, "0.1"),
        ({2: "b", 10: "a"}, {"2": "b", "10": "a"}),
        ((1, 2), [1, 2]),
        (memoryview(b"\x01"), "01"),  # PostgreSQL's bytes
        (date(2020, 1, 2), "2020-01-02"),
        (datetime(2020, 1, 1, 7, 30, tzinfo=ZoneInfo("Asia/Shanghai")), "2019-12-31T23:30:00.000000+00:00"),
    ],
)
def test_a_value_has_one_form_on_every_database(value, plain):
    assert journal._plain(value) == plain


def test_a_value_without_a_canonical_form_is_refused():
    with pytest.raises(TypeError, match="canonical"):
        journal._plain(object())


def test_keys_are_sorted_and_chinese_is_not_escaped():
    assert journal.canonical({"乙": 1, "甲": [None, True]}) == '{"乙":1,"甲":[null,true]}'.encode()


# ---- the last verification


def test_a_verification_is_itself_a_line(outlet, administrator):
    journal.verify_and_record(by=administrator)
    assert journal.last_verification().verb == journal.VERIFIED
    assert broken() is None


def test_a_failed_verification_is_kept_with_its_sentence(outlet, administrator):
    Outlet.objects.update(name="偷改")
    _, fault = journal.verify_and_record(by=administrator)
    line = journal.last_verification()
    assert (line.verb, line.reason) == (journal.VERIFICATION_FAILED, fault.sentence)


# ---- writers at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_leave_one_chain_without_gaps(government):
    rounds = 10
    failures: list[BaseException] = []
    start = threading.Barrier(WRITERS)

    def write(writer: int) -> None:
        try:
            start.wait()
            for turn in range(rounds):
                with transaction.atomic():
                    row = make_outlet(government, f"账号{writer}-{turn}")
                    row.save()
                    journal.record("outlets.created", row, by=None)
                    journal.record_event("outlets.noted", by=None)
        except BaseException as failure:
            failures.append(failure)
            raise
        finally:
            connection.close()

    before = JournalHead.objects.get().number
    threads = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert journal.verify() == (before + 2 * WRITERS * rounds, None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_first_line_can_be_written_by_eight_at_once():
    start = threading.Barrier(WRITERS)

    def write() -> None:
        try:
            start.wait()
            journal.record_event("page.refused", by=None)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journal.verify() == (WRITERS, None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_verify_is_not_misled_by_lines_written_meanwhile(government):
    stop = threading.Event()

    def write() -> None:
        try:
            while not stop.is_set():
                journal.record_event("page.refused", by=None)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert [journal.verify()[1] for _ in range(10)] == [None] * 10
    finally:
        stop.set()
        thread.join()
