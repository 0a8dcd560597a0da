"""Agencies that work outside the system upload their table: its cells become returns with the file as evidence.

`reporting` says which cells they are; filing and confirming them is the ledger of returns', so both meet here.
"""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.base import clock, files
from gongkai.base.errors import RuleBroken
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.permissions import agencies_for
from gongkai.core.national_forms import NationalForm
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.tree import tree_on
from gongkai.ledgers.returns.actions import Filing, file_returns
from gongkai.reporting.annual_reports.actions import form_of
from gongkai.reporting.annual_reports.outside import asked_cells, faults_of, figures_of
from gongkai.site.imports.columns import Unreadable, is_blank, read_number, read_text
from gongkai.site.imports.desk import XLSX
from gongkai.site.imports.sheets import read_sheet

CODE, VALUE = "数据格", "数值"
HEADINGS = (CODE, "项目", "单位", VALUE)


def template_of(form: NationalForm) -> bytes:
    """The sheet to be filled in: one line a cell, without totals."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("统计表")
    head = book.add_format({"bold": True, "bg_color": "#EEEEEE"})
    sheet.write_row(0, 0, HEADINGS, head)
    for at, cell in enumerate(asked_cells(form.code), start=1):
        sheet.write_row(at, 0, (cell.code, cell.label, cell.unit))
    for column, width in enumerate((44, 60, 8, 16)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    book.close()
    return content.getvalue()


def read_table(content: bytes, form: NationalForm) -> dict[str, Decimal | None]:
    """The cells of a filled-in template, in the unit of the form; an empty one is unknown. Refuses with the row."""
    rows = read_sheet(content).rows
    head = [read_text(value) for value in rows[0]] if rows else []
    if CODE not in head or VALUE not in head:
        raise RuleBroken(f"第一行要有“{CODE}”和“{VALUE}”两列，请用下载的模板填写。", field="file")
    code_at, value_at = head.index(CODE), head.index(VALUE)
    cells: dict[str, Decimal | None] = {}
    for number, row in enumerate(rows[1:], start=2):
        padded = [*row, *([None] * (len(head) - len(row)))]
        if is_blank(padded[code_at]) and is_blank(padded[value_at]):
            continue
        code = read_text(padded[code_at])
        if code not in form.cells:
            raise RuleBroken(f"第 {number} 行：没有数据格“{code}”。", field="file")
        if code in cells:
            raise RuleBroken(f"第 {number} 行：数据格“{code}”写了两次。", field="file")
        try:
            cells[code] = None if is_blank(padded[value_at]) else read_number(padded[value_at])
        except Unreadable as unreadable:
            raise RuleBroken(f"第 {number} 行：{unreadable}。", field="file") from None
    return cells


@transaction.atomic
def upload_table(
    agency: Agency, *, year: int, content: bytes, name: str, by: Any, despite: bool = False, reason: str = ""
) -> int:
    """File the table of the year; returns how many cells. A table that does not add up is refused unless `despite`."""
    form = form_of(year)
    cells = read_table(content, form)
    figures = figures_of(form.code, cells)
    faults = faults_of(form.code, cells)
    if faults and not despite:
        raise RuleBroken(
            f"表里有{len(faults)}处不平：{'；'.join(fault.rstrip('。') for fault in faults[:5])}。", field="file"
        )
    evidence = files.store(content, name, agency_id=agency.pk, by=by)
    filings = [
        Filing(
            agency=agency,
            indicator=figure.indicator,
            period_from=date(year, 1, 1),
            period_to=date(year, 12, 31),
            value=figure.value,
            evidence=evidence,
            evidence_note=f"{year}年统计表",
            reason=reason,
        )
        for figure in figures
    ]
    return len(file_returns(filings, by=by))


class TableForm(forms.Form):
    """Whose table, of which year, and the file."""

    agency = forms.ChoiceField(label="单位", help_text="只列出不在本系统办理的单位。")
    year = forms.IntegerField(label="年度", min_value=2014, max_value=2100)
    file = forms.FileField(
        label="填好的统计表",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text="只收 .xlsx。空着的格子不算 0。",
    )
    despite = forms.BooleanField(label="表里的数不平，核对过仍然这样报", required=False)
    reason = forms.CharField(
        label="理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="年度报告已经定稿的，要写明理由。",
    )

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = forms.ChoiceField(
            label="单位", choices=agencies, help_text="只列出不在本系统办理的单位。"
        )
        self.order_fields(["agency", "year", "file", "despite", "reason"])


def _outside(user: Any, year: int) -> list[tuple[int, str]]:
    held = agencies_for(user, "returns.file")
    nodes = tree_on(date(year, 12, 31)).nodes.values()
    return [(node.pk, node.name) for node in nodes if node.works_outside and node.pk in held]


@desk_page("returns.file")
@require_safe
def template(request: StaffRequest, year: int) -> HttpResponse:  # noqa: ARG001 - one signature for all views
    """The template of a year's form."""
    try:
        form = form_of(year)
    except RuleBroken as broken:
        raise Http404(str(broken)) from broken
    response = HttpResponse(template_of(form), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{year}年统计表.xlsx')}"
    return response


@desk_action("returns.file")
@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Upload the table; what does not add up is said first."""
    last_year = clock.localdate().year - 1
    text = request.POST.get("year", "")
    year = int(text) if text.isdecimal() and 2014 <= int(text) <= 2100 else last_year
    agencies = _outside(request.user, year)
    form = TableForm(request.POST or None, request.FILES or None, agencies=agencies, initial={"year": last_year})
    if form.is_valid():
        wanted = form.cleaned_data
        agency = Agency.objects.get(pk=wanted["agency"])
        sent = wanted["file"]

        def filed() -> None:
            number = upload_table(
                agency,
                year=wanted["year"],
                content=sent.read(),
                name=sent.name,
                by=request.user,
                despite=wanted["despite"],
                reason=wanted["reason"],
            )
            messages.success(request, f"已填报 {number} 个数，请另一位同事核对后确认；确认以前不计入报告。")

        if attempt(request, filed, form=form):
            return redirect(f"{reverse('desk:returns')}?agency={agency.pk}")
    context = {"form": form, "agencies": agencies, "year": year}
    return render(request, "desk/outside_table.html", context)


desk_urlpatterns: list[URLPattern] = [
    path("round/table/", upload, name="outside_table"),
    path("round/table/template/<int:year>/", template, name="outside_template"),
]
portal_urlpatterns: list[URLPattern] = []
