"""What table three counts: applications received, open on 1 January, closed by outcome, open on 31 December.

Basis: 国办公开办函〔2019〕60号, 〔2021〕30号; an application counts once, for the agency in whose name the reply is made.
"""

import re

from django.db.models import Case, CharField, F, Q, Value, When
from django.urls import reverse

from gongkai.core.law.applicants import APPLICANT_KINDS
from gongkai.core.law.channels import RECEIPT_CHANNELS
from gongkai.core.law.outcomes import OUTCOMES, outcomes_of_row
from gongkai.core.national_forms import FORMS
from gongkai.ledgers.applications.models import Application
from gongkai.reporting.indicators import Dimension, Family, Indicator, Ledger, Scope, counted, register, term
from gongkai.reporting.indicators.levels import LEVEL

FORM_2019 = "国办公开办函〔2019〕60号、〔2021〕30号"
CLOCK = "《政府信息公开条例》第三十三条"


def _extension(_: Scope) -> Case:
    return Case(When(extended_on=None, then=Value("on_time")), default=Value("extended"), output_field=CharField())


def _timeliness(_: Scope) -> Case:
    return Case(
        When(closed_on=None, then=Value("")),
        When(closed_on__lte=F("due_on"), then=Value("in_time")),
        default=Value("late"),
        output_field=CharField(),
    )


DIMENSIONS = {
    dimension.name: dimension
    for dimension in (
        Dimension("outcome", "办理结果", "outcome", {code: outcome.label for code, outcome in OUTCOMES.items()}),
        Dimension("applicant_kind", "申请人类别", "applicant_kind", dict(APPLICANT_KINDS)),
        Dimension("channel", "收到渠道", "channel", dict(RECEIPT_CHANNELS)),
        Dimension("extension", "是否延期", _extension, {"on_time": "未延期", "extended": "延期"}),
        Dimension("timeliness", "是否按时", _timeliness, {"in_time": "期限内办结", "late": "逾期办结"}),
        Dimension("subject", "内容主题", "subject", None),
        LEVEL,
    )
}


def _alive(scope: Scope) -> Q:
    """Received by the last day and not closed before the first: every family of this ledger lies in it."""
    return Q(received_on__lte=scope.last) & (Q(closed_on=None) | Q(closed_on__gte=scope.first))


LEDGER = Ledger(
    name="applications",
    title="依申请公开",
    model=Application,
    envelope=_alive,
    verb="applications.view",
    dimensions=DIMENSIONS,
    columns=(
        ("number", "申请编号", lambda row: row.number),
        ("received_on", "收到日期", lambda row: row.received_on),
        ("applicant_kind", "申请人类别", lambda row: row.get_applicant_kind_display()),
        ("channel", "收到渠道", lambda row: row.get_channel_display()),
        ("due_on", "答复期限", lambda row: row.due_on),
        ("closed_on", "办结日期", lambda row: row.closed_on),
        ("outcome", "办理结果", lambda row: row.get_outcome_display()),
    ),
    detail=lambda row: reverse("desk:application", args=(row.pk,)),
)


def _open_on(day: object, *, before: bool) -> Q:
    """Open at the start (`before`) or at the end of a day."""
    if before:
        return Q(received_on__lt=day) & (Q(closed_on=None) | Q(closed_on__gte=day))
    return Q(received_on__lte=day) & (Q(closed_on=None) | Q(closed_on__gt=day))


register(
    Family(
        name="applications.new",
        title="新收政府信息公开申请",
        counts="统计期内收到的申请，以法定的收到之日为准，一份申请计一件，计在作出答复的机关。",
        unit="件",
        ledger=LEDGER,
        basis=FORM_2019,
        condition=lambda scope: Q(received_on__range=scope.period),
        day="received_on",
    ),
    Family(
        name="applications.carried_in",
        title="上年结转政府信息公开申请",
        counts="统计期开始以前收到、到统计期第一天还没有办结的申请。",
        unit="件",
        ledger=LEDGER,
        basis=FORM_2019,
        condition=lambda scope: _open_on(scope.first, before=True),
        is_stock=True,
    ),
    Family(
        name="applications.closed_total",
        title="办结的申请",
        counts="统计期内办结的申请，不论哪年收到；每件只计一种办理结果，区分处理的只计“部分公开”。",
        unit="件",
        ledger=LEDGER,
        basis=FORM_2019,
        condition=lambda scope: Q(closed_on__range=scope.period),
        day="closed_on",
    ),
    Family(
        name="applications.carried_over",
        title="结转下年度继续办理的申请",
        counts="统计期最后一天结束时已经收到、还没有办结的申请。",
        unit="件",
        ledger=LEDGER,
        basis=FORM_2019,
        condition=lambda scope: _open_on(scope.last, before=False),
        is_stock=True,
    ),
    Family(
        name="applications.overdue",
        title="到期未答复的申请",
        counts="统计期最后一天结束时答复期限已到、还没有办结的申请。",
        unit="件",
        ledger=LEDGER,
        basis=CLOCK,
        condition=lambda scope: _open_on(scope.last, before=False) & Q(due_on__lte=scope.last),
        is_stock=True,
    ),
)

_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+\.)")


def _register_outcomes() -> None:
    """One indicator for each row of table three that counts an outcome, headings included (不予公开 as a whole)."""
    for form in ("2021", "2019"):
        heading = ""
        for row in FORMS[form].table("applications").rows:
            outcomes = outcomes_of_row(form, f"applications.{row.code}")
            label = _NUMBERING.sub("", row.label).partition("（")[0]
            heading = label if row.depth < 2 else heading
            name = f"applications.{row.code}.total"
            if not outcomes or row.code == "closed_total" or name in _done:
                continue
            title = f"{heading}：{label}" if row.depth > 1 else label
            _done.add(name)
            register(counted(name, title, term("applications.closed_total", outcome=outcomes)))


def _register_replies() -> None:
    """One indicator for each row of （三）申请答复数 of the form of 2014."""
    for cell in FORMS["2014"].cells.values():
        if cell.code == "applications.replied" or not cell.code.startswith("applications.replied"):
            continue
        outcomes = outcomes_of_row("2014", cell.code)
        title = _NUMBERING.sub("", cell.label.rpartition(" · ")[2]).removeprefix("其中：")
        if cell.code.count(".") > 2:
            title = f"不同意公开：{title}"
        register(counted(cell.code, title, term("applications.closed_total", outcome=outcomes)))


_done: set[str] = set()
register(
    counted("applications.new.total", "收到的政府信息公开申请", term("applications.new")),
    *(
        counted(f"applications.received.{code}", f"{label}申请", term("applications.new", channel=code))
        for code, label in RECEIPT_CHANNELS.items()
    ),
    counted("applications.carried_in.total", "上年结转的申请", term("applications.carried_in")),
    counted("applications.closed_total.total", "办结的申请", term("applications.closed_total")),
    counted(
        "applications.closed.on_time",
        "按时办结的申请",
        term("applications.closed_total", extension="on_time"),
        counts="统计期内办结、没有延长答复期限的申请（与“延期办结”相加等于办结数）。",
    ),
    counted("applications.closed.extended", "延期办结的申请", term("applications.closed_total", extension="extended")),
    counted("applications.closed.in_time", "期限内办结的申请", term("applications.closed_total", timeliness="in_time")),
    counted("applications.closed.late", "逾期办结的申请", term("applications.closed_total", timeliness="late")),
    counted("applications.carried_over.total", "结转下年度继续办理的申请", term("applications.carried_over")),
    counted("applications.overdue.total", "到期未答复的申请", term("applications.overdue")),
    counted(
        "applications.replied.total",
        "答复的申请",
        term("applications.closed_total", outcome=outcomes_of_row("2014", "applications.replied")),
        counts="统计期内办结、属于2014年统计表八类答复的申请。",
    ),
    Indicator(
        name="applications.on_time_share",
        title="申请按时办结率",
        counts="统计期内办结的申请里，在答复期限（含依法延长的期限）以内办结的占百分之几。",
        unit="%",
        ledger="applications",
        basis=CLOCK,
        kind="ratio",
        parts=("applications.closed.in_time",),
        over=("applications.closed_total.total",),
        integral=False,
    ),
    Indicator(
        name="applications.replied_share",
        title="到期申请答复率",
        counts="统计期内办结的，加上期限已到还没有办结的申请，其中已办结的占百分之几。",
        unit="%",
        ledger="applications",
        basis=CLOCK,
        kind="ratio",
        parts=("applications.closed_total.total",),
        over=("applications.closed_total.total", "applications.overdue.total"),
        integral=False,
    ),
)
_register_outcomes()
_register_replies()
