"""App configuration of the ledger."""

from django.apps import AppConfig


class RemediesConfig(AppConfig):
    """复议与诉讼."""

    name = "gongkai.ledgers.remedies"
    label = "remedies"
    verbose_name = "复议与诉讼"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the verbs and offer the open work."""
        from gongkai.base import open_work
        from gongkai.ledgers.remedies import actions, queries

        open_work.register("remedies", open_work.Source(queries.open_items, actions.hand_over))
