"""App configuration of the plumbing."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Journal, versions, numbers, files, working days."""

    name = "gongkai.base"
    label = "base"
    verbose_name = "基础"
    default_auto_field = "django.db.models.BigAutoField"
