"""App configuration of the ledger."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """填报."""

    name = "gongkai.ledgers.returns"
    label = "returns"
    verbose_name = "填报"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the verbs."""
        from gongkai.ledgers.returns import actions  # noqa: F401
