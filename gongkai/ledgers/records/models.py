"""Records (政府信息), where they were published, and how they are sorted (条例711 Art. 10-26)."""

from django.db import models
from django.db.models import F, Q

from gongkai.base.ledger import LedgerRow
from gongkai.core.law.channels import PUBLICATION_CHANNELS
from gongkai.ledgers.agencies.models import Agency


class Category(LedgerRow):
    """A topic by which records are sorted and counted (主题分类). `code` is the last word of `records.topic.…`."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="管理单位")
    code = models.SlugField("代号", max_length=60, unique=True)
    name = models.CharField("名称", max_length=60)
    index_code = models.CharField("分类号", max_length=8, blank=True, help_text="索引号的一段，给出以后不改")

    class Meta:
        verbose_name = "主题分类"
        ordering = ("index_code", "code")
        constraints = (
            models.UniqueConstraint(
                fields=("index_code",), condition=~Q(index_code=""), name="category_index_code_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Outlet(LedgerRow):
    """Where things are published (发布去处): a portal page, a WeChat account, the gazette; each of one channel."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="outlets", verbose_name="单位")
    name = models.CharField("名称", max_length=80)
    channel = models.CharField("渠道", max_length=20, choices=tuple(PUBLICATION_CHANNELS.items()))
    is_portal = models.BooleanField("本系统门户", default=False)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "发布去处"
        ordering = ("agency", "name")
        constraints = (models.UniqueConstraint(fields=("agency", "name"), name="outlet_name_once"),)

    def __str__(self) -> str:
        return self.name


class Record(LedgerRow):
    """One piece of government information. Published at three outlets it is still one record.

    `due_on` is the last of the 20 working days of art. 26, reckoned by the actions and never typed; None before
    2008-05-01, when no such term existed. A publication after it is recorded and flagged, never refused.
    """

    STATUSES = (("proactive", "主动公开"), ("on_application", "依申请公开"), ("exempt", "不予公开"))

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="records", verbose_name="公开主体")
    index_number = models.CharField("索引号", max_length=60, unique=True)
    title = models.CharField("标题", max_length=300)
    document_number = models.CharField("发文字号", max_length=80, blank=True)
    issued_on = models.DateField("成文日期", db_index=True)
    disclosure_status = models.CharField("公开属性", max_length=20, choices=STATUSES, default="proactive")
    status_reason = models.TextField("不主动公开的理由", blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="records", verbose_name="主题分类"
    )
    body = models.TextField("正文", blank=True)
    has_full_text = models.BooleanField("全文电子化", default=True)
    is_government_information = models.BooleanField(
        "属于政府信息", default=True, help_text="否：网站上的动态等其他内容，不计入主动公开政府信息数"
    )
    due_counts_from = models.DateField("公开期限起算日", null=True, blank=True, editable=False)
    due_on = models.DateField("公开期限", null=True, blank=True, editable=False, db_index=True)
    due_is_provisional = models.BooleanField("期限暂定", default=False, editable=False)

    class Meta:
        verbose_name = "政府信息"
        ordering = ("-issued_on", "-pk")
        indexes = (models.Index(fields=("agency", "issued_on"), name="record_agency_issued"),)
        constraints = (
            models.CheckConstraint(
                name="record_reason_unless_proactive",
                condition=Q(disclosure_status="proactive") | ~Q(status_reason=""),
            ),
        )

    def __str__(self) -> str:
        return self.title


class Publication(LedgerRow):
    """One record at one outlet, from a day until it was withdrawn."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="publications", verbose_name="政府信息")
    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="publications", verbose_name="发布去处")
    published_on = models.DateField("发布日期", db_index=True)
    withdrawn_on = models.DateField("撤下日期", null=True, blank=True)
    withdrawn_reason = models.TextField("撤下理由", blank=True)

    class Meta:
        verbose_name = "发布"
        ordering = ("published_on",)
        indexes = (models.Index(fields=("record", "published_on"), name="publication_record_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=("record", "outlet"), condition=Q(withdrawn_on=None), name="publication_once_at_an_outlet"
            ),
            models.CheckConstraint(
                name="publication_date_order",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("published_on")),
            ),
            models.CheckConstraint(
                name="publication_withdrawn_with_reason",
                condition=Q(withdrawn_on=None) | ~Q(withdrawn_reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.published_on}"

    @property
    def agency_id(self) -> int:
        """The agency whose record it is: whoever may act on the record may act on its publications."""
        return self.record.agency_id
