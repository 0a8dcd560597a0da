"""Importing in the browser: the pages after an upload, which no list of addresses reaches, at both widths."""

from datetime import date

import pytest
from django.urls import reverse

from gongkai.base import clock
from gongkai.ledgers.applications.models import Application
from tests.browser.pages import assert_good_page, sign_in
from tests.site.imports.conftest import APPLICATION, table

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _frozen_clock():
    with clock.frozen(date(2021, 1, 15)):
        yield


def send(page, code: str, folder, *rows: dict[str, object]) -> None:
    """Choose the file as a person does and press the button."""
    file = folder / "台账.xlsx"
    file.write_bytes(table(code, *rows))
    page.goto(reverse("desk:import", args=[code]))
    page.set_input_files("input[type=file]", file)
    page.click("text=上传并检查")
    page.wait_for_load_state()


def test_a_file_is_checked_corrected_and_imported(page_at_each_width, bureau_clerk, tmp_path):
    page = page_at_each_width
    sign_in(page, bureau_clerk)
    page.goto(reverse("desk:imports"))
    assert_good_page(page)

    send(page, "applications", tmp_path, APPLICATION, APPLICATION | {"number": "2号", "channel": "电报"})
    assert page.get_by_text("没有“电报”这一项").is_visible()
    assert_good_page(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载检查结果").last.click()
    assert download.value.suggested_filename == "台账-检查结果.xlsx"
    assert not Application.objects.exists()

    send(page, "applications", tmp_path, APPLICATION, APPLICATION | {"number": "2号"})
    assert_good_page(page)
    page.get_by_role("button", name="导入").click()
    page.wait_for_load_state()
    assert page.get_by_text("新增 2 行").is_visible()
    assert_good_page(page)
    assert Application.objects.count() == 2
