"""The annual report of an agency: alive until frozen, never changed afterwards; a correction is a new version."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.base.ledger import LedgerRow
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.records.models import Record
from gongkai.reporting.indicators.scopes import REACHES


class AnnualReport(LedgerRow):
    """One version of the report of an agency about a year. Its state is what its dates say."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="annual_reports", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("版次", default=1)
    scope = models.CharField("统计范围", max_length=10, choices=tuple(REACHES.items()))
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name="更正哪一版"
    )
    correction_note = models.TextField("更正说明", blank=True)
    opened_on = models.DateField("建立日期")
    proposed_on = models.DateField("提请定稿日期", null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提请人"
    )
    frozen_at = models.DateTimeField("定稿时间", null=True, blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    agencies = models.JSONField("计入的单位", default=list, blank=True)
    agencies_by_table = models.JSONField("其中以统计表计的单位", default=list, blank=True)
    findings = models.JSONField("定稿时的核查问题", default=list, blank=True)
    digest = models.CharField("摘要", max_length=64, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    record = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公布的政府信息"
    )

    class Meta:
        verbose_name = "年度报告"
        ordering = ("-year", "agency", "-number")
        constraints = (
            models.UniqueConstraint(fields=("agency", "year", "number"), name="annual_report_version_once"),
            models.UniqueConstraint(
                fields=("agency", "year"), condition=Q(frozen_at=None), name="annual_report_one_draft"
            ),
            models.CheckConstraint(
                name="annual_report_correction_says_what",
                condition=Q(corrects=None, number=1) | Q(corrects__isnull=False, number__gt=1) & ~Q(correction_note=""),
            ),
            models.CheckConstraint(
                name="annual_report_proposed_by_somebody",
                condition=Q(proposed_on=None, proposed_by=None)
                | Q(proposed_on__isnull=False, proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="annual_report_frozen_by_a_second_person",
                condition=Q(frozen_at=None, frozen_by=None, digest="")
                | Q(frozen_at__isnull=False, frozen_by__isnull=False, proposed_by__isnull=False)
                & ~Q(digest="")
                & ~Q(frozen_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="annual_report_published_once_frozen",
                condition=Q(published_on=None) | Q(frozen_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.year}年度报告"

    @property
    def state(self) -> str:
        """draft, proposed, frozen or published."""
        if self.published_on is not None:
            return "published"
        if self.frozen_at is not None:
            return "frozen"
        return "draft" if self.proposed_on is None else "proposed"

    @property
    def state_word(self) -> str:
        """The state as it is shown."""
        return {"draft": "编制中", "proposed": "待批准定稿", "frozen": "已定稿", "published": "已公布"}[self.state]

    @property
    def is_frozen(self) -> bool:
        """Whether nothing in it changes any more."""
        return self.frozen_at is not None


class ReportPart(LedgerRow):
    """What belongs to one version of a report."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="%(class)ss", verbose_name="年度报告")

    class Meta:
        abstract = True

    @property
    def agency_id(self) -> int:
        """The agency of the report."""
        return self.report.agency_id


class ReportSection(ReportPart):
    """The text of one section. A figure stands in it as {{indicator}} or {{indicator|dimension=member}}."""

    key = models.CharField("部分", max_length=20)
    text = models.TextField("正文", blank=True)

    class Meta:
        verbose_name = "年报文字"
        ordering = ("key",)
        constraints = (models.UniqueConstraint(fields=("report", "key"), name="report_section_once"),)

    def __str__(self) -> str:
        return self.key


class HandFigure(ReportPart):
    """A cell typed by hand, with the reason, shown as such. `value` is in the unit of the form."""

    code = models.CharField("数据格", max_length=120)
    value = models.DecimalField("数值", max_digits=24, decimal_places=8)
    reason = models.TextField("理由")
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人")
    removed = models.BooleanField("已撤销", default=False)

    class Meta:
        verbose_name = "手工填写的数据"
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("report", "code"), name="hand_figure_once"),
            models.CheckConstraint(name="hand_figure_with_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return self.code


class Explanation(ReportPart):
    """Why a finding stands although the report is frozen with it."""

    finding = models.CharField("核查问题", max_length=200)
    text = models.TextField("说明")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="说明人")

    class Meta:
        verbose_name = "核查问题的说明"
        constraints = (
            models.UniqueConstraint(fields=("report", "finding"), name="explanation_once"),
            models.CheckConstraint(name="explanation_says_something", condition=~Q(text="")),
        )

    def __str__(self) -> str:
        return self.finding


class Frozen(models.Model):
    """A value as it was at freezing, with what it came from.

    `trace` is {"rows": [[pk, version], …]} up to 10,000 rows, above {"count", "digest"}; `returns` are [pk, version] of
    the returns counted. `term` is the family with its dimensions, from which the rows are found again.
    """

    SOURCES = (
        ("records", "台账"),
        ("returns", "填报"),
        ("records+returns", "台账和另加的填报"),
        ("hand", "手工填写"),
        ("setting", "规定"),
        ("none", "未填"),
    )

    value = models.DecimalField("数值", max_digits=24, decimal_places=8, null=True)
    printed = models.CharField("印出", max_length=40, blank=True)
    source = models.CharField("来源", max_length=20, choices=SOURCES)
    term = models.JSONField("口径", null=True)
    trace = models.JSONField("溯源", default=dict)
    returns = models.JSONField("填报", default=list)

    class Meta:
        abstract = True


class FrozenCell(Frozen):
    """One cell of a frozen report, in the unit of the form."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="cells", verbose_name="年度报告")
    code = models.CharField("数据格", max_length=120)

    class Meta:
        verbose_name = "定稿的数据格"
        constraints = (models.UniqueConstraint(fields=("report", "code"), name="frozen_cell_once"),)

    def __str__(self) -> str:
        return self.code


class FrozenFigure(Frozen):
    """One figure of the text of a frozen report; `token` is what stands in the text."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="figures", verbose_name="年度报告")
    token = models.CharField("指标", max_length=200)

    class Meta:
        verbose_name = "定稿的文内数字"
        constraints = (models.UniqueConstraint(fields=("report", "token"), name="frozen_figure_once"),)

    def __str__(self) -> str:
        return self.token


class PreviousTable(LedgerRow):
    """The table of a report that was not made here (last year's), so that the years can be compared."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    cells = models.JSONField("数据格", help_text="数值用文字记，空着为 null")
    source = models.CharField("出处", max_length=300)

    class Meta:
        verbose_name = "往年公布的统计表"
        constraints = (models.UniqueConstraint(fields=("agency", "year"), name="previous_table_once"),)

    def __str__(self) -> str:
        return f"{self.year}"


class Submission(LedgerRow):
    """A frozen report handed to the lead office (主管部门) in the January round; accepted, or returned with remarks."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="submissions", verbose_name="年度报告")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="报送单位")
    lead_office = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="主管部门")
    submitted_on = models.DateField("报送日期")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="报送人")
    accepted_on = models.DateField("接收日期", null=True, blank=True)
    returned_on = models.DateField("退回日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )

    class Meta:
        verbose_name = "年报报送"
        ordering = ("-submitted_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("report",), condition=Q(returned_on=None), name="submission_one_open"),
            models.CheckConstraint(name="submission_decided_once", condition=Q(accepted_on=None) | Q(returned_on=None)),
            models.CheckConstraint(
                name="submission_decided_by_somebody",
                condition=Q(accepted_on=None, returned_on=None, decided_by=None) | Q(decided_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.report}"

    @property
    def state(self) -> str:
        """submitted, accepted or returned."""
        if self.accepted_on is not None:
            return "accepted"
        return "submitted" if self.returned_on is None else "returned"


class Remark(LedgerRow):
    """What the lead office asks about one cell (or, without a code, about the report)."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="remarks", verbose_name="报送")
    code = models.CharField("数据格", max_length=120, blank=True)
    text = models.TextField("意见")

    class Meta:
        verbose_name = "审核意见"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text

    @property
    def agency_id(self) -> int:
        """The agency whose report is spoken of."""
        return self.submission.agency_id


class WorkPoint(LedgerRow):
    """A work point (工作要点) of a year, and the sentence with which the report answers it."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("序号")
    text = models.TextField("要点")
    answer = models.TextField("落实情况", blank=True)

    class Meta:
        verbose_name = "工作要点"
        ordering = ("year", "number")
        constraints = (models.UniqueConstraint(fields=("agency", "year", "number"), name="work_point_number_once"),)

    def __str__(self) -> str:
        return self.text
