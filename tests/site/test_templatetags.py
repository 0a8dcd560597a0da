"""How figures, days and sizes are written, and parts that vanish when empty."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from gongkai.site.templatetags import gongkai as tags


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0, "0"),  # zero means zero
        (16, "16"),
        (62470, "62,470"),
        (-2, "−2"),
        (-1090, "−1,090"),
        (Decimal("35692694.56"), "35,692,694.56"),
        (Decimal("10.50"), "10.50"),  # digits are never lost
        (Decimal("6.247E+4"), "62,470"),
        (Decimal("-0.5"), "−0.5"),
        ("约 90", "约 90"),  # a figure as it was printed
    ],
)
def test_a_figure_has_thousands_separators(value, printed):
    assert tags.figure(value) == printed


@pytest.mark.parametrize("value", [None, ""])
def test_an_unknown_figure_says_so_and_is_not_zero(value):
    assert tags.figure(value) == '<span class="unknown">未填</span>'


@pytest.mark.parametrize(("value", "printed"), [(87, "+87"), (1090, "+1,090"), (-2, "−2"), (0, "0")])
def test_a_change_carries_its_sign(value, printed):
    assert tags.figure(value, "+") == printed


def test_a_figure_from_outside_is_escaped():
    assert "&lt;b&gt;" in Template("{% load gongkai %}{{ value|figure }}").render(Context({"value": "<b>"}))


def test_money_keeps_its_digits_and_names_its_unit():
    assert tags.money(Decimal("35692694.56")) == "35,692,694.56 元"


def test_money_is_never_a_float():
    with pytest.raises(TypeError):
        tags.money(0.1)


def test_unknown_money_has_no_unit():
    assert tags.money(None) == '<span class="unknown">未填</span>'


def test_a_day_is_that_of_beijing():
    # 16:30 in UTC on 31 December is half past midnight of the new year in Beijing.
    assert tags.day(datetime(2020, 12, 31, 16, 30, tzinfo=UTC)) == "2021-01-01"


@pytest.mark.parametrize(("value", "printed"), [(date(2021, 3, 8), "2021-03-08"), (None, ""), ("", "")])
def test_a_day_is_written_in_digits(value, printed):
    assert tags.day(value) == printed


def test_a_moment_is_that_of_beijing():
    assert tags.moment(datetime(2021, 1, 20, 1, 31, tzinfo=UTC)) == "2021-01-20 09:31"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0, "0 字节"),
        (1023, "1023 字节"),
        (1024, "1.0 KB"),
        (88_064, "86 KB"),
        (1_300_000, "1.2 MB"),
        (5 * 1024**3, "5.0 GB"),
        (3000 * 1024**3, "3000 GB"),
        (None, "未填"),
    ],
)
def test_the_size_of_a_file_is_readable(value, printed):
    assert tags.bytes_zh(value) == printed


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(16, 20, 80), (0, 20, 0), (25, 20, 100), (None, 20, 0), (1, 0, 0), (2, 3, 66)]
)
def test_a_meter_stays_between_empty_and_full(part, whole, percent):
    assert tags.share(part, whole) == percent


def test_a_part_without_content_leaves_no_box():
    template = Template('{% load gongkai %}[{% filled "_subtitle.html" %} {% if shown %}有{% endif %} {% endfilled %}]')
    assert template.render(Context({"shown": False})) == "[]"
    assert "<p" in template.render(Context({"shown": True}))


def test_columns_stand_side_by_side_only_when_there_are_two():
    template = Template('{% load gongkai %}{% columns "work-columns" %}左{% beside %}{{ right }}{% endcolumns %}')
    assert template.render(Context({"right": ""})) == "左"
    assert 'class="work-columns"' in template.render(Context({"right": "右"}))


def chart(points):
    source = '{% load gongkai %}{% bar_chart "收到申请" points "件" break_before=2019 %}'
    return Template(source).render(Context({"points": points}))


def test_a_chart_prints_reads_out_and_tables_its_values():
    drawn = chart([(2018, 1184), (2019, 21)])
    assert 'aria-label="收到申请：2018 1,184件，2019 21件"' in drawn
    assert ">1,184</text>" in drawn
    assert '<td class="num">1,184</td>' in drawn


def test_an_unknown_year_of_a_chart_has_no_bar_and_is_not_zero():
    drawn = chart([(2018, None), (2019, 21)])
    assert "2018 未填" in drawn
    assert 'height="0.0"' in drawn


def test_a_chart_of_zeros_can_be_drawn():
    assert chart([(2018, 0), (2019, 0)]).count("<rect") == 2


def test_a_chart_marks_where_the_national_form_changed():
    assert chart([(2018, 1), (2019, 2)]).count("chart-break") == 1


def test_the_pager_keeps_the_rest_of_the_query():
    request = RequestFactory().get("/", {"q": "征收", "page": "2"})
    page = Paginator(list(range(100)), 10).page(2)
    context = Context({"page": page})
    context.request = request
    shown = Template('{% include "_pager.html" %}').render(context)
    assert "?q=%E5%BE%81%E6%94%B6&amp;page=3" in shown
    assert 'aria-current="page"' in shown
    assert "共 100 条，第 11–20 条" in shown
