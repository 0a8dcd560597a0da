"""App configuration of the annual reports."""

from django.apps import AppConfig


class AnnualReportsConfig(AppConfig):
    """年度报告."""

    name = "gongkai.reporting.annual_reports"
    label = "annual_reports"
    verbose_name = "年度报告"
    default_auto_field = "django.db.models.BigAutoField"
