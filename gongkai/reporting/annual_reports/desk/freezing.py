"""Freezing and after: propose, confirm, withdraw, correct, submit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.base.http import StaffRequest, attempt, desk_action
from gongkai.reporting.annual_reports import actions, forms
from gongkai.reporting.annual_reports.desk.framing import confirm_page, form_page, found_report, shell_of
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.annual_reports.report_page import Shell


def _consequences(shell: Shell) -> list[str]:
    """What will be frozen."""
    compiled = shell.compiled
    unknown = sum(one.value is None for one in compiled.cells.values())
    explained = sum(finding.explained is not None for finding in compiled.findings)
    return [
        f"{len(compiled.cells)} 个数据格的值，连同每格后面的记录，一起固定；以后台账再改，这份报告不变。",
        f"{len(compiled.sections)} 个部分的正文和正文里的数字一起固定。",
        (
            f"未填的数据格 {unknown} 个，手工填写 {sum(one.hand is not None for one in compiled.cells.values())} 个，"
            f"写了说明的问题 {explained} 个，会随报告公布。"
        ),
        "定稿不能撤回；发现错误只能更正，另出一版，并说明更正什么。",
    ]


@desk_action("reports.propose")
@require_http_methods(["GET", "POST"])
def propose(request: StaffRequest, pk: int) -> HttpResponse:
    """The disclosure office proposes to freeze, seeing what will be frozen, or why not yet."""
    if request.method == "POST":
        held = found_report(request, pk)
        if attempt(request, lambda: actions.propose_freeze(held, by=request.user)):
            messages.success(request, "已提请定稿，请审批的领导批准。")
        return redirect("desk:report", pk=pk)
    shell = shell_of(request, pk)
    return confirm_page(
        request,
        pk,
        heading="提请定稿",
        question=f"提请把{shell.compiled.title}定稿？",
        submit="提请定稿",
        consequences=_consequences(shell),
        blocked=[*shell.why_not_propose(), *(finding.message for finding in shell.compiled.blocking)],
    )


@desk_action("reports.freeze")
@require_http_methods(["GET", "POST"])
def freeze(request: StaffRequest, pk: int) -> HttpResponse:
    """The approver confirms: every value is stored with its trace."""
    if request.method == "POST":
        held = found_report(request, pk)
        if attempt(request, lambda: actions.confirm_freeze(held, by=request.user)):
            messages.success(request, "已定稿。数字、正文和后面的记录都固定了。")
        return redirect("desk:report", pk=pk)
    shell = shell_of(request, pk)
    blocked = [finding.message for finding in shell.compiled.blocking]
    if shell.report.state != "proposed":
        blocked.append("公开工作机构还没有提请，或者已经定稿。")
    return confirm_page(
        request,
        pk,
        heading="批准定稿",
        question=f"批准{shell.compiled.title}定稿？",
        submit="批准定稿",
        consequences=_consequences(shell),
        blocked=blocked,
    )


@desk_action("reports.view")
@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the proposal back, so that the report can be written on."""
    report = found_report(request, pk)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid() and attempt(
        request,
        lambda: actions.withdraw_proposal(report, reason=form.cleaned_data["reason"], by=request.user),
        form=form,
    ):
        messages.success(request, "已撤回，可以继续修改。")
        return redirect("desk:report", pk=pk)
    return form_page(request, form, heading="撤回提请", submit="撤回", back_url=reverse("desk:report", args=(pk,)))


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Open a new version that says what it changes."""
    report = found_report(request, pk)
    form = forms.CorrectionForm(request.POST or None)
    if form.is_valid():
        made: list[AnnualReport] = []

        def correcting() -> None:
            made.append(actions.correct_report(report, note=form.cleaned_data["note"], by=request.user))

        if attempt(request, correcting, form=form):
            messages.success(request, "已建立更正的一版；改好以后再定稿、公布，原来的版本保留。")
            return redirect("desk:report", pk=made[0].pk)
    return form_page(
        request, form, heading="更正年度报告", submit="建立更正的一版", back_url=reverse("desk:report", args=(pk,))
    )


@desk_action("reports.submit")
@require_http_methods(["GET", "POST"])
def submit(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand the frozen report to the lead office."""
    held = found_report(request, pk)
    if request.method == "POST":
        if attempt(request, lambda: actions.submit_report(held, by=request.user)):
            messages.success(request, "已报送主管部门。")
        return redirect("desk:report", pk=pk)
    return confirm_page(
        request,
        pk,
        heading="报送年度报告",
        question=f"把定稿的{held.year}年度报告（第{held.number}版）报送主管部门？",
        submit="报送",
        consequences=["主管部门接收，或者逐格写明意见退回；进度在“年报报送”里看。"],
    )
