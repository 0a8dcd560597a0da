"""App configuration of the ledger."""

from django.apps import AppConfig


class NormativeConfig(AppConfig):
    """规范性文件."""

    name = "gongkai.ledgers.normative"
    label = "normative"
    verbose_name = "规范性文件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the verbs, and follow the issue dates of records."""
        from gongkai.ledgers.normative import actions  # noqa: F401
