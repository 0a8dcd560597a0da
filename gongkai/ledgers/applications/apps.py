"""App configuration of the ledger."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """依申请公开."""

    name = "gongkai.ledgers.applications"
    label = "applications"
    verbose_name = "依申请公开"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the verbs, offer the open work, and reckon limits anew when working days change."""
        from gongkai.base import calendars, open_work
        from gongkai.ledgers.applications import actions, queries

        open_work.register("applications", open_work.Source(queries.open_items, actions.hand_over))
        calendars.on_change(actions.reckon_anew)
