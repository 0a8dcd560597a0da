"""What the tests of importing share: sheets made on the spot, and a port that answers as reporting does."""

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter

from gongkai.base import clock, figures
from gongkai.base.figures import IndicatorFacts
from gongkai.ledgers.records.models import Outlet
from gongkai.site.imports import LEDGERS
from gongkai.site.imports.running import check_file

TODAY = date(2021, 1, 15)


class Port:
    """Two indicators that may be returned, no rows, no frozen report unless a test says so."""

    def __init__(self) -> None:
        self.frozen: set[int] = set()
        self.known = {
            facts.name: facts
            for facts in (
                IndicatorFacts("open_data.permits.rulings", "行政许可处理决定数量", "件", False, True, True),
                IndicatorFacts("open_data.permits.change", "行政许可项目本年增减", "项", True, True, True),
                IndicatorFacts(
                    "records.published.total", "主动公开政府信息数", "条", False, True, False, "由台账逐条算出。", True
                ),
                IndicatorFacts("2019:applications.new.total", "本年新收申请总计", "件", False, True, True),
            )
        }

    def facts(self, indicator: str) -> IndicatorFacts | None:
        return self.known.get(indicator)

    def returnable(self) -> list[IndicatorFacts]:
        return [facts for facts in self.known.values() if facts.returnable and ":" not in facts.name]

    def rows_exist(self, indicator: str, agency_id: int, first: date, last: date) -> bool:
        return False

    def frozen_reports(self, agency_id: int, years: object) -> list[str]:
        return [f"{year}年年度报告" for year in sorted(self.frozen & set(years))]


@pytest.fixture(autouse=True)
def port() -> Iterator[Port]:
    """Stands where reporting stands."""
    before, mine = figures._port, Port()
    figures.fill(mine)
    yield mine
    figures._port = before


@pytest.fixture(autouse=True)
def _frozen_clock() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


def sheet_of(lines: Sequence[Sequence[object]], **options: object) -> bytes:
    """An .xlsx of one sheet."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, day)
            else:
                sheet.write(row, column, value)
    book.close()
    return buffer.getvalue()


def table(code: str, *rows: dict[str, object]) -> bytes:
    """An .xlsx with the headings of the columns that the rows name by key, in the order of the template."""
    columns = [column for column in LEDGERS[code].columns if any(column.key in row for row in rows)]
    return sheet_of([[c.heading for c in columns], *([row.get(c.key, "") for c in columns] for row in rows)])


def check(code: str, user: object, *rows: dict[str, object]):
    """The rows as a file, checked in the name of the user."""
    return check_file(LEDGERS[code], table(code, *rows), user)


def sentences(checked: object) -> list[str]:
    """Every fault as it is shown."""
    return [f"{row}: {fault}" for row, fault in checked.faults()]


RECORD = {
    "agency": "示范区教育局",
    "index_number": "SF020-0000-2020-00001",
    "title": "关于做好2020年义务教育招生工作的通知",
    "document_number": "示教〔2020〕1号",
    "issued_on": date(2020, 3, 2),
    "outlets": "区政府门户网站、示范区发布",
    "published_on": "2020-03-04、2020年3月5日",
}
APPLICATION = {
    "agency": "示范区教育局",
    "number": "示教公开申〔2020〕1号",
    "received_on": date(2020, 6, 1),
    "channel": "网络",
    "applicant_kind": "自然人",
    "applicants": "申请人甲、申请人乙",
    "description": "2019年学区划分方案",
    "closed_on": "2020/6/20",
    "outcome": "予以公开",
    "reply_number": "示教公开答〔2020〕1号",
}
REMEDY = {
    "agency": "jiaoyu",
    "number": "示政复〔2020〕3号",
    "kind": "行政复议",
    "opened_on": date(2020, 7, 1),
    "organ": "示范区人民政府",
    "decided_on": date(2020, 8, 20),
    "result": "结果维持",
}
RETURN = {
    "agency": "示范区教育局",
    "indicator": "行政许可处理决定数量",
    "period_from": date(2020, 1, 1),
    "period_to": date(2020, 12, 31),
    "value": 17,
    "evidence_note": "审批系统2020年统计表",
}
AGENCY = {
    "slug": "minzheng",
    "code": "SF030",
    "name": "示范区民政局",
    "kind": "工作部门",
    "parent": "示范区人民政府",
    "valid_from": date(2010, 1, 1),
}
STAFF = {"username": "zhou", "name": "周科员", "agency": "示范区教育局", "roles": "经办、审查"}


@pytest.fixture
def outlets(portal_outlet: Outlet, wechat_outlet: Outlet) -> None:
    """The portal and the WeChat account of the government."""
