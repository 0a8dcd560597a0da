"""The desk pages of importing: choose a ledger, template, upload, check, import exactly what was checked.

The upload is stored by its digest and named by a random id; the check page and the returned copy are computed from the
stored bytes, so that nothing but the file itself is kept between the steps. Only who uploaded it sees it again.
"""

from urllib.parse import quote

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.base import files
from gongkai.base.errors import RuleBroken
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.models import FileUse
from gongkai.base.permissions import may_somewhere
from gongkai.site.imports import LEDGERS, layout
from gongkai.site.imports.ledger import Desk, Ledger
from gongkai.site.imports.running import Checked, Imported, check_file, import_checked

SHOWN = 50
SLOW = 4  # seconds from which on the page says how long it takes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    """The sheet to be checked."""

    file = forms.FileField(
        label="填好的表格",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text="只收 .xlsx。先检查，确认以后才导入。",
    )


class ReasonForm(forms.Form):
    """Why rows of a frozen year are entered."""

    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 2}))


def _held(request: StaffRequest) -> list[Ledger]:
    return [ledger for ledger in LEDGERS.values() if may_somewhere(request.user, ledger.verb)]


def _ledger(request: StaffRequest, code: str) -> Ledger:
    ledger = LEDGERS.get(code)
    if ledger is None or ledger not in _held(request):
        raise Http404("没有这个台账，或者您没有往里面登记的权限。")
    return ledger


def _upload(request: StaffRequest, public_id: str) -> FileUse:
    uses = FileUse.objects.select_related("file").filter(added_by=request.user)
    return get_object_or_404(uses, public_id=public_id)


def _check(ledger: Ledger, use: FileUse, request: StaffRequest) -> Checked:
    try:
        with files.open_file(use) as stream:
            content = stream.read()
    except FileNotFoundError as lost:
        raise Http404("上传的文件不在存储中，请重新上传。") from lost
    return check_file(ledger, content, request.user, most_rows=ledger.most_on_the_desk)


@desk_page("imports.run")
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Choose a ledger."""
    return render(request, "desk/imports/index.html", {"ledgers": _held(request)})


@desk_page("imports.run")
@require_safe
def template(request: StaffRequest, code: str) -> HttpResponse:
    """The empty template, with the words that this user may choose from."""
    ledger = _ledger(request, code)
    content = layout.template(ledger.title, ledger.columns, ledger.offered(Desk(request.user)))
    return _download(content, f"{ledger.title}-导入模板.xlsx")


@desk_action("imports.run")
@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest, code: str) -> HttpResponse:
    """The two steps before the check: template and upload."""
    ledger = _ledger(request, code)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent: UploadedFile[bytes] = form.cleaned_data["file"]
        stored: list[FileUse] = []

        def store() -> None:
            if not (sent.name or "").lower().endswith(".xlsx"):
                raise RuleBroken("只收 .xlsx 表格，请用下载的模板填写。", field="file")
            if (sent.size or 0) > settings.UPLOAD_LIMIT:
                raise RuleBroken(f"文件超过 {settings.UPLOAD_LIMIT >> 20} MB，请拆成几个文件。", field="file")
            check_file(ledger, sent.read(), request.user, most_rows=ledger.most_on_the_desk)
            stored.append(
                files.store(
                    sent, sent.name or "", agency_id=request.user.agency_id, visibility="owner", by=request.user
                )
            )

        if attempt(request, store, form=form):
            return redirect("desk:import_check", code=code, public_id=stored[0].public_id)
    return render(request, "desk/imports/upload.html", {"ledger": ledger, "form": form})


@desk_page("imports.run")
@require_safe
@never_cache
def check(request: StaffRequest, code: str, public_id: str) -> HttpResponse:
    """What the check says, before anything is changed."""
    ledger, use = _ledger(request, code), _upload(request, public_id)
    try:
        checked = _check(ledger, use, request)
    except RuleBroken as broken:  # the ledger or the rights changed since the upload
        return _refused(request, ledger, use, str(broken))
    form = ReasonForm() if checked.frozen else None
    return render(request, "desk/imports/check.html", _page(ledger, use, checked, form))


@desk_page("imports.run")
@require_safe
@never_cache
def returned(request: StaffRequest, code: str, public_id: str) -> HttpResponse:
    """The file with the verdict beside each row."""
    ledger, use = _ledger(request, code), _upload(request, public_id)
    checked = _check(ledger, use, request)
    return _download(checked.returned(), f"{use.name.removesuffix('.xlsx')}-检查结果.xlsx")


@desk_action("imports.run")
@require_http_methods(["POST"])
@never_cache
def run(request: StaffRequest, code: str, public_id: str) -> HttpResponse:
    """Import the stored file. It is checked again: the ledger may have changed since. Pressed twice, all is 已有."""
    ledger, use = _ledger(request, code), _upload(request, public_id)
    try:
        checked = _check(ledger, use, request)
    except RuleBroken as broken:
        return _refused(request, ledger, use, str(broken))
    form = ReasonForm(request.POST) if checked.frozen else None
    done: list[Imported] = []
    if form is None or form.is_valid():
        reason = form.cleaned_data["reason"] if form is not None else ""
        if attempt(request, lambda: done.append(import_checked(checked, reason=reason, name=use.name)), form=form):
            context = {"ledger": ledger, "use": use, "done": done[0], "list_url": reverse(ledger.url_name)}
            return render(request, "desk/imports/done.html", context)
    return render(request, "desk/imports/check.html", _page(ledger, use, checked, form))


def _refused(request: StaffRequest, ledger: Ledger, use: FileUse, sentence: str) -> HttpResponse:
    form = UploadForm()
    context = {"ledger": ledger, "form": form, "refused": f"“{use.name}”不能导入：{sentence}"}
    return render(request, "desk/imports/upload.html", context)


def _page(ledger: Ledger, use: FileUse, checked: Checked, form: ReasonForm | None) -> dict[str, object]:
    faults = list(checked.faults())
    warnings = [{"sentence": w.sentence, "rows": _rows(w.rows)} for w in checked.warnings]
    return {
        "ledger": ledger,
        "use": use,
        "new": len(checked.new),
        "existing": checked.existing,
        "bad": len(checked.bad),
        "total": len(checked.rows),
        "faults": [{"row": row, "heading": fault.heading, "sentence": fault.sentence} for row, fault in faults[:SHOWN]],
        "more": max(len(faults) - SHOWN, 0),
        "warnings": warnings,
        "frozen": checked.frozen,
        "form": form,
        "sha256": checked.sha256,
        "list_url": reverse(ledger.url_name),
        "consequences": _consequences(checked),
    }


def _consequences(checked: Checked) -> list[str]:
    sentences = [f"新增 {len(checked.new):,} 行；全部成功，或者一行不动。"]
    if checked.existing:
        sentences.append(f"{checked.existing:,} 行台账里已有，内容相同，跳过。")
    if (seconds := len(checked.new) // checked.ledger.rows_a_second) >= SLOW:
        sentences.append(f"大约需要 {seconds} 秒，请不要关闭本页。")
    sentences.append("导入写入操作日志；导入后要改的，在台账里逐条更正。")
    return sentences


def _rows(numbers: tuple[int, ...]) -> str:
    shown = "、".join(str(number) for number in numbers[:8])
    return f"第 {shown} 行" if len(numbers) <= 8 else f"第 {shown} 等 {len(numbers)} 行"


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename=\"import.xlsx\"; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
