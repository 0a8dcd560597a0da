"""Tables of the plumbing: the installation itself, journal, versions of rows, numbers, files, working days."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.base.ledger import LedgerRow


def public_id() -> str:
    """A random id for public addresses; primary keys never appear in one."""
    return secrets.token_urlsafe(12)


class Installation(models.Model):
    """The one row that says what this database is. A demo stands still at its demo date; production has none."""

    KINDS = (("production", "正式"), ("demo", "演示"))

    kind = models.CharField("用途", max_length=12, choices=KINDS, default="production")
    demo_date = models.DateField("演示日", null=True, blank=True)
    world = models.CharField("演示世界", max_length=40, blank=True)
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = "安装"
        constraints = (
            models.CheckConstraint(name="installation_is_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="installation_demo_date_iff_demo",
                condition=Q(kind="demo", demo_date__isnull=False) | Q(kind="production", demo_date=None, world=""),
            ),
        )

    def __str__(self) -> str:
        return self.world or self.kind


class JournalHead(models.Model):
    """The head of the chain, one row, taken under a lock for the short insert of a line."""

    number = models.PositiveBigIntegerField("最后一行", default=0)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "日志链头"
        constraints = (models.CheckConstraint(name="journal_head_is_one_row", condition=Q(pk=1)),)

    def __str__(self) -> str:
        return f"{self.number}"


class JournalLine(models.Model):
    """One change or refusal, chained to the line before it. Holds names and digests, never personal values."""

    number = models.PositiveBigIntegerField("行号", primary_key=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人员"
    )
    by_name = models.CharField("人员姓名", max_length=60, blank=True)
    agency_id = models.BigIntegerField("单位", null=True, blank=True, db_index=True)
    verb = models.CharField("动作", max_length=80, db_index=True)
    subject = models.CharField("台账", max_length=60, blank=True)
    subject_pk = models.BigIntegerField("行", null=True, blank=True)
    subject_version = models.PositiveIntegerField("版本", null=True, blank=True)
    changed = models.JSONField("改动的字段", default=list)
    reason = models.TextField("理由", blank=True)
    rows = models.PositiveIntegerField("行数", default=0)
    rows_digest = models.CharField("各行摘要", max_length=64, blank=True)
    previous = models.CharField("上一行摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "操作日志"
        ordering = ("-number",)
        indexes = (
            models.Index(fields=("subject", "subject_pk"), name="journal_subject"),
            models.Index(fields=("at",), name="journal_at"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"


class RowVersion(models.Model):
    """One version of one ledger row as it was. The content can be blanked at the end of its retention; the digest stays."""

    subject = models.CharField("台账", max_length=60)
    subject_pk = models.BigIntegerField("行")
    version = models.PositiveIntegerField("版本")
    line = models.ForeignKey(JournalLine, models.PROTECT, related_name="versions", verbose_name="日志行")
    content = models.JSONField("内容", null=True)
    salt = models.CharField("盐", max_length=32)
    digest = models.CharField("摘要", max_length=64)
    blanked_at = models.DateTimeField("清除时间", null=True, blank=True)

    class Meta:
        verbose_name = "行版本"
        constraints = (
            models.UniqueConstraint(fields=("subject", "subject_pk", "version"), name="row_version_once"),
            models.CheckConstraint(
                name="row_version_content_unless_blanked",
                condition=Q(content__isnull=False, blanked_at=None) | Q(blanked_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_pk} v{self.version}"


class NumberSeries(models.Model):
    """The last number taken of a series; taking one is an update in the caller's transaction, so none is lost or given twice."""

    key = models.CharField("系列", max_length=120, unique=True)
    last = models.PositiveBigIntegerField("最后一号", default=0)

    class Meta:
        verbose_name = "编号系列"

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"


class StoredFile(models.Model):
    """Bytes by their SHA-256, written once, never overwritten, outside every public directory."""

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    size = models.PositiveBigIntegerField("字节数")
    stored_at = models.DateTimeField("存入时间")

    class Meta:
        verbose_name = "文件内容"

    def __str__(self) -> str:
        return self.sha256[:12]


class FileUse(models.Model):
    """One use of a file: its name, its owner, who may see it."""

    VISIBILITIES = (("public", "公开"), ("desk", "仅工作台"), ("owner", "仅存入人"))

    public_id = models.CharField("标识", max_length=24, unique=True, default=public_id, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="内容")
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("类型", max_length=100)
    agency_id = models.BigIntegerField("单位", db_index=True)
    visibility = models.CharField("谁可以看", max_length=10, choices=VISIBILITIES, default="desk")
    made_here = models.BooleanField("本系统生成", default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="存入人")
    added_at = models.DateTimeField("存入时间")

    class Meta:
        verbose_name = "文件"

    def __str__(self) -> str:
        return self.name


class CalendarDay(LedgerRow):
    """A day of a State Council notice, or a local holiday, that replaces or adds to the year files of the program."""

    KINDS = (("rest", "休息"), ("work", "上班"))

    day = models.DateField("日期")
    kind = models.CharField("安排", max_length=4, choices=KINDS)
    agency_id = models.BigIntegerField("适用单位", null=True, blank=True, help_text="空着表示全部单位")
    notice = models.ForeignKey("CalendarNotice", models.PROTECT, related_name="days", verbose_name="依据")

    class Meta:
        verbose_name = "放假调休日"
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(fields=("day", "agency_id"), name="calendar_day_once"),
            # Two databases, two minds about equal nulls: days that hold for everybody have a constraint of their own.
            models.UniqueConstraint(fields=("day",), condition=Q(agency_id=None), name="calendar_day_once_for_all"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class CalendarNotice(LedgerRow):
    """The notice that announces the rest days of a year (or changes them), with number and date."""

    year = models.PositiveIntegerField("年份")
    number = models.CharField("文号", max_length=80)
    title = models.CharField("标题", max_length=200)
    issued_on = models.DateField("印发日期")
    whole_year = models.BooleanField("公布全年安排", help_text="是：这一年从此有安排；否：只改动个别日子")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = "放假安排通知"
        ordering = ("-year", "-issued_on")
        constraints = (
            models.UniqueConstraint(
                fields=("year",), condition=Q(whole_year=True), name="calendar_year_announced_once"
            ),
        )

    def __str__(self) -> str:
        return self.title
