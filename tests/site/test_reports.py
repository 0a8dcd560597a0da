"""`gongkai report compile`: which report, and how it is printed."""

from io import StringIO

import pytest

from gongkai.base.errors import RuleBroken
from gongkai.site.reports import compile_for_command, print_compiled
from tests.reporting.annual_reports.conftest import fill_returns

pytestmark = pytest.mark.django_db


def test_without_an_agency_it_is_the_topmost_one(government, bureau):
    assert compile_for_command(None, 2020).issuer == "示范区人民政府"


def test_an_agency_is_named_by_its_slug(government, bureau):
    assert compile_for_command("jiaoyu", 2020).issuer == "示范区教育局"


def test_an_unknown_agency_is_one_sentence(government):
    with pytest.raises(RuleBroken, match="没有代号为“weizhi”的单位"):
        compile_for_command("weizhi", 2020)


def test_an_empty_installation_is_one_sentence(db):
    with pytest.raises(RuleBroken, match="这里还没有单位"):
        compile_for_command(None, 2020)


def test_a_year_without_a_national_form_is_one_sentence(government):
    with pytest.raises(RuleBroken, match="国家统一格式自2014年度报告起使用"):
        compile_for_command(None, 2010)


def test_the_printed_report_names_values_sources_zeros_and_what_is_unknown(government, office_clerk, approver):
    fill_returns(government, 2020, office_clerk, approver, value=7)
    out = StringIO()
    print_compiled(compile_for_command(None, 2020), out)
    text = out.getvalue()
    assert text.startswith("示范区人民政府2020年政府信息公开工作年度报告\n")
    assert "行政许可 · 处理决定数量　7（填报）" in text
    assert "其余 161 格为 0" in text  # the whole of table three
    assert "“一、总体情况”还没有写" in text
    assert "未填的数据格" not in text


def test_an_unknown_cell_is_printed_as_such(government):
    out = StringIO()
    print_compiled(compile_for_command(None, 2020), out)
    assert "行政许可 · 处理决定数量　未填\n" in out.getvalue()
    assert "错误：“行政许可 · 处理决定数量”还没有数" in out.getvalue()
