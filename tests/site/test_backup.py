"""One file holds everything; a damaged one is found before anything is touched; what is restored proves itself."""

import json
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from gongkai.base import clock, files, journal, proofs
from gongkai.base.errors import RuleBroken
from gongkai.base.models import FileUse, JournalHead, StoredFile
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.records.models import Outlet
from gongkai.site import backup as site_backup
from gongkai.site.backup import backup, restore
from tests.district import make_agency, make_staff

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 2000
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _places(settings, tmp_path, monkeypatch):
    settings.FILES = tmp_path / "files"
    monkeypatch.setattr(proofs, "_proofs", {})


@pytest.fixture
def world():
    """A district with people, a journalled change, a thousand rows made at once, and a stored file."""
    with clock.frozen(date(2020, 11, 2)):
        government = make_agency("shifan", "SF001", "示范区人民政府", "government")
        clerk = make_staff("shen", "沈科员", government, "clerk")
        rows = Outlet.objects.bulk_create(
            [Outlet(agency=government, name=f"账号“{n}”", channel="wechat") for n in range(1000)]
        )
        journal.record_bulk("outlets.registered", rows, by=clerk)
        files.store(PDF, "依据.pdf", agency_id=government.pk, by=clerk)
    return government


@pytest.fixture
def saved(world, tmp_path):
    path = tmp_path / "2020.gongkai"
    backup(path)
    return path


def wipe(settings):
    """An empty installation."""
    call_command("flush", verbosity=0, interactive=False)
    site_backup._empty_store()
    clock.forget_demo_date()


def facts():
    """What a copy must have in common with its original."""
    return {
        "agencies": list(Agency.objects.values_list("pk", "slug", "version")),
        "passwords": list(Staff.objects.values_list("username", "password")),
        "outlets": list(Outlet.objects.order_by("pk").values_list("pk", "name")),
        "files": list(StoredFile.objects.values_list("sha256", "size", "stored_at")),
    }


# ---- there and back


def test_what_is_restored_is_what_was_saved(saved, settings):
    before = facts()
    wipe(settings)
    restore(saved)
    assert facts() == before


def test_stored_files_come_back_byte_by_byte(saved, settings):
    wipe(settings)
    restore(saved)
    with files.open_file(FileUse.objects.get()) as stored:
        assert stored.read() == PDF


def test_the_journal_of_a_restored_installation_verifies_and_goes_on(saved, settings):
    number = JournalHead.objects.get().number
    wipe(settings)
    restore(saved)
    assert journal.verify() == (number, None)  # less the line about the backup, plus the line about the restore


def test_new_rows_after_a_restore_get_new_keys(saved, settings):
    wipe(settings)
    restore(saved)
    last = Outlet.objects.order_by("pk").last()
    assert Outlet.objects.create(agency=last.agency, name="新账号", channel="wechat").pk > last.pk


def test_a_backup_is_recorded_in_the_journal(saved):
    assert journal.JournalLine.objects.first().verb == "backup.made"


def test_the_manifest_says_what_the_file_holds(saved):
    with zipfile.ZipFile(saved) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["rows"]["records.outlet"] == 1000
    assert manifest["files"] == 1
    assert {name for name in manifest["members"] if name.startswith("files/")} == {
        f"files/{files.relative_path(StoredFile.objects.get().sha256)}"
    }


def test_no_model_fills_in_a_time_by_itself():
    """Such a field would be written anew by a restore."""
    fields = [field for model in site_backup.backed_up_models() for field in model._meta.concrete_fields]
    assert [
        field for field in fields if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ] == []


# ---- refusals before a backup


def test_a_backup_overwrites_nothing(saved):
    size = saved.stat().st_size
    with pytest.raises(RuleBroken, match="已经存在"):
        backup(saved)
    assert saved.stat().st_size == size


@pytest.mark.parametrize("damage", ["lose", "change"])
def test_a_store_that_lost_or_changed_a_file_is_not_backed_up(world, tmp_path, damage):
    path = files.path_of(StoredFile.objects.get().sha256)
    if damage == "lose":
        path.unlink()
    else:
        path.write_bytes(b"other")
    with pytest.raises(RuleBroken, match="备份没有完成"):
        backup(tmp_path / "x.gongkai")
    assert list(tmp_path.glob("x.gongkai*")) == []


def test_a_folder_that_does_not_exist_is_named(world, tmp_path):
    with pytest.raises(RuleBroken, match="没有文件夹"):
        backup(tmp_path / "nowhere" / "x.gongkai")


# ---- refusals before a restore


def rewrite(path, change):
    """The same zip with its members changed by `change(name, data) -> data or None`."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members.items():
            changed = change(name, data)
            if changed is not None:
                new.writestr(name, changed)


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)


def add_a_member(path):
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("files/../../evil", "x")


DAMAGES = {
    "a byte flipped at the start of the data": lambda path: flip(path, 200),
    "a byte flipped in the middle": lambda path: flip(path, path.stat().st_size // 2),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3]),
    "empty": lambda path: path.write_bytes(b""),
    "no zip": lambda path: path.write_bytes(b"not a zip file at all" * 50),
    "a member gone": lambda path: rewrite(path, lambda name, data: None if name.endswith("outlet.jsonl") else data),
    "a row edited": lambda path: rewrite(path, lambda name, data: data.replace("沈科员".encode(), "张科员".encode())),
    "a file exchanged": lambda path: rewrite(path, lambda name, data: b"x" if name.startswith("files/") else data),
    "a manifest edited": lambda path: rewrite(
        path, lambda name, data: data.replace(b'"files": 1', b'"files": 2') if name == "manifest.json" else data
    ),
    "no manifest": lambda path: rewrite(path, lambda name, data: None if name == "manifest.json" else data),
    "something added": add_a_member,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_backup_is_refused_before_anything_is_touched(saved, settings, damage):
    wipe(settings)
    damage(saved)
    with pytest.raises(RuleBroken, match="什么也没有改动"):
        restore(saved)
    assert not Agency.objects.exists()
    assert not settings.FILES.exists() or not any(settings.FILES.iterdir())


def test_a_missing_backup_is_named(tmp_path):
    with pytest.raises(RuleBroken, match="没有备份文件"):
        restore(tmp_path / "nothing.gongkai")


def test_a_target_that_holds_rows_is_refused(saved):
    with pytest.raises(RuleBroken, match="目标里已经有数据"):
        restore(saved)


def test_a_target_that_holds_files_is_refused(saved, settings):
    wipe(settings)
    settings.FILES.mkdir(exist_ok=True)
    (settings.FILES / "x").mkdir()
    with pytest.raises(RuleBroken, match="不是空的"):
        restore(saved)


def test_a_backup_of_another_release_is_refused(saved, settings, monkeypatch):
    wipe(settings)
    monkeypatch.setattr(site_backup, "_migrations", lambda: [["base", "0999_future"]])
    with pytest.raises(RuleBroken, match="表结构与本程序"):
        restore(saved)


# ---- proofs


def test_a_proof_that_comes_out_the_same_passes(world, settings, tmp_path):
    site_backup.register_proof("年度报告", lambda: {"2020": str(Outlet.objects.count())})
    summary = backup(tmp_path / "x.gongkai")
    wipe(settings)
    assert restore(tmp_path / "x.gongkai").proved == summary.proved == 1


def test_a_proof_that_comes_out_otherwise_takes_everything_back(world, settings, tmp_path):
    answers = iter(["a", "b"])
    site_backup.register_proof("年度报告", lambda: {"2020": next(answers)})
    backup(tmp_path / "x.gongkai")
    wipe(settings)
    with pytest.raises(RuleBroken, match="重算年度报告的 2020 与备份时不一致"):
        restore(tmp_path / "x.gongkai")
    assert not Agency.objects.exists()
    assert not any(settings.FILES.iterdir())


def test_a_backup_of_rows_changed_past_the_journal_does_not_pass_as_proved(world, settings, tmp_path):
    Outlet.objects.filter(name="账号“7”").update(name="偷改")
    backup(tmp_path / "x.gongkai")
    wipe(settings)
    with pytest.raises(RuleBroken, match="绕过日志"):
        restore(tmp_path / "x.gongkai")


# ---- the other engine

OTHER = """
import sys, django
django.setup()
from pathlib import Path
from gongkai.base import journal
from gongkai.site.backup import backup, restore
restore(Path(sys.argv[1]))
assert journal.verify()[1] is None
backup(Path(sys.argv[2]))
"""


@pytest.mark.postgres
def test_postgresql_to_sqlite_and_back_keeps_every_row_and_digest(saved, settings, tmp_path):
    before = facts()
    there = tmp_path / "there.gongkai"
    (tmp_path / "data").mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "GONGKAI_DATABASE_URL"} | {
        "GONGKAI_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "gongkai.site.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", OTHER, str(saved), str(there)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "gongkai.sqlite3").exists()
    wipe(settings)
    restore(there)
    assert connection.vendor == "postgresql"
    assert facts() == before
    assert journal.verify()[1] is None
