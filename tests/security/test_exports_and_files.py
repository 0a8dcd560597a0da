"""What goes out as a table is no program, and what comes in as a file is what it says."""

import csv
import io
import time
import zipfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from gongkai.base import calendar_actions, files
from gongkai.base.errors import RuleBroken
from gongkai.base.exports import Column, answer
from gongkai.base.permissions import may
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.applications.models import Applicant
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.site.imports.sheets import read_sheet
from tests.security.conftest import TODAY, World, body_of

FORMULAS = (
    '=HYPERLINK("http://elsewhere.example","看")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
)


@dataclass
class Line:
    value: Any


def cell_of(value: Any) -> str:
    request = RequestFactory().get("/", {"format": "csv"})
    response = answer(request, [Line(value)], [Column("value", "值", lambda line: line.value)], name="表")
    assert response is not None
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.reader(io.StringIO(text, newline="")))[1][0]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_begins_a_formula(text: str):
    assert cell_of(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("-1.50"), "-1.50"), (Decimal(-3), "-3"), (-7, "-7"), (date(2020, 1, 2), "2020-01-02")],
)
def test_a_negative_number_stays_a_number(value: Any, shown: str):
    assert cell_of(value) == shown


def test_what_an_applicant_wrote_begins_no_formula_in_the_clerks_spreadsheet(world: World):
    applications.register_application(
        world.bureau,
        by=world.clerk,
        received_on=date(2021, 1, 11),
        channel="online",
        applicant_kind="natural_person",
        applicants=['=HYPERLINK("http://elsewhere.example")'],
        description="=1+1",
        subject="@SUM(1)",
    )
    client = Client()
    client.force_login(world.clerk)
    response = client.get(reverse("desk:applications") + "?format=csv&applicants=1&tab=all")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert [cell for cell in cells if "HYPERLINK" in cell] == ['\'=HYPERLINK("http://elsewhere.example")']
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]


def test_no_text_of_a_report_becomes_a_formula_or_a_link_in_its_workbook(world: World):
    response = Client().get(reverse("portal:report_file", args=[2020, "jiaoyu", 1, "xlsx"]))
    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<hyperlink" in sheet]


# ---- names and kinds of files


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\win.txt", "win.txt"),
        ("\u202etxt.exe.txt", "txt.exe.txt"),
        ("a\x00b\r\nSet-Cookie: x.txt", "abSet-Cookie x.txt"),
        ('a"; filename="evil.html.txt', "a filename=evil.html.txt"),
        ("....txt", "文件.txt"),
        ("名" * 300 + ".txt", "名" * 116 + ".txt"),
    ],
)
def test_a_name_neither_leads_elsewhere_nor_hides_nor_breaks_a_header(sent: str, kept: str):
    assert files.clean_name(sent) == kept


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("页.html", b"<script>alert(1)</script>"),
        ("图.svg", b"<svg onload='alert(1)'/>"),
        ("页.xhtml", b"<html/>"),
        ("程序.exe", b"MZ"),
        ("图.png", b"<html><script>alert(1)</script>"),
        ("表.xlsx", b"<html>"),
        ("没有扩展名", b"abc"),
    ],
)
def test_what_could_run_in_a_browser_is_not_stored(world: World, name: str, content: bytes):
    with pytest.raises(RuleBroken):
        files.store(content, name, agency_id=world.bureau.pk, by=world.clerk)


def test_html_that_calls_itself_a_text_is_downloaded_as_a_text(world: World):
    use = files.store(
        b"<script>alert(1)</script>", "a.txt", agency_id=world.bureau.pk, by=world.clerk, visibility="public"
    )
    response = Client().get(reverse("portal:file", args=[use.public_id]))
    body_of(response)
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response["Content-Security-Policy"]


class Endless(io.RawIOBase):
    """A stream that never ends and counts what was taken of it."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "read whole"
        self.taken += size
        return b"a" * size

    def seek(self, *_: int) -> int:
        return 0


@override_settings(UPLOAD_LIMIT=3 << 20)
def test_a_file_that_is_too_long_is_refused_before_it_is_read_to_its_end(world: World):
    endless = Endless()
    with pytest.raises(RuleBroken, match="超过 3 MB"):
        files.store(endless, "长.txt", agency_id=world.bureau.pk, by=world.clerk)  # type: ignore[arg-type]
    assert endless.taken <= 5 << 20


# ---- patterns that are read slowly


def test_a_pasted_day_with_very_many_blanks_is_read_at_once():
    started = time.perf_counter()
    for line in ("1月1日" + " " * 19_000 + "x y", "1月1日" + " \t" * 50 + "x y", "1月" * 5000):
        with pytest.raises(RuleBroken):
            calendar_actions.read_days(line, 2021)
    assert time.perf_counter() - started < 1


def test_a_file_of_days_is_refused_before_it_is_read_when_it_is_too_long(world: World):
    client = Client()
    client.force_login(world.clerk)
    sent = SimpleUploadedFile("days.txt", "1月30日 休\n".encode() * 100_000)
    page = client.post(
        reverse("desk:calendar_change", args=[world.keys["calendar_change"]["pk"]]),
        {"days": "", "days_file": sent, "reason": "理由"},
    )
    assert "这个文件太长" in page.content.decode()


# ---- permissions


def test_the_key_of_another_row_is_never_taken_for_that_of_an_agency(world: World):
    party = Applicant.objects.first()
    with pytest.raises(TypeError, match="belongs to no agency"):
        may(world.clerk, "applications.see_applicants", party)


def test_a_title_with_control_characters_can_be_written_to_every_kind_of_file(world: World):
    record = records.register_record(
        RecordEntry(agency=world.bureau, title="标题\x0b\x1b﻿换行", issued_on=TODAY), by=world.clerk
    )
    client = Client()
    client.force_login(world.clerk)
    assert client.get(reverse("desk:record", args=[record.pk])).status_code == 200
    assert "标题" in body_of(client.get(reverse("desk:records") + "?format=csv"))


@pytest.mark.parametrize(
    "part",
    [
        b"<c " * 200_000,
        b"<c " + b'r="A1" ' * 100_000,
        (b'<c r="A1"><f>1</f>' + b" " * 200_000 + b"<v>") * 2,
        b'<c r="A1"><f ' + b"/ " * 200_000,
        b"<row " * 200_000,
        b' r = "' * 200_000,
    ],
)
def test_a_sheet_made_to_be_read_slowly_is_looked_through_at_once(part: bytes):
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<f/>" + part)
    started = time.perf_counter()
    with pytest.raises(RuleBroken):
        read_sheet(package.getvalue())
    assert time.perf_counter() - started < 3
