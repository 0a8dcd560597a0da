"""App configuration of the ledger."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """单位与人员."""

    name = "gongkai.ledgers.agencies"
    label = "agencies"
    verbose_name = "单位与人员"
    default_auto_field = "django.db.models.BigAutoField"
