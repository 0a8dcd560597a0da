"""Applications for disclosure (政府信息公开申请), 条例711 Art. 27-45."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.base.ledger import LedgerRow
from gongkai.base.models import public_id
from gongkai.core.law.applicants import APPLICANT_KINDS
from gongkai.core.law.channels import RECEIPT_CHANNELS
from gongkai.core.law.outcomes import OUTCOMES
from gongkai.ledgers.agencies.models import Agency


class Application(LedgerRow):
    """One application, from receipt to archive. It counts once, for the agency in whose name the reply is made."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="applications", verbose_name="受理机关")
    number = models.CharField("申请编号", max_length=40, unique=True)
    public_id = models.CharField("查询标识", max_length=24, unique=True, default=public_id, editable=False)
    received_on = models.DateField("收到日期", help_text="法定的收到之日（条例第三十一条）")
    channel = models.CharField("收到渠道", max_length=20, choices=tuple(RECEIPT_CHANNELS.items()))
    applicant_kind = models.CharField(
        "申请人类别", max_length=40, choices=tuple(APPLICANT_KINDS.items()), help_text="代表人的类别，统计用"
    )
    subject = models.CharField("内容主题", max_length=60, blank=True, help_text="如房屋征收补偿；年报归纳用")
    description = models.TextField("所需信息的描述")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办人"
    )
    extended_on = models.DateField("延期日期", null=True, blank=True)
    extension_days = models.PositiveSmallIntegerField("延期工作日数", default=0)
    due_on = models.DateField("答复期限", help_text="由时钟算出，随延期和日历重算，不能手填")
    due_is_provisional = models.BooleanField("期限暂定", default=False)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    outcome = models.CharField(
        "办理结果",
        max_length=60,
        blank=True,
        choices=tuple((code, outcome.label) for code, outcome in OUTCOMES.items()),
    )
    reply_number = models.CharField("答复书文号", max_length=80, blank=True)

    class Meta:
        verbose_name = "依申请公开申请"
        ordering = ("-received_on", "-pk")
        indexes = (
            models.Index(fields=("agency", "received_on"), name="application_agency_received"),
            models.Index(fields=("agency", "closed_on"), name="application_agency_closed"),
            models.Index(fields=("received_on", "id"), name="application_received"),
            models.Index(fields=("closed_on", "received_on"), name="application_closed_received"),
            # What is open is few among very many: the desk sorts it by due date without reading the rest.
            models.Index(fields=("due_on", "id"), name="application_open_due", condition=Q(closed_on=None)),
        )
        constraints = (
            models.CheckConstraint(
                name="application_outcome_iff_closed",
                condition=Q(closed_on=None, outcome="") | Q(closed_on__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="application_closed_after_receipt",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("received_on")),
            ),
            models.CheckConstraint(
                name="application_extension_has_days",
                condition=Q(extended_on=None, extension_days=0) | Q(extended_on__isnull=False, extension_days__gt=0),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """What the lists call it: the beginning of what is wanted."""
        return self.description if len(self.description) <= 40 else f"{self.description[:40]}…"

    @property
    def closed_late(self) -> bool:
        """Closed after the limit: recorded and flagged (超期), never refused."""
        return self.closed_on is not None and self.closed_on > self.due_on

    def is_overdue(self, day: date) -> bool:
        """Open on the day, and its limit has passed."""
        return self.closed_on is None and self.due_on < day


class Applicant(LedgerRow):
    """A party of one application, not a shared person record (design 4a, People). Never shown outside the desk."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="applicants", verbose_name="申请")
    name = models.CharField("姓名或者名称", max_length=120)
    is_representative = models.BooleanField("代表人", default=True)

    class Meta:
        verbose_name = "申请人"
        constraints = (
            models.UniqueConstraint(
                fields=("application",), condition=Q(is_representative=True), name="applicant_one_representative"
            ),
        )

    def __str__(self) -> str:
        return self.name
