"""App configuration of the annual reports."""

from django.apps import AppConfig


class AnnualReportsConfig(AppConfig):
    """年度报告."""

    name = "gongkai.reporting.annual_reports"
    label = "annual_reports"
    verbose_name = "年度报告"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the verbs of the report, and answer what the ledgers ask."""
        from gongkai.base import figures, proofs
        from gongkai.reporting.annual_reports import actions, queries  # noqa: F401 - they declare verbs and settings
        from gongkai.reporting.annual_reports.port import ReportingPort
        from gongkai.reporting.annual_reports.proving import digests

        figures.fill(ReportingPort())
        proofs.register("年度报告", digests)
