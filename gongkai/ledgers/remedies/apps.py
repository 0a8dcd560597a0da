"""App configuration of the ledger."""

from django.apps import AppConfig


class RemediesConfig(AppConfig):
    """复议与诉讼."""

    name = "gongkai.ledgers.remedies"
    label = "remedies"
    verbose_name = "复议与诉讼"
    default_auto_field = "django.db.models.BigAutoField"
