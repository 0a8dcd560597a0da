"""What every installation has: one row that says what it is, and a secret key of its own."""

import ipaddress
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from django.conf import settings

from gongkai.base import clock
from gongkai.base.models import Installation

LEAST_KEY: Final = 32
"""Characters of the shortest secret key with which anything is served."""


def ensure_installation() -> Installation:
    """The row of a production installation, made when missing. A demo makes its own."""
    row, _ = Installation.objects.get_or_create(pk=1, defaults={"created_at": clock.now()})
    return row


def ensure_secret_key() -> None:
    """A secret key outside database and backup, for the owner's eyes only, made once; GONGKAI_SECRET_KEY takes its place."""
    path = settings.SECRET_KEY_FILE
    if path.exists():
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    if settings.SECRET_KEY == settings.BUILDING_KEY:
        settings.SECRET_KEY = path.read_text()


def keep_from_others() -> None:
    """Take the embedded database out of the sight of other users of the machine; SQLite's side files follow its mode."""
    database = settings.DATABASES["default"]
    path = Path(str(database["NAME"]))
    if "sqlite" in database["ENGINE"] and path.is_file():
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o007)


def why_not_serve(bind: str | None = None) -> str:
    """Why nothing may be served, as a sentence, or an empty text.

    Sessions signed with a key that everybody knows could be forged. `bind`: host:port, or None where somebody else binds
    (WSGI): then a page that tells the inside of the program (debugging) is served to nobody.
    """
    if settings.SECRET_KEY == settings.BUILDING_KEY or len(settings.SECRET_KEY) < LEAST_KEY:
        return (
            "没有可靠的签名密钥，不能运行：请先运行 gongkai migrate（会生成一个），"
            f"或者用 GONGKAI_SECRET_KEY 给出至少 {LEAST_KEY} 个字符的随机密钥。"
        )
    if bind is not None and is_loopback(bind):
        return ""
    if settings.DEBUG:
        return "打开了 GONGKAI_DEBUG，出错的页面会显示程序内部和个人信息，只能在本机运行：请去掉这个设置。"
    if bind is not None and Installation.objects.filter(kind="demo").exists():
        return f"演示世界里有公开的示例账号，只在本机打开：请去掉 --bind，或者换成 127.0.0.1，不要用 {bind}。"
    return ""


def is_loopback(bind: str) -> bool:
    """Whether host:port is an address that only this machine reaches."""
    host = bind.rpartition(":")[0].strip("[]")
    if bind.startswith("unix:") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
