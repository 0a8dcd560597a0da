"""One file that holds database and stored files, and can be restored on either database engine.

The file is a zip: `manifest.json` with its checksum, one member of JSON lines for each table, and each stored file. The
manifest names the SHA-256 of every member; a restore checks all of them before it touches anything, loads everything in
one transaction, and proves the result (counts, journal, the digests of `base.proofs`) before it commits.

Not in the file: keys and settings (they lie outside the database), sessions, and failed sign-ins.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader

import gongkai
from gongkai.base import clock, files, journal, proofs
from gongkai.base.errors import RuleBroken
from gongkai.base.models import Installation, JournalHead, StoredFile
from gongkai.base.permissions import ADMINISTRATOR
from gongkai.base.progress import progress
from gongkai.base.snapshot import snapshot
from gongkai.ledgers.agencies.models import Post, Staff

FORMAT = 1
CHUNK = 500
MANIFEST = "manifest.json"
MANIFEST_SUM = "manifest.sha256"

register_proof = proofs.register
"""register_proof(name, function): function() returns digests by name, equal before a backup and after its restore."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds."""

    path: Path
    rows: int
    files: int
    lines: int
    """Lines of the journal."""
    proved: int
    """Digests that `base.proofs` compared."""
    accounts: str = ""
    """After a restore: who can sign in now."""

    @property
    def sentence(self) -> str:
        """For the person at the terminal."""
        return (
            f"{self.path.name}：{self.rows:,} 行数据、{self.files:,} 个文件、操作日志 {self.lines:,} 行、"
            f"定稿核对 {self.proved:,} 项。{self.accounts}"
        )


def backup(path: Path) -> Summary:
    """Write database and stored files, as they stand now, into one new file. Others may go on working meanwhile.

    Raises RuleBroken when the file exists, or when a stored file is lost or changed; then no file is left behind.
    """
    if path.exists():
        raise RuleBroken(f"{path} 已经存在，备份不覆盖已有的文件，请换一个文件名。")
    if not path.parent.is_dir():
        raise RuleBroken(f"没有文件夹 {path.parent}，请先建好。")
    partial = path.with_name(path.name + ".part")
    try:
        # It holds what applicants told and how passwords are proved: readable for its owner alone from the first byte.
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600, exist_ok=False)
        with (
            zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
            snapshot(),
        ):
            summary = _write(archive, path)
        partial.rename(path)
    except OSError as failure:
        raise RuleBroken(f"不能写入 {path}：{failure.strerror or failure}。") from failure
    finally:
        partial.unlink(missing_ok=True)
    journal.record_event("backup.made", by=None, reason=summary.sentence)
    return summary


def restore(path: Path) -> Summary:
    """Read a backup into an empty installation (its tables are made when missing) and prove the result.

    Raises RuleBroken, having changed nothing, when the file is damaged or of another release, when the target holds
    anything, or when what was loaded is not what was saved.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise RuleBroken(f"没有备份文件 {path}。") from None
    except (zipfile.BadZipFile, OSError):
        raise RuleBroken(_damaged(path, "不是完整的备份文件")) from None
    with archive:
        manifest = _checked_manifest(archive, path)
        _refuse_other_release(manifest)
        _refuse_full_target()
        call_command("migrate", verbosity=0, interactive=False)
        try:
            summary = _load(archive, manifest, path)
        except BaseException:
            _empty_store()
            raise
    clock.forget_demo_date()
    made_at, program = manifest["made_at"], manifest["program"]
    accounts = accounts_in_force()
    journal.record_event("backup.restored", by=None, reason=f"{path.name}，{made_at} 由 {program} 版备份。{accounts}")
    return replace(summary, accounts=accounts)


def accounts_in_force() -> str:
    """How many accounts can sign in, and who of them administers: a backup brings accounts and passwords along.

    The journal proves the accounts and their posts, not the passwords, which are in no version; so whoever restores is told
    whom he lets in.
    """
    posts = Post.objects.in_force(clock.localdate()).filter(role=ADMINISTRATOR, staff__closed_on=None)
    names = posts.order_by("staff__username").values_list("staff__username", flat=True).distinct()
    number = Staff.objects.filter(closed_on=None).count()
    return (
        f"随备份恢复的可登录账号 {number} 个，其中系统管理员：{'、'.join(names) or '无'}；"
        "来源不能完全信任的备份，请先停用不认识的账号，重置管理员密码。"
    )


# ---- writing


def backed_up_models() -> list[type[models.Model]]:
    """Every table of ours, tables of many-to-many relations included."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("gongkai.")
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def _write(archive: zipfile.ZipFile, path: Path) -> Summary:
    members: dict[str, str] = {}
    counts: dict[str, int] = {}
    for model in backed_up_models():
        label = model._meta.label_lower
        members[_member(label)], counts[label] = _write_table(archive, model)
    digests = list(StoredFile.objects.order_by("sha256").values_list("sha256", flat=True))
    for digest in progress(digests, len(digests), "备份文件"):
        members[f"files/{files.relative_path(digest)}"] = _write_file(archive, digest)
    head = JournalHead.objects.filter(pk=1).first()
    proved = proofs.results()
    manifest = {
        "format": FORMAT,
        "program": gongkai.__version__,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "engine": connection.vendor,
        "migrations": _migrations(),
        "rows": counts,
        "files": len(digests),
        "journal": {"number": head.number if head else 0, "digest": head.digest if head else ""},
        "proofs": proved,
        "members": members,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    archive.writestr(MANIFEST, text)
    archive.writestr(MANIFEST_SUM, hashlib.sha256(text).hexdigest())
    return _summary(manifest, path)


def _summary(manifest: dict[str, Any], path: Path) -> Summary:
    return Summary(
        path=path,
        rows=sum(manifest["rows"].values()),
        files=manifest["files"],
        lines=manifest["journal"]["number"],
        proved=sum(map(len, manifest["proofs"].values())),
    )


def _member(label: str) -> str:
    return f"data/{label}.jsonl"


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def _write_table(archive: zipfile.ZipFile, model: type[models.Model]) -> tuple[str, int]:
    """First line: the names of the columns; then one array a row, by primary key. Returns checksum and number of rows."""
    names = [field.attname for field in _fields(model)]
    rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=2000)
    total, count = hashlib.sha256(), 0
    with archive.open(_member(model._meta.label_lower), "w", force_zip64=True) as member:

        def put(values: object) -> None:
            line = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"
            total.update(line)
            member.write(line)

        put(names)
        for row in progress(rows, 0, f"备份{model._meta.verbose_name}"):
            put(row)
            count += 1
    return total.hexdigest(), count


def _plain(value: object) -> object:
    """What JSON has no form for, as text that the field reads back unchanged."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes() | memoryview():
            return bytes(value).hex()
    raise TypeError(f"a {type(value).__name__} has no form in a backup")


def _write_file(archive: zipfile.ZipFile, digest: str) -> str:
    total = hashlib.sha256()
    try:
        with (
            files.path_of(digest).open("rb") as stored,
            archive.open(f"files/{files.relative_path(digest)}", "w", force_zip64=True) as member,
        ):
            for piece in files.pieces(stored):
                total.update(piece)
                member.write(piece)
    except FileNotFoundError:
        raise RuleBroken(f"存储中缺少文件 {digest}，备份没有完成：请先从旧备份找回它。") from None
    if total.hexdigest() != digest:
        raise RuleBroken(f"存储中的文件 {digest} 被改动或者损坏，备份没有完成：请先从旧备份找回它。")
    return digest


def _migrations() -> list[list[str]]:
    """The migrations of our tables that this program knows, in order of name."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("gongkai.")}
    return [list(key) for key in sorted(loader.disk_migrations) if key[0] in ours]


# ---- checking


def _damaged(path: Path, why: str) -> str:
    return f"{path.name} {why}，什么也没有改动：请换一份备份。"


def _checked_manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    """The manifest, after every member of the file was found to be what the manifest says."""
    names = archive.namelist()
    try:
        text = archive.read(MANIFEST)
        if hashlib.sha256(text).hexdigest().encode() != archive.read(MANIFEST_SUM):
            raise RuleBroken(_damaged(path, "的目录已损坏"))
        manifest: dict[str, Any] = json.loads(text)
        if manifest["format"] != FORMAT:
            raise RuleBroken(
                f"{path.name} 是另一种格式（{manifest['format']}）的备份，什么也没有改动：请用写它的程序恢复。"
            )
        members: dict[str, str] = manifest["members"]
        if sorted(names) != sorted([*members, MANIFEST, MANIFEST_SUM]):
            raise RuleBroken(_damaged(path, "缺少或者多出了内容"))
        for name, digest in progress(members.items(), len(members), "核对备份"):
            if _digest_of(archive, name) != digest:
                raise RuleBroken(_damaged(path, f"的内容 {name} 与校验值不符，已损坏"))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, OSError) as failure:
        raise RuleBroken(_damaged(path, "已损坏")) from failure
    return manifest


def _digest_of(archive: zipfile.ZipFile, name: str) -> str:
    total = hashlib.sha256()
    with archive.open(name) as member:
        for piece in files.pieces(member):
            total.update(piece)
    return total.hexdigest()


def _refuse_other_release(manifest: dict[str, Any]) -> None:
    if manifest["migrations"] != _migrations():
        ours, theirs = gongkai.__version__, manifest["program"]
        raise RuleBroken(
            f"备份由 {theirs} 版程序写成，表结构与本程序（{ours} 版）不同，什么也没有改动：请用 {theirs} 版恢复，再升级。"
        )


def _refuse_full_target() -> None:
    tables = set(connection.introspection.table_names())
    if tables and not tables & {model._meta.db_table for model in backed_up_models()}:
        raise RuleBroken("数据库里有别的程序的表，什么也没有改动：请换一个空的数据库。")
    for model in backed_up_models():
        if model is not Installation and model._meta.db_table in tables and model._base_manager.exists():
            raise RuleBroken(
                f"目标里已经有数据（{model._meta.verbose_name}），什么也没有改动：请恢复到空的数据库和文件夹。"
            )
    store = Path(settings.FILES)
    if store.exists() and any(store.iterdir()):
        raise RuleBroken(f"文件夹 {store} 不是空的，什么也没有改动：请恢复到空的数据库和文件夹。")


# ---- loading


@transaction.atomic
def _load(archive: zipfile.ZipFile, manifest: dict[str, Any], path: Path) -> Summary:
    """All or nothing. Foreign keys of either engine are checked at the end, so the order of the tables does not matter."""
    Installation.objects.all().delete()  # made by `migrate` in an empty installation; that of the backup takes its place
    tables = backed_up_models()
    for model in tables:
        _read_table(archive, model, manifest["rows"][model._meta.label_lower])
    try:
        connection.check_constraints()
    except IntegrityError as failure:
        raise RuleBroken(f"备份里有指向空处的数据（{failure}），已撤回，什么也没有改动。") from failure
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    names = [name for name in manifest["members"] if name.startswith("files/")]
    for name in progress(names, len(names), "恢复文件"):
        with archive.open(name) as member:
            files.write_bytes(member, manifest["members"][name])
    _prove(manifest)
    return _summary(manifest, path)


def _read_table(archive: zipfile.ZipFile, model: type[models.Model], count: int) -> None:
    fields = {field.attname: field for field in _fields(model)}
    done = 0
    with archive.open(_member(model._meta.label_lower)) as member, connection.cursor() as cursor:
        columns = [fields[name] for name in json.loads(member.readline())]
        insert = _insert(model, columns)
        lines = progress(member, count, f"恢复{model._meta.verbose_name}")
        while batch := [_row(columns, line) for line in islice(lines, CHUNK)]:
            cursor.executemany(insert, batch)
            done += len(batch)
    if done != count:
        raise RuleBroken(f"{model._meta.verbose_name}应有 {count} 行，备份里是 {done} 行，已撤回，什么也没有改动。")


def _insert(model: type[models.Model], columns: Sequence[models.Field[Any, Any]]) -> str:
    """One prepared statement a table: for hundreds of thousands of rows several times as quick as `bulk_create`."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in columns)
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608 - names of our tables


def _row(columns: Sequence[models.Field[Any, Any]], line: bytes) -> list[Any]:
    values = json.loads(line)
    return [
        field.get_db_prep_save(_read(field, value), connection) for field, value in zip(columns, values, strict=True)
    ]


def _read(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.JSONField) or value is None:
        return value
    if isinstance(field, models.BinaryField):
        return bytes.fromhex(value)
    return field.to_python(value)


def _prove(manifest: dict[str, Any]) -> None:
    """The journal verifies and ends where it ended, and every registered proof says what it said."""
    count, broken = journal.verify()
    if broken is not None:
        raise RuleBroken(f"恢复后的操作日志不能证明：{broken.sentence}已撤回，什么也没有改动。")
    head = JournalHead.objects.filter(pk=1).first()
    found = {"number": head.number if head else 0, "digest": head.digest if head else ""}
    if found != manifest["journal"] or count != found["number"]:
        raise RuleBroken("恢复后的操作日志与备份时不一致，已撤回，什么也没有改动。")
    found_proofs = proofs.results()
    for name, expected in manifest["proofs"].items():
        for subject in sorted(set(expected) | set(found_proofs.get(name, {}))):
            if found_proofs.get(name, {}).get(subject) != expected.get(subject):
                raise RuleBroken(f"恢复后重算{name}的 {subject} 与备份时不一致，已撤回，什么也没有改动。")


def _empty_store() -> None:
    """Take back the files of a restore that failed: the folder was empty before it."""
    store = Path(settings.FILES)
    if store.exists():
        for entry in store.iterdir():
            shutil.rmtree(entry)
