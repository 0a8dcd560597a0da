"""Normative documents (行政规范性文件) and government rules (规章): in force, repealed, lapsed (国办发〔2018〕37号)."""

from django.db import models
from django.db.models import F, Q

from gongkai.base.ledger import LedgerRow
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.records.models import Record


class NormativeDocument(LedgerRow):
    """One normative document or government rule. Number, title and issue date are its record's."""

    KINDS = (("normative_document", "行政规范性文件"), ("government_rule", "规章"))

    record = models.OneToOneField(Record, models.PROTECT, related_name="normative", verbose_name="政府信息")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="制定机关")
    kind = models.CharField("类别", max_length=20, choices=KINDS)
    issued_on = models.DateField("制发日期", db_index=True, help_text="与成文日期一致")
    in_force_on = models.DateField("施行日期")
    valid_until = models.DateField("有效期至", null=True, blank=True)
    repealed_on = models.DateField("废止日期", null=True, blank=True)
    lapsed_on = models.DateField("失效日期", null=True, blank=True)
    ended_by = models.CharField("废止、失效依据", max_length=300, blank=True)

    class Meta:
        verbose_name = "规范性文件"
        ordering = ("-issued_on", "-pk")
        constraints = (
            models.CheckConstraint(name="normative_ends_once", condition=Q(repealed_on=None) | Q(lapsed_on=None)),
            models.CheckConstraint(
                name="normative_date_order",
                condition=(Q(repealed_on=None) | Q(repealed_on__gte=F("issued_on")))
                & (Q(lapsed_on=None) | Q(lapsed_on__gte=F("issued_on")))
                & Q(in_force_on__gte=F("issued_on"))
                & (Q(valid_until=None) | Q(valid_until__gte=F("in_force_on"))),
            ),
        )

    def __str__(self) -> str:
        return str(self.record)
