"""A clerk enters an application and a return on the desk, and sees the cells of the report move."""

from datetime import date
from decimal import Decimal

from gongkai.core.national_forms import form_named
from gongkai.site.worlds.district import PASSWORD
from tests.browser.pages import sign_in_by_form

ROWS = {row.code: row.label for row in form_named("2021").table("applications").rows}


def today(page) -> date:
    """The demo date, as the banner shows it."""
    return date.fromisoformat(page.locator(".demo-note").inner_text().split()[-1])


def open_report(page, tab: str) -> None:
    """This year's report of the government, and the tab of one of its sections."""
    page.goto("/desk/reports/")
    page.get_by_role("link", name=f"{today(page).year} 年度报告", exact=False).first.click()
    page.locator(".tabs .tab", has_text=tab).click()


def cell(page, row: str, place: int) -> int | None:
    """A cell of the table: the row by its printed label, the column by its place. None where it says 未填."""
    line = page.locator("main tr", has=page.get_by_role("rowheader", name=row, exact=True))
    text = line.locator("td").nth(place).inner_text().split()[0].replace(",", "")
    return None if text == "未填" else int(Decimal(text))


def test_an_application_and_a_return_move_the_cells_of_the_report(world_server, open_page):
    page = open_page(world_server("today"))
    sign_in_by_form(page, "shen", PASSWORD)

    open_report(page, "依申请公开")
    new, carried_over = cell(page, ROWS["new"], 0), cell(page, ROWS["carried_over"], 0)
    page.goto("/desk/applications/new/")
    page.select_option("[name=agency]", label=page.locator("[name=agency] option:not([value=''])").first.inner_text())
    page.fill("[name=received_on]", today(page).isoformat())
    page.select_option("[name=channel]", "letter")
    page.select_option("[name=applicant_kind]", "natural_person")
    page.fill("[name=applicants]", "演示申请人")
    page.fill("[name=description]", "申请公开示范路改造工程的验收报告。")
    page.locator("main form button.button-main").click()
    assert not page.url.endswith("/new/"), page.locator("main").inner_text()
    open_report(page, "依申请公开")
    assert (cell(page, ROWS["new"], 0), cell(page, ROWS["carried_over"], 0)) == (new + 1, carried_over + 1)

    open_report(page, "主动公开")
    assert cell(page, "行政强制", 0) is None
    page.goto("/desk/returns/new/")
    page.select_option("[name=agency]", label=page.locator("[name=agency] option:not([value=''])").first.inner_text())
    page.select_option("[name=indicator]", "open_data.compulsory_measures.rulings")
    page.fill("[name=period_from]", date(today(page).year, 1, 1).isoformat())
    page.fill("[name=period_to]", date(today(page).year, 6, 30).isoformat())
    page.fill("[name=value]", "12")
    page.fill("[name=evidence_note]", "执法系统导出")
    page.locator("main form button.button-main").click()
    filed = page.url
    assert not filed.endswith("/new/"), page.locator("main").inner_text()
    open_report(page, "主动公开")
    assert cell(page, "行政强制", 0) is None  # nobody has confirmed it

    second = open_page(world_server("today"))
    sign_in_by_form(second, "gu", PASSWORD)
    second.goto(filed)
    second.get_by_role("link", name="核对并确认").click()
    second.locator("main form button.button-main").click()
    open_report(page, "主动公开")
    assert cell(page, "行政强制", 0) == 12
