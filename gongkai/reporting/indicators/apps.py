"""App configuration of the indicators."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """指标: registers those of every ledger."""

    name = "gongkai.reporting.indicators"
    label = "indicators"
    verbose_name = "指标"

    def ready(self) -> None:
        """Each module registers its families and indicators."""
        from gongkai.reporting.indicators import (  # noqa: F401 - imported for what they register
            agencies,
            applications,
            normative,
            records,
            remedies,
            returns,
            rules,
        )

        rules.register_rules()
