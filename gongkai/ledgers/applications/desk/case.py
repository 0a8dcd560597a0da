"""One application: facts, clock, history, what may be done; and a page for each verb."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.base import calendars, clock, figures
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.permissions import may
from gongkai.core.law.articles import cite
from gongkai.core.law.deadlines import law_for
from gongkai.core.law.outcomes import OUTCOMES
from gongkai.core.national_forms import FIRST_YEAR, form_for_year
from gongkai.ledgers.agencies.queries import agency_choices, agency_names
from gongkai.ledgers.applications import actions, queries
from gongkai.ledgers.applications.forms import (
    AssignForm,
    ChangeForm,
    ClosingForm,
    CorrectClosingForm,
    ExtensionForm,
    NewApplicationForm,
    ReasonForm,
)
from gongkai.ledgers.applications.history import history_of
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.applications.progress import progress_of, strip_of


def visible(request: StaffRequest, pk: int) -> Application:
    """The application, or 404 when the user may not see it."""
    return get_object_or_404(queries.visible_to(request.user).select_related("handler"), pk=pk)


def frozen_reports(application: Application) -> list[str]:
    """Titles of frozen annual reports in which the application counts, from receipt to its end or today."""
    last = application.closed_on or clock.localdate()
    years = range(application.received_on.year, last.year + 1)
    return figures.port().frozen_reports(application.agency_id, years)


@desk_page("applications.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything about one application."""
    application = visible(request, pk)
    today, user = clock.localdate(), request.user
    calendar = calendars.calendar_of(application.agency_id)
    progress = progress_of(application, calendar, today)
    sees = may(user, "applications.see_applicants", application)
    agency = agency_names().get(application.agency_id, "")
    law = law_for(application.received_on)
    context = {
        "application": application,
        "agency": agency,
        "progress": progress,
        "weeks": strip_of(application, calendar, today),
        "basis": cite(law.article, name=law.title),
        "listed": _facts(application, agency, sees=sees),
        "statistics": _statistics(application),
        "frozen": frozen_reports(application),
        "history": history_of(application),
        "verbs": _verbs(request, application),
        "may_remedy": may(user, "remedies.open", application),
        "remedies": application.remedies.order_by("opened_on", "pk")
        if may(user, "remedies.view", application)
        else None,
    }
    return render(request, "applications/desk/detail.html", context)


def _facts(application: Application, agency: str, *, sees: bool) -> list[tuple[str, Any]]:
    parties = application.applicants.order_by("-is_representative", "pk")
    applicant = "、".join(party.name for party in parties) if sees else "您的角色不能查看申请人"
    listed = [
        ("申请编号", application.number),
        ("受理机关", agency),
        ("申请人", applicant),
        ("申请人类别", application.get_applicant_kind_display()),
        ("收到日期", application.received_on),
        ("收到渠道", application.get_channel_display()),
        ("内容主题", application.subject),
        ("承办人", application.handler.name if application.handler else "未指定"),
    ]
    if application.extended_on:
        listed.append(("延期", f"{application.extended_on}，{application.extension_days} 个工作日"))
    if application.closed_on:
        outcome = OUTCOMES[application.outcome]
        listed += [
            ("办结日期", application.closed_on),
            ("办理结果", application.get_outcome_display()),
            ("答复书文号", application.reply_number),
            ("依据", cite(outcome.article) if outcome.article else "统计表式"),
        ]
    return listed


def _statistics(application: Application) -> str:
    """Where the annual report counts the closed application: year and printed row."""
    if application.closed_on is None or application.closed_on.year < FIRST_YEAR:
        return ""
    form = form_for_year(application.closed_on.year)
    row_code = OUTCOMES[application.outcome].row(form.code)
    if row_code is None:
        return f"计入 {application.closed_on.year} 年度统计表的办结数，不计入答复数"
    rows = {row.code: row.label for table in form.tables for row in table.rows}
    label = rows.get(row_code) or rows.get(row_code.removeprefix("applications."), "")
    return f"计入 {application.closed_on.year} 年度报告：{label}"


def _verbs(request: StaffRequest, application: Application) -> list[dict[str, Any]]:
    """What could be done, each with why it cannot be done now; nothing for which the user lacks the role."""
    open_ = application.closed_on is None
    closed_sentence = [] if open_ else [f"已于 {application.closed_on} 办结。"]
    offered: tuple[tuple[str, str, str, list[str], bool], ...] = (
        ("close", "办结", "applications.close", actions.why_not_close(application), open_),
        ("extend", "延长答复期限", "applications.extend", actions.why_not_extend(application), open_),
        ("assign", "指定承办人", "applications.change", closed_sentence, open_),
        ("change", "更正登记", "applications.change", [], True),
        ("correct_closing", "更正办结", "applications.change", [], not open_),
        ("reopen", "撤销办结登记", "applications.change", [], not open_),
    )
    return [
        {
            "name": name,
            "title": title,
            "url": reverse(f"desk:application_{name}", args=[application.pk]),
            "why": why,
        }
        for name, title, verb, why, shown in offered
        if may(request.user, verb, application) and (shown or why)
    ]


# ---- verbs


@desk_action("applications.register")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Register an application."""
    agencies = agency_choices(request.user, "applications.register")
    form = NewApplicationForm(
        request.POST or None,
        user=request.user,
        agencies=agencies,
        initial={"received_on": clock.localdate(), "handler": request.user.pk},
    )
    made: list[Application] = []
    if form.is_valid() and attempt(
        request,
        lambda: made.append(actions.register_application(by=request.user, **form.cleaned_data)),
        form=form,
    ):
        (application,) = made
        provisional = "（暂定）" if application.due_is_provisional else ""
        messages.success(request, f"已登记，编号 {application.number}，答复期限 {application.due_on}{provisional}。")
        return redirect("desk:application", pk=application.pk)
    return render(request, "applications/desk/new.html", {"form": form})


def _page(
    request: StaffRequest,
    application: Application,
    form: Any,
    act: Callable[[], object],
    *,
    title: str,
    submit: str,
    done: Callable[[], str],
    hints: list[str] | None = None,
) -> HttpResponse:
    """A form about one application: run the action, or show the form with what is wrong."""
    if form.is_valid() and attempt(request, act, form=form):
        messages.success(request, done())
        return redirect("desk:application", pk=application.pk)
    context = {
        "application": application,
        "form": form,
        "title": title,
        "submit": submit,
        "hints": hints or [],
        "frozen": frozen_reports(application),
    }
    return render(request, "applications/desk/act.html", context)


def _shut(request: StaffRequest, application: Application, why: list[str]) -> HttpResponse:
    """The door is closed: say why, on the application's page."""
    messages.error(request, why[0])
    return redirect("desk:application", pk=application.pk)


@desk_action("applications.close")
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """Close it."""
    application = visible(request, pk)
    if why := actions.why_not_close(application):
        return _shut(request, application, why)
    form = ClosingForm(request.POST or None, frozen=frozen_reports(application), initial={"on": clock.localdate()})
    return _page(
        request,
        application,
        form,
        lambda: actions.close_application(application, by=request.user, **form.cleaned_data),
        title="办结",
        submit="办结",
        done=lambda: "已办结，超过答复期限，已标记超期。" if application.closed_late else "已办结。",
        hints=[f"答复期限 {application.due_on}；超期的照实登记，会标记出来，不会被拒绝。"],
    )


@desk_action("applications.extend")
@require_http_methods(["GET", "POST"])
def extend(request: StaffRequest, pk: int) -> HttpResponse:
    """Grant the one extension."""
    application = visible(request, pk)
    if why := actions.why_not_extend(application):
        return _shut(request, application, why)
    form = ExtensionForm(request.POST or None, application=application, initial={"on": clock.localdate()})
    before = application.due_on
    return _page(
        request,
        application,
        form,
        lambda: actions.extend_reply(application, by=request.user, **form.cleaned_data),
        title="延长答复期限",
        submit="延长",
        done=lambda: (
            f"已延长至 {application.due_on}{'（暂定）' if application.due_is_provisional else ''}，请及时告知申请人。"
            if application.due_on != before
            else f"已登记延期；原期限 {before} 已过，期限不动，已标记。"
        ),
        hints=[f"只能延长一次，须经公开工作机构负责人同意，并在 {application.due_on} 前告知申请人（条例第三十三条）。"],
    )


@desk_action("applications.change")
@require_http_methods(["GET", "POST"])
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    """Name who handles it."""
    application = visible(request, pk)
    form = AssignForm(
        request.POST or None, agency_id=application.agency_id, initial={"handler": application.handler_id}
    )
    return _page(
        request,
        application,
        form,
        lambda: actions.assign_handler(application, by=request.user, **form.cleaned_data),
        title="指定承办人",
        submit="指定",
        done=lambda: f"承办人：{application.handler}。",
    )


@desk_action("applications.change")
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Put the registration right."""
    application = visible(request, pk)
    sees = may(request.user, "applications.see_applicants", application)
    initial = {
        name: getattr(application, name)
        for name in ("received_on", "channel", "applicant_kind", "description", "subject")
    }
    if sees:
        parties = application.applicants.order_by("-is_representative", "pk")
        initial["applicants"] = "\n".join(party.name for party in parties)
    form = ChangeForm(request.POST or None, sees_applicants=sees, frozen=frozen_reports(application), initial=initial)
    return _page(
        request,
        application,
        form,
        lambda: actions.change_application(application, by=request.user, **form.cleaned_data),
        title="更正登记",
        submit="更正",
        done=lambda: f"已更正；答复期限 {application.due_on}。",
        hints=["编号不变；每次更正都留下原来的内容和理由。"],
    )


@desk_action("applications.change")
@require_http_methods(["GET", "POST"])
def correct_closing(request: StaffRequest, pk: int) -> HttpResponse:
    """Put the closing right."""
    application = visible(request, pk)
    form = CorrectClosingForm(
        request.POST or None,
        frozen=frozen_reports(application),
        initial={
            "on": application.closed_on,
            "outcome": application.outcome,
            "reply_number": application.reply_number,
        },
    )
    return _page(
        request,
        application,
        form,
        lambda: actions.correct_closing(application, by=request.user, **form.cleaned_data),
        title="更正办结",
        submit="更正",
        done=lambda: "已更正办结登记。",
    )


@desk_action("applications.change")
@require_http_methods(["GET", "POST"])
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a closing back."""
    application = visible(request, pk)
    if why := actions.why_not_reopen(application):
        return _shut(request, application, why)
    form = ReasonForm(request.POST or None, frozen=frozen_reports(application))
    return _page(
        request,
        application,
        form,
        lambda: actions.reopen_application(application, by=request.user, **form.cleaned_data),
        title="撤销办结登记",
        submit="撤销",
        done=lambda: "已撤销办结登记，申请恢复为在办。",
        hints=["只用于误登记的办结。答复作出以后被复议或者诉讼改变的，在“复议与诉讼”登记结果。"],
    )
