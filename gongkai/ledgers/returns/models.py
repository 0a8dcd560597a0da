"""Returns (填报): for one agency, indicator and day a figure comes from rows or from one return, never both."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.base.ledger import LedgerRow
from gongkai.base.models import FileUse
from gongkai.ledgers.agencies.models import Agency


class Return(LedgerRow):
    """One figure of one agency itself (never of its subtree) for one period, with its evidence."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="returns", verbose_name="单位")
    indicator = models.CharField("指标", max_length=120, db_index=True)
    period_from = models.DateField("统计期起")
    period_to = models.DateField("统计期止")
    value = models.DecimalField("数值", max_digits=20, decimal_places=4)
    evidence = models.ForeignKey(
        FileUse, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="依据文件"
    )
    evidence_note = models.CharField("依据说明", max_length=300, blank=True)
    in_addition = models.BooleanField("在台账之外另加", default=False)
    reason = models.TextField("理由", blank=True)
    filled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填报人")
    filled_at = models.DateTimeField("填报时间")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replacements", verbose_name="更正哪一条"
    )
    is_replaced = models.BooleanField("已被更正", default=False)

    class Meta:
        verbose_name = "填报"
        ordering = ("-period_to", "indicator", "agency")
        indexes = (models.Index(fields=("indicator", "agency", "period_from"), name="return_indicator_agency"),)
        constraints = (
            models.CheckConstraint(name="return_period_order", condition=Q(period_to__gte=F("period_from"))),
            models.CheckConstraint(
                name="return_confirmed_by_a_second_person",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("filled_by")),
            ),
            models.CheckConstraint(
                name="return_in_addition_with_reason", condition=Q(in_addition=False) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="return_has_evidence", condition=Q(evidence__isnull=False) | ~Q(evidence_note="")
            ),
            models.UniqueConstraint(
                fields=("agency", "indicator", "period_from", "in_addition"),
                condition=Q(confirmed_at__isnull=False, is_replaced=False, withdrawn_at=None),
                name="return_one_in_force",
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.period_from:%Y-%m}"

    @property
    def is_in_force(self) -> bool:
        """Whether the figure counts: confirmed by a second person, neither withdrawn nor replaced."""
        return self.confirmed_at is not None and self.withdrawn_at is None and not self.is_replaced

    @property
    def is_waiting(self) -> bool:
        """Whether it still waits for the second person."""
        return self.confirmed_at is None and self.withdrawn_at is None
