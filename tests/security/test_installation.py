"""What may be served, and what a backup brings and leaves behind."""

import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction

from gongkai.base import clock
from gongkai.base.models import Installation, JournalLine
from gongkai.base.permissions import ADMINISTRATOR, CLERK
from gongkai.site import backup as site_backup
from gongkai.site import installing
from gongkai.site.worlds import greeting
from tests.district import PASSWORD, make_agency, make_staff

GOOD_KEY = "k" * 50


@pytest.fixture
def _own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SECRET_KEY", GOOD_KEY)


@pytest.mark.django_db
@pytest.mark.parametrize("key", [settings.BUILDING_KEY, "short", "x" * 31])
@pytest.mark.parametrize("bind", [None, "127.0.0.1:8000", "0.0.0.0:8000"])
def test_nothing_is_served_with_a_key_that_anybody_knows(monkeypatch, key, bind):
    monkeypatch.setattr(settings, "SECRET_KEY", key)
    assert "签名密钥" in installing.why_not_serve(bind)


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_key")
@pytest.mark.parametrize("bind", [None, "127.0.0.1:8000", "0.0.0.0:8000", "[::]:8000"])
def test_a_production_installation_with_a_key_of_its_own_is_served(bind):
    installing.ensure_installation()
    assert installing.why_not_serve(bind) == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_key")
@pytest.mark.parametrize("bind", ["0.0.0.0:8000", "[::]:8000", ":8000", "192.168.1.4:80", "example.org:80"])
def test_a_demo_is_served_to_this_machine_only(bind):
    Installation.objects.create(
        pk=1, kind="demo", demo_date="2021-01-15", world="today", created_at=clock.machine_now()
    )
    assert "只在本机打开" in installing.why_not_serve(bind)
    for own in ("127.0.0.1:8000", "127.0.0.2:8000", "[::1]:8000", "localhost:8000", "unix:/run/gongkai.sock"):
        assert installing.why_not_serve(own) == ""


@pytest.mark.usefixtures("_own_key")
def test_a_demo_takes_an_address_of_this_machine():
    assert installing.is_loopback(greeting.free_address(8000))


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_key")
def test_pages_that_tell_the_inside_are_served_to_this_machine_only(monkeypatch):
    monkeypatch.setattr(settings, "DEBUG", True)
    assert "GONGKAI_DEBUG" in installing.why_not_serve("0.0.0.0:8000")
    assert "GONGKAI_DEBUG" in installing.why_not_serve(None)
    assert installing.why_not_serve("127.0.0.1:8000") == ""


def run(code: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    own |= {"GONGKAI_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "gongkai.site.settings", **environment}
    return subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True, check=False)


def test_the_wsgi_entry_refuses_the_key_of_the_build(tmp_path):
    refused = run("import gongkai.site.wsgi", tmp_path)
    assert refused.returncode != 0
    assert "签名密钥" in refused.stderr
    taken = run("import gongkai.site.wsgi", tmp_path, GONGKAI_SECRET_KEY=GOOD_KEY)
    assert taken.returncode == 0, taken.stderr


def test_the_command_refuses_the_key_of_the_build_with_one_sentence(tmp_path):
    made = run("from gongkai.site.cli import main; main(['migrate'])", tmp_path)
    assert made.returncode == 0, made.stderr
    assert not stat.S_IMODE((tmp_path / "gongkai.sqlite3").stat().st_mode) & 0o007
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    (tmp_path / "secret-key").unlink()
    code = "import sys; from gongkai.site.cli import main; sys.exit(main(['serve', '--bind', '127.0.0.1:1']))"
    refused = run(code, tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.startswith("没有可靠的签名密钥")
    assert len(refused.stderr.strip().splitlines()) == 1


def test_the_secret_key_is_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SECRET_KEY", settings.BUILDING_KEY)
    monkeypatch.setattr(settings, "SECRET_KEY_FILE", tmp_path / "new" / "secret-key")
    before = os.umask(0)
    try:
        installing.ensure_secret_key()
    finally:
        os.umask(before)
    path = settings.SECRET_KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == settings.SECRET_KEY
    assert len(settings.SECRET_KEY) > installing.LEAST_KEY
    path.chmod(0o644)
    installing.ensure_secret_key()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == settings.SECRET_KEY


@pytest.mark.django_db
def test_a_production_database_takes_no_demo_date():
    installing.ensure_installation()
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.update(demo_date="2021-01-15")


# ---- backup


@pytest.fixture
def saved(tmp_path: Path, transactional_db: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "SECRET_KEY", GOOD_KEY)
    government = make_agency("shifan", "SF001", "示范区人民政府", "government")
    make_staff("guanli", "关管理", government, ADMINISTRATOR)
    make_staff("shen", "沈科员", government, CLERK)
    path = tmp_path / "2021.gongkai"
    site_backup.backup(path)
    return path


def test_a_backup_holds_neither_the_key_nor_a_password_nor_a_session(saved):
    with zipfile.ZipFile(saved) as package:
        names = package.namelist()
        text = "".join(package.read(name).decode("utf-8", "replace") for name in names)
    assert GOOD_KEY not in text
    assert PASSWORD not in text
    assert not [name for name in names if "session" in name or "axes" in name or "secret" in name]


def test_a_backup_is_for_its_owner_alone(saved):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_whoever_restores_is_told_whom_he_lets_in(saved):
    call_command("flush", verbosity=0, interactive=False)
    clock.forget_demo_date()
    sentence = site_backup.restore(saved).sentence
    assert "可登录账号 2 个，其中系统管理员：guanli" in sentence
    line = JournalLine.objects.order_by("-number").first()
    assert line is not None
    assert (line.verb, "系统管理员：guanli" in line.reason) == ("backup.restored", True)
