"""App configuration of the site."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Puts the ledgers together."""

    name = "gongkai.site"
    label = "site"
    verbose_name = "站点"

    def ready(self) -> None:
        """Fill the ports of `base` that no single ledger fills."""
        from gongkai.site import (
            agency_port,
            imports,  # noqa: F401 - declares its verb
        )

        agency_port.fill()
