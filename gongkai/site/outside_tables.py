"""The table of an agency that works outside the system: template, upload, preview, filing as returns, confirmation.

Its cells become returns with the file as evidence (issue 2, the January round). Nothing is filed before the preview is
agreed to; nothing counts before a second person has confirmed the whole table.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base import clock, files
from gongkai.base.errors import RuleBroken
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.models import FileUse
from gongkai.base.permissions import agencies_for
from gongkai.core.national_forms import form_for_year
from gongkai.core.national_forms.cells import CellValue
from gongkai.core.writing.report_tables import readable, unknown_cells
from gongkai.core.writing.report_xlsx import WrongTableError, read_tables, table_template
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.tree import Tree, tree_on
from gongkai.ledgers.returns import actions as returns
from gongkai.ledgers.returns import queries as returns_queries
from gongkai.ledgers.returns.models import Return
from gongkai.reporting.annual_reports import outside
from gongkai.reporting.annual_reports.actions import form_of
from gongkai.reporting.annual_reports.forms import FIRST_YEAR
from gongkai.reporting.annual_reports.shown import ShownTable, shown_tables
from gongkai.site.imports.sheets import examine

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_VERB = "returns.file"


@dataclass(frozen=True, slots=True)
class Read:
    """An uploaded table as it was read: its cells, what becomes a return, what does not add up."""

    year: int
    agency: Agency
    cells: dict[str, CellValue]
    figures: list[outside.OutsideFigure]
    faults: list[str]

    @property
    def tables(self) -> tuple[ShownTable, ...]:
        """The tables as the preview shows them."""
        return shown_tables(form_for_year(self.year), self.cells)

    @property
    def unknown(self) -> int:
        """How many cells were left empty."""
        return len(unknown_cells(form_for_year(self.year), self.cells))


class UploadForm(forms.Form):
    """Whose table, of which year."""

    agency = forms.TypedChoiceField(label="单位", coerce=int, help_text="不在本系统办理的单位。")
    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR, max_value=9999)
    file = forms.FileField(
        label="填好的统计表",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text="用模板填的，或者从本系统下载的 .xlsx。先看，确认以后才填报。",
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = self.fields["agency"]
        assert isinstance(agency, forms.TypedChoiceField)
        agency.choices = choices if len(choices) == 1 else [("", "请选择"), *choices]


def _last_year() -> int:
    return clock.localdate().year - 1


def _outside(tree: Tree, user: Any, verb: str) -> list[tuple[int, str]]:
    """Agencies that work outside the system and for which the user holds the verb."""
    held = agencies_for(user, verb)
    return [(node.pk, node.name) for node in tree.nodes.values() if node.works_outside and node.pk in held]


def read_table(content: bytes, agency: Agency, year: int) -> Read:
    """Read an uploaded table. Refuses with a sentence what is not the table of the year's form."""
    form = form_of(year)
    examine(content)
    try:
        cells = read_tables(content, form)
    except WrongTableError as wrong:
        raise RuleBroken(str(wrong), field="file") from wrong
    return Read(year, agency, cells, outside.figures_of(form.code, cells), outside.faults_of(form.code, cells))


class FilingForm(forms.Form):
    """What must be said before a table is filed: that it is meant, where it does not add up; why, where the year is frozen."""

    despite = forms.BooleanField(label="表里有对不上的地方，核对过仍然这样报", required=False)
    reason = forms.CharField(
        label="理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="这一年的年度报告已经定稿的，要写明理由。",
    )

    def __init__(self, *args: Any, has_faults: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_faults:
            del self.fields["despite"]


def filings_of(read: Read, evidence: FileUse, reason: str = "") -> list[returns.Filing]:
    """The cells as returns for the year, with the file as evidence."""
    first, last = date(read.year, 1, 1), date(read.year, 12, 31)
    return [
        returns.Filing(read.agency, figure.indicator, first, last, figure.value, evidence=evidence, reason=reason)
        for figure in read.figures
    ]


def file_table(read: Read, evidence: FileUse, *, by: Any, despite: bool = False, reason: str = "") -> list[Return]:
    """File the whole table, all or nothing. One that does not add up is refused unless `despite`."""
    if read.faults and not despite:
        raise RuleBroken(f"表里有 {len(read.faults)} 处对不上，核对过仍然这样报的，请勾选。", field="despite")
    return returns.file_returns(filings_of(read, evidence, reason), by=by)


@transaction.atomic
def confirm_table(evidence: FileUse, *, by: Any) -> int:
    """Confirm every waiting return of a table, all or nothing; who filed it cannot. Returns how many there were.

    By the bulk form of the action, which keeps the rules of a single return and writes one line.
    """
    waiting = list(Return.objects.filter(returns_queries.WAITING, evidence=evidence).select_related("agency"))
    if not waiting:
        raise RuleBroken("这张表没有待确认的数，可能已经确认或者撤回。")
    returns.confirm_returns(waiting, by=by)
    return len(waiting)


# ---- pages


@desk_action(PAGE_VERB)
@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Template, upload, and the tables that wait for a second person."""
    tree = tree_on(clock.localdate())
    choices = _outside(tree, request.user, PAGE_VERB)
    form = UploadForm(request.POST or None, request.FILES or None, choices=choices, initial={"year": _last_year()})
    if form.is_valid():
        wanted, stored = form.cleaned_data, list[FileUse]()
        sent: UploadedFile[bytes] = wanted["file"]

        def store() -> None:
            agency = Agency.objects.get(pk=wanted["agency"])
            read_table(sent.read(), agency, wanted["year"])
            sent.seek(0)
            stored.append(files.store(sent, sent.name or "", agency_id=agency.pk, by=request.user))

        if attempt(request, store, form=form):
            return redirect("desk:outside_table", public_id=stored[0].public_id, year=wanted["year"])
    context = {
        "form": form,
        "has_agencies": bool(choices),
        "templates": [
            (year, reverse("desk:outside_template", args=(year,))) for year in (_last_year(), _last_year() + 1)
        ],
        "waiting": _waiting(request, tree),
        "back_url": reverse("desk:round"),
    }
    return render(request, "desk/outside_tables/upload.html", context)


def _tables_visible_to(user: Any) -> QuerySet[Return]:
    return Return.objects.filter(
        agency__in=agencies_for(user, "returns.view"), indicator__contains=":", evidence__isnull=False
    )


def _waiting(request: StaffRequest, tree: Tree) -> list[dict[str, Any]]:
    """Tables with returns that nobody has confirmed."""
    found = (
        _tables_visible_to(request.user)
        .filter(returns_queries.WAITING)
        .values("evidence__public_id", "evidence__name", "agency", "filled_by", "filled_by__name")
        .annotate(number=Count("pk"), last=Max("period_to"))
    )
    return [
        {
            "agency": tree.name(line["agency"]),
            "name": line["evidence__name"],
            "by": line["filled_by__name"],
            "year": line["last"].year,
            "url": reverse("desk:outside_table", args=(line["evidence__public_id"], line["last"].year)),
        }
        for line in found
    ]


@desk_page(PAGE_VERB)
@require_safe
def template(request: StaffRequest, year: int) -> HttpResponse:  # noqa: ARG001 - the guard asks for it
    """The empty table of the year's form."""
    try:
        form = form_of(year)
    except RuleBroken as broken:
        raise Http404(str(broken)) from broken
    if year > clock.localdate().year:
        raise Http404("这一年还没有到，没有它的统计表。")
    title = f"{year}年度政府信息公开统计表"
    asked = {cell.code for cell in outside.asked_cells(form.code)}
    response = HttpResponse(table_template(form, title, asked), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{title}（模板）.xlsx')}"
    return response


def _use(request: StaffRequest, public_id: str) -> FileUse:
    """The file, for who uploaded it and for who may see the returns of its agency."""
    allowed = Q(added_by=request.user) | Q(agency_id__in=agencies_for(request.user, "returns.view"))
    return get_object_or_404(FileUse.objects.select_related("file").filter(allowed), public_id=public_id)


def _read_again(use: FileUse, year: int) -> Read:
    """The stored file read anew: nothing but the file is kept between the steps."""
    try:
        with files.open_file(use) as stream:
            content = stream.read()
    except FileNotFoundError as lost:
        raise Http404("上传的文件不在存储中，请重新上传。") from lost
    try:
        return read_table(content, get_object_or_404(Agency, pk=use.agency_id), year)
    except RuleBroken as broken:  # an address of another year, or of a file that is no table
        raise Http404(str(broken)) from broken


@desk_page("returns.view")
@require_safe
@never_cache
def table(request: StaffRequest, public_id: str, year: int) -> HttpResponse:
    """The table as it was read, what does not add up, and what can be done with it now."""
    use = _use(request, public_id)
    return _table_page(request, use, _read_again(use, year))


def _table_page(request: StaffRequest, use: FileUse, read: Read, form: FilingForm | None = None) -> HttpResponse:
    year = read.year
    filed = list(Return.objects.filter(evidence=use, withdrawn_at=None).select_related("filled_by"))
    waiting = [row for row in filed if row.confirmed_at is None]
    is_filer = bool(waiting) and waiting[0].filled_by_id == request.user.pk
    # Why the year being frozen asks for a reason is said by the form; what cannot be cured by one closes the door.
    refusals = [] if filed else returns.filing_refusals(filings_of(read, use, reason="核对后填报"))
    context = {
        "use": use,
        "read": read,
        "name": tree_on(date(year, 12, 31)).name(read.agency.pk),
        "year": year,
        "filed": filed,
        "waiting": waiting,
        "blocked": [
            f"{readable(form_for_year(year), form_for_year(year).cells[read.figures[place].code])}：{broken}"
            for place, broken in refusals[:SHOWN]
        ],
        "more_blocked": max(0, len(refusals) - SHOWN),
        "may_file": not filed and read.agency.pk in agencies_for(request.user, PAGE_VERB),
        "may_confirm": bool(waiting) and read.agency.pk in agencies_for(request.user, "returns.confirm"),
        "why_not_confirm": "填报人不能确认自己填的表，请另一位同事核对后确认。" if is_filer else "",
        "form": form or FilingForm(has_faults=bool(read.faults)),
        "file_url": reverse("desk:outside_table_file", args=(use.public_id, year)),
        "back_url": reverse("desk:outside_tables"),
    }
    return render(request, "desk/outside_tables/table.html", context)


SHOWN = 20


@desk_action(PAGE_VERB)
@require_POST
def run(request: StaffRequest, public_id: str, year: int) -> HttpResponse:
    """File the table. The file is read again; pressed twice, the second time is refused: the periods are taken."""
    use = _use(request, public_id)
    read = _read_again(use, year)
    form = FilingForm(request.POST, has_faults=bool(read.faults))
    done: list[Return] = []
    if form.is_valid() and attempt(
        request, lambda: done.extend(file_table(read, use, by=request.user, **form.cleaned_data)), form=form
    ):
        messages.success(request, f"已填报 {len(done)} 个数，等另一位同事确认后计入。")
        return redirect("desk:outside_table", public_id=public_id, year=year)
    return _table_page(request, use, read, form)


@desk_action("returns.confirm")
@require_POST
def confirm(request: StaffRequest, public_id: str, year: int) -> HttpResponse:
    """Confirm the whole table."""
    use = _use(request, public_id)
    done: list[int] = []
    if attempt(request, lambda: done.append(confirm_table(use, by=request.user))):
        messages.success(request, f"已确认 {done[0]} 个数，从现在起计入。")
    return redirect("desk:outside_table", public_id=public_id, year=year)


desk_urlpatterns: list[URLPattern] = [
    path("round/tables/", upload, name="outside_tables"),
    path("round/tables/template/<int:year>/", template, name="outside_template"),
    path("round/tables/<str:public_id>/<int:year>/", table, name="outside_table"),
    path("round/tables/<str:public_id>/<int:year>/file/", run, name="outside_table_file"),
    path("round/tables/<str:public_id>/<int:year>/confirm/", confirm, name="outside_table_confirm"),
]
portal_urlpatterns: list[URLPattern] = []
