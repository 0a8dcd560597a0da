"""`gongkai import LEDGER FILE.xlsx [--dry-run] [--template] --by USERNAME`.

Exit status 0: imported (or, in a dry run, nothing stands in the way); 2: bad input or refused, with one sentence.
"""

import sys
from pathlib import Path

from django.conf import settings

from gongkai.base import journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.ledgers.agencies.models import Staff
from gongkai.site.imports import LEDGERS, layout
from gongkai.site.imports.ledger import Desk, Ledger
from gongkai.site.imports.running import Checked, check_file, import_checked


def run(code: str, file: str, *, by: str | None, dry_run: bool, template: bool, reason: str = "") -> int:
    """Write the template, check, or import. Raises RuleBroken with the sentence for what cannot be done."""
    ledger = LEDGERS.get(code)
    if ledger is None:
        raise RuleBroken(f"没有叫“{code}”的台账，可以导入的有：{'、'.join(sorted(LEDGERS))}。")
    path = Path(file)
    if template:
        return _template(ledger, path, by)
    user = _user(by)
    checked = check_file(ledger, _read(path), user)
    if dry_run:
        return _dry_run(checked, path)
    try:
        done = import_checked(checked, reason=reason, name=path.name)
    except NotAllowed as refused:
        journal.record_event("action.refused", by=user, agency_id=user.agency_id, reason=str(refused))
        raise
    except RuleBroken as broken:
        if checked.bad:
            raise RuleBroken(f"{broken}用 --dry-run 看每一行的错误。") from broken
        raise
    _say_warnings(checked)
    sys.stdout.write(f"{ledger.title}：新增 {done.new:,} 行，已有 {done.existing:,} 行。\n")
    if done.once:
        sys.stdout.write("初始密码只显示这一次，首次登录须改：\n")
        for line in done.once:
            sys.stdout.write("\t".join(line) + "\n")
    return 0


def _user(by: str | None) -> Staff:
    if not by:
        raise RuleBroken("请用 --by 写明以哪位人员的名义导入（登录名）。")
    user = Staff.objects.filter(username=by.strip().lower(), closed_on=None).first()
    if user is None:
        raise RuleBroken(f"没有登录名为“{by}”的在用账号。")
    return user


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise RuleBroken(f"没有这个文件：{path}。")
    if path.stat().st_size > settings.UPLOAD_LIMIT:
        raise RuleBroken(f"文件超过 {settings.UPLOAD_LIMIT >> 20} MB，请拆成几个文件。")
    return path.read_bytes()


def _template(ledger: Ledger, path: Path, by: str | None) -> int:
    if path.suffix.lower() != ".xlsx":
        raise RuleBroken(f"模板的文件名要以 .xlsx 结尾，不是“{path.name}”。")
    user = _user(by) if by else None
    content = layout.template(ledger.title, ledger.columns, ledger.offered(Desk(user)))
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        raise RuleBroken(f"{path} 已经存在，不覆盖它；请换一个文件名。") from None
    sys.stdout.write(f"{ledger.title}的模板已写到 {path}。\n")
    return 0


def _dry_run(checked: Checked, path: Path) -> int:
    _say_warnings(checked)
    for title in checked.frozen:
        sys.stdout.write(f"注意：{title}已经定稿，导入时要用 --reason 写明理由。\n")
    bad = checked.bad
    if not bad:
        sys.stdout.write(f"可以导入：新增 {len(checked.new):,} 行，已有 {checked.existing:,} 行。没有写入任何内容。\n")
        return 0
    for number, fault in checked.faults():
        sys.stdout.write(f"第 {number} 行　{fault}\n")
    copy = path.with_name(f"{path.stem}-检查结果.xlsx")
    copy.write_bytes(checked.returned())
    sys.stdout.write(f"每一行的错误也写在 {copy}。\n")
    raise RuleBroken(f"{len(checked.rows):,} 行里有 {len(bad):,} 行有错，不能导入；没有写入任何内容。")


def _say_warnings(checked: Checked) -> None:
    for warning in checked.warnings:
        sys.stdout.write(f"注意：{warning.sentence}\n")
