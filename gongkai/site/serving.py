"""Serving with gunicorn: one process with threads on SQLite, several on PostgreSQL."""

from typing import Any

from django.conf import settings
from gunicorn.app.base import BaseApplication


class _Application(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from gongkai.site.wsgi import application

        return application


def serve_forever(bind: str, *, workers: int = 1, quiet: bool = False) -> int:
    """Serve until stopped. `bind` is host:port."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where there is none
    options: dict[str, Any] = {
        "bind": bind,
        "workers": max(1, workers),
        "threads": 4,
        "worker_class": "gthread",
        "timeout": 60,
        "loglevel": "warning" if quiet else "info",
        "accesslog": None,
        "control_socket_disable": True,
    }
    _Application(options).run()
    return 0
