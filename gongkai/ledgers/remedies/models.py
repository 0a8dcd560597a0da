"""Remedies (行政复议、行政诉讼): opened, decided, result (条例711 Art. 51; counting: law/requests section 6)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.base.ledger import LedgerRow
from gongkai.core.law.remedies import REMEDY_DECISIONS, REMEDY_KINDS, REMEDY_RESULTS
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.applications.models import Application


class Remedy(LedgerRow):
    """One case. It counts in the year it is decided with its result, and as pending while open on 31 December."""

    STANDINGS = (("respondent", "被申请人、被告"), ("co_defendant", "复议机关作共同被告"))

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="remedies", verbose_name="单位")
    number = models.CharField("案件编号", max_length=60, unique=True)
    kind = models.CharField("类别", max_length=40, choices=tuple(REMEDY_KINDS.items()))
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="remedies", verbose_name="所涉申请"
    )
    reconsideration = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="suits", verbose_name="此前的复议"
    )
    standing = models.CharField(
        "地位",
        max_length=20,
        choices=STANDINGS,
        default="respondent",
        help_text="复议机关作共同被告的，由原机关统计，本机关不计（国办公开办函〔2016〕201号）",
    )
    organ = models.CharField("审理机关", max_length=100, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办人"
    )
    opened_on = models.DateField("受理日期", db_index=True)
    decided_on = models.DateField("审结日期", null=True, blank=True, db_index=True)
    result = models.CharField("结果", max_length=20, blank=True, choices=tuple(REMEDY_RESULTS.items()))
    decision = models.CharField(
        "裁决种类",
        max_length=40,
        blank=True,
        choices=tuple((code, decision.label) for code, decision in REMEDY_DECISIONS.items()),
        help_text="决定计入哪一种结果；空着表示只知道结果",
    )
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "复议诉讼案件"
        ordering = ("-opened_on", "-pk")
        indexes = (
            models.Index(fields=("agency", "opened_on"), name="remedy_agency_opened"),
            models.Index(fields=("agency", "decided_on"), name="remedy_agency_decided"),
        )
        constraints = (
            models.CheckConstraint(
                name="remedy_result_iff_decided",
                condition=Q(decided_on=None, result="") | Q(decided_on__isnull=False) & ~Q(result=""),
            ),
            models.CheckConstraint(
                name="remedy_decided_after_opened",
                condition=Q(decided_on=None) | Q(decided_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="remedy_reconsideration_only_for_later_suits",
                condition=Q(reconsideration=None) | Q(kind="suit_after_reconsideration"),
            ),
            models.CheckConstraint(
                name="remedy_decision_only_when_decided",
                condition=Q(decision="") | Q(decided_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def counts(self) -> bool:
        """Whether table four counts it here: not where the agency is only co-defendant (201号)."""
        return self.standing != "co_defendant"
