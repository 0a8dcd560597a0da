"""App configuration of the site."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Puts the ledgers together."""

    name = "gongkai.site"
    label = "site"
    verbose_name = "站点"
