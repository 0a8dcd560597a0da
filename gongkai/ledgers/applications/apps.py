"""App configuration of the ledger."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """依申请公开."""

    name = "gongkai.ledgers.applications"
    label = "applications"
    verbose_name = "依申请公开"
    default_auto_field = "django.db.models.BigAutoField"
