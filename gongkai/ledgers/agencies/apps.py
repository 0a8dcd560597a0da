"""App configuration of the ledger."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """单位与人员."""

    name = "gongkai.ledgers.agencies"
    label = "agencies"
    verbose_name = "单位与人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the verbs and listen to nothing else."""
        from gongkai.ledgers.agencies import actions  # noqa: F401 - declares the verbs
