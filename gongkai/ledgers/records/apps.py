"""App configuration of the ledger."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """政府信息."""

    name = "gongkai.ledgers.records"
    label = "records"
    verbose_name = "政府信息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the verbs."""
        from gongkai.ledgers.records import actions  # noqa: F401
