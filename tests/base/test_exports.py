"""A list as CSV and JSON: same rows, same columns, nothing that a spreadsheet would run."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.test import RequestFactory

from gongkai.base.exports import Column, answer

COLUMNS = (
    Column("title", "标题", lambda row: row["title"]),
    Column("on", "日期", lambda row: row["on"]),
    Column("amount", "金额", lambda row: row["amount"]),
)
ROWS = [
    {"title": "通知", "on": date(2020, 1, 2), "amount": Decimal("12.50")},
    {"title": "=1+1", "on": None, "amount": Decimal("3.00")},
]


def download(kind, rows=ROWS):
    response = answer(RequestFactory().get("/", {"format": kind}), rows, COLUMNS, name="政府信息")
    return response, b"".join(response.streaming_content).decode()


def test_the_page_is_asked_for_without_a_format():
    assert answer(RequestFactory().get("/"), ROWS, COLUMNS, name="x") is None


def test_csv_opens_in_a_spreadsheet_as_chinese():
    _, text = download("csv")
    assert text.startswith("\ufeff标题,日期,金额\r\n通知,2020-01-02,12.50\r\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_cell_is_never_a_formula(start):
    _, text = download("csv", [{"title": start + "cmd", "on": None, "amount": None}])
    assert f"'{start}cmd" in text


def test_json_holds_the_same_rows():
    _, text = download("json")
    assert json.loads(text)[0] == {"title": "通知", "on": "2020-01-02", "amount": "12.50"}


def test_an_empty_list_is_valid_json():
    assert json.loads(download("json", [])[1]) == []


def test_the_name_of_the_file_is_chinese():
    response, _ = download("csv")
    assert response["Content-Disposition"].endswith("%E6%94%BF%E5%BA%9C%E4%BF%A1%E6%81%AF.csv")


@pytest.mark.parametrize(("amount", "printed"), [(Decimal("3.00"), 3), (Decimal("0.10"), "0.10")])
def test_an_amount_keeps_its_digits(amount, printed):
    _, text = download("json", [{"title": "", "on": None, "amount": amount}])
    assert json.loads(text)[0]["amount"] == printed
