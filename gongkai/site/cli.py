"""The commands of the product (design section 4). Bad input: one sentence on stderr, exit status 2, never a traceback."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import gongkai


class BadInput(Exception):
    """What the user gave cannot be used; `str()` is the sentence."""


@dataclass(slots=True)
class Command:
    """One command: its name, one line of help, an example, its arguments, and what it does."""

    name: str
    help: str
    example: str
    run: Callable[[argparse.Namespace], int]
    arguments: list[tuple[tuple[str, ...], dict[str, Any]]] = field(default_factory=list)
    world: bool = False


def _data() -> Path:
    return Path(os.environ.get("GONGKAI_DATA", "data")).resolve()


def _use_world(name: str | None) -> None:
    """Point the settings at a demo world: the one named, or (with no production database here) the one last built."""
    from gongkai.site.worlds import names

    if name is not None and name not in names():
        raise BadInput(f"没有叫 {name} 的演示世界。可选：{'、'.join(names())}。")
    if name is None:
        if os.environ.get("GONGKAI_DATABASE_URL") or (_data() / "gongkai.sqlite3").exists():
            return
        last = _data() / "worlds" / "last"
        if not last.exists():
            return
        name = last.read_text(encoding="utf-8").strip()
    elif os.environ.get("GONGKAI_DATABASE_URL"):
        return
    os.environ["GONGKAI_DATA"] = str(_data() / "worlds" / name)


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.site.settings")
    import django

    django.setup()


def _need_installation() -> None:
    from django.db import DatabaseError

    from gongkai.base.models import Installation

    try:
        if Installation.objects.filter(pk=1).exists():
            return
    except DatabaseError:
        pass
    raise BadInput(
        "这里还没有安装好的数据库。先运行 gongkai demo（试用），或者 gongkai migrate 和 gongkai createadmin（正式）。"
    )


def _print(value: object) -> None:
    from gongkai.core.reading.report import dumps

    sys.stdout.write(dumps(value) + "\n")


def demo(arguments: argparse.Namespace) -> int:
    """Build a world (or all) and serve it."""
    from gongkai.site import worlds

    if arguments.all and arguments.world:
        raise BadInput("--all 和 --world 只能用一个。")
    if arguments.world is not None and arguments.world not in worlds.names():
        raise BadInput(f"没有叫 {arguments.world} 的演示世界。可选：{'、'.join(worlds.names())}。")
    return worlds.demo(
        _data(),
        arguments.world,
        everything=arguments.all,
        fresh=arguments.fresh,
        port=arguments.port,
        serve=not arguments.no_serve,
    )


def serve(arguments: argparse.Namespace) -> int:
    """Serve portal and desk."""
    _use_world(arguments.world)
    _django()
    _need_installation()
    from gongkai.site.installing import why_not_serve
    from gongkai.site.serving import serve_forever

    if sentence := why_not_serve(arguments.bind):
        raise BadInput(sentence)
    return serve_forever(arguments.bind, workers=arguments.workers)


def migrate(_: argparse.Namespace) -> int:
    """Make or bring up to date the tables, and collect the static files."""
    _data().mkdir(parents=True, exist_ok=True)
    _django()
    from django.core.management import call_command

    from gongkai.site.installing import ensure_installation, ensure_secret_key, keep_from_others

    call_command("migrate", interactive=False, verbosity=1 if sys.stdout.isatty() else 0)
    keep_from_others()
    ensure_secret_key()
    ensure_installation()
    call_command("collectstatic", interactive=False, verbosity=0)
    sys.stdout.write("数据库已是最新。\n")
    return 0


def createadmin(arguments: argparse.Namespace) -> int:
    """Found an empty installation: its root government and its first administrator."""
    _django()
    _need_installation()
    from gongkai.ledgers.agencies.actions import found_installation

    def ask(value: str | None, question: str) -> str:
        if value:
            return value
        if not sys.stdin.isatty():
            raise BadInput(f"缺少参数：{question}。")
        return input(f"{question}：").strip()

    agency_name = ask(arguments.agency, "政府全称（如 示范区人民政府）")
    slug = ask(arguments.slug, "代号（小写字母，如 shifan）")
    code = ask(arguments.code, "机构编码（大写字母和数字，索引号前缀，如 SF001）")
    username = ask(arguments.username, "管理员登录名")
    name = ask(arguments.name, "管理员姓名")
    password = os.environ.get("GONGKAI_ADMIN_PASSWORD") or (
        getpass.getpass("初始密码（首次登录须改）：") if sys.stdin.isatty() else ""
    )
    if not password:
        raise BadInput("没有终端可以输入密码：请用环境变量 GONGKAI_ADMIN_PASSWORD 给出初始密码。")
    found_installation(
        slug=slug,
        code=code,
        name=agency_name,
        valid_from=arguments.since,
        username=username,
        administrator=name,
        password=password,
    )
    sys.stdout.write(f"已建立{agency_name}和管理员 {username}。请登录 /desk/ 并修改密码。\n")
    return 0


def import_rows(arguments: argparse.Namespace) -> int:
    """Read rows of a ledger from an .xlsx file, all or nothing."""
    _use_world(arguments.world)
    _django()
    _need_installation()
    from gongkai.site.imports import run_command

    return run_command(
        arguments.ledger,
        arguments.file,
        by=arguments.by,
        dry_run=arguments.dry_run,
        template=arguments.template,
        reason=arguments.reason,
    )


def report_compile(arguments: argparse.Namespace) -> int:
    """Compile the annual report of an agency and a year from the ledgers."""
    _use_world(arguments.world)
    _django()
    _need_installation()
    from gongkai.site.reports import compile_for_command

    compiled = compile_for_command(arguments.agency, arguments.year)
    if arguments.json:
        _print(compiled.to_published_report().to_json_object())
    else:
        from gongkai.site.reports import print_compiled

        print_compiled(compiled, sys.stdout)
    return 1 if any(finding.severity == "error" for finding in compiled.findings) else 0


def figures(arguments: argparse.Namespace) -> int:
    """The figures that the seeds state, against the ledgers of a world."""
    _use_world(arguments.world)
    _django()
    _need_installation()
    from gongkai.site import figures as site_figures

    results = site_figures.evaluate_world()
    if arguments.json:
        _print([result.to_json_object() for result in results])
    else:
        site_figures.print_results(results, sys.stdout)
    return 0


def journal_verify(arguments: argparse.Namespace) -> int:
    """Prove the journal; name the first broken line."""
    _use_world(arguments.world)
    _django()
    _need_installation()
    from gongkai.base import journal

    count, broken = journal.verify_and_record(by=None)
    if broken is None:
        sys.stdout.write(f"操作日志 {count} 行，逐行相接，台账与日志一致。\n")
        return 0
    sys.stdout.write(f"操作日志在第 {broken.number} 行断开：{broken.sentence}\n")
    return 1


def backup(arguments: argparse.Namespace) -> int:
    """Write database and files into one file."""
    _use_world(arguments.world)
    _django()
    _need_installation()
    from gongkai.site.backup import backup as write_backup

    sys.stdout.write(write_backup(Path(arguments.file)).sentence + "\n")
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Read a backup into an empty installation on either database engine."""
    _data().mkdir(parents=True, exist_ok=True)
    _django()
    from gongkai.site.backup import restore as read_backup
    from gongkai.site.installing import keep_from_others

    summary = read_backup(Path(arguments.file))
    keep_from_others()
    sys.stdout.write(summary.sentence + "\n")
    return 0


def docs(arguments: argparse.Namespace) -> int:
    """Write the generated pages of docs/, or check that they are up to date."""
    _django()
    from gongkai.site.documentation import check, write

    return check(Path("docs")) if arguments.check else write(Path("docs"))


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"端口应是 1 到 65535 的数，不是 {text}")
    return int(text)


def _year(text: str) -> int:
    if not text.isdigit() or not 2008 <= int(text) <= date.max.year:
        raise argparse.ArgumentTypeError(f"年份应是四位数字，不是 {text}")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期应写成 2026-01-31 这样，不是 {text}") from None


COMMANDS: tuple[Command, ...] = (
    Command(
        "demo",
        "建好一个演示区并打开（只在本机）",
        "gongkai demo --world licheng-2020",
        demo,
        [
            (("--world",), {"help": "演示世界的名字，缺省 today"}),
            (("--all",), {"action": "store_true", "help": "建好全部演示世界"}),
            (("--fresh",), {"action": "store_true", "help": "丢掉已建的演示世界，重新建"}),
            (("--port",), {"type": _port, "default": 8000, "help": "端口，缺省 8000；被占用时用下一个"}),
            (("--no-serve",), {"action": "store_true", "help": "只建不打开"}),
        ],
    ),
    Command(
        "serve",
        "运行门户和工作台",
        "gongkai serve --bind 127.0.0.1:8000 --workers 3",
        serve,
        [
            (("--bind",), {"default": "127.0.0.1:8000", "help": "地址和端口"}),
            (("--workers",), {"type": int, "default": 1, "help": "进程数"}),
        ],
        world=True,
    ),
    Command("migrate", "建立或升级数据库", "gongkai migrate", migrate),
    Command(
        "createadmin",
        "在空的安装里建立政府和第一位系统管理员",
        "gongkai createadmin --agency 示范区人民政府 --slug shifan --code SF001 --username guanli --name 关管理",
        createadmin,
        [
            (("--agency",), {"help": "政府全称"}),
            (("--slug",), {"help": "代号"}),
            (("--code",), {"help": "机构编码"}),
            (("--username",), {"help": "登录名"}),
            (("--name",), {"help": "姓名"}),
            (("--since",), {"type": _day, "default": date(2008, 5, 1), "help": "单位从哪天起有，缺省 2008-05-01"}),
        ],
    ),
    Command(
        "import",
        "从 .xlsx 导入一个台账，全部成功或者一行不动",
        "gongkai import applications 台账.xlsx --by shen --dry-run",
        import_rows,
        [
            (("ledger",), {"help": "agencies、staff、records、applications、remedies、returns"}),
            (("file",), {"help": ".xlsx 文件"}),
            (("--by",), {"help": "以哪位人员的名义导入（登录名）"}),
            (("--dry-run",), {"action": "store_true", "help": "只检查，不写入"}),
            (("--template",), {"action": "store_true", "help": "把空白模板写到这个文件"}),
            (("--reason",), {"default": "", "help": "理由：导入的内容属于已定稿的年份时要写"}),
        ],
        world=True,
    ),
    Command(
        "backup", "把数据库和文件写成一个文件", "gongkai backup 2026-11.gongkai", backup, [(("file",), {})], world=True
    ),
    Command("restore", "把备份恢复到空的安装", "gongkai restore 2026-11.gongkai", restore, [(("file",), {})]),
    Command(
        "figures",
        "五份报告写到的数字，逐个与台账核对",
        "gongkai figures --world licheng-2020 --json",
        figures,
        [(("--json",), {"action": "store_true", "help": "输出 JSON"})],
        world=True,
    ),
    Command(
        "docs",
        "生成 docs/ 里由程序写的页面",
        "gongkai docs --check",
        docs,
        [(("--check",), {"action": "store_true", "help": "只检查是否最新"})],
    ),
)

GROUPS: dict[str, tuple[str, tuple[Command, ...]]] = {
    "report": (
        "年度报告",
        (
            Command(
                "compile",
                "从台账编出年度报告",
                "gongkai report compile --year 2020 --json",
                report_compile,
                [
                    (("--agency",), {"help": "单位代号，缺省最上级政府"}),
                    (("--year",), {"type": _year, "required": True, "help": "报告年度"}),
                    (("--json",), {"action": "store_true", "help": "输出 JSON"}),
                ],
                world=True,
            ),
        ),
    ),
    "journal": (
        "操作日志",
        (Command("verify", "核对操作日志，指出第一处断开", "gongkai journal verify", journal_verify, world=True),),
    ),
}


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence."""

    def error(self, message: str) -> Any:
        raise BadInput(f"{message}。用法：{self.prog} --help")


def _add(subparsers: Any, command: Command) -> None:
    parser = subparsers.add_parser(
        command.name, help=command.help, description=command.help, epilog=f"例：{command.example}"
    )
    for names, options in command.arguments:
        parser.add_argument(*names, **options)
    if command.world:
        parser.add_argument("--world", help="演示世界的名字，缺省最近建的一个")
    parser.set_defaults(run=command.run)


def _parser() -> _Parser:
    parser = _Parser(
        prog="gongkai",
        description="公开：政府信息公开工作系统",
        epilog="例：gongkai demo。不用数据库的还有 gongkai read、gongkai clock，各有 --help。",
    )
    parser.add_argument("--version", action="version", version=f"gongkai {gongkai.__version__}")
    parser.add_argument("--data", metavar="DIR", help="数据文件夹，缺省 ./data（或 GONGKAI_DATA）")
    subparsers = parser.add_subparsers(metavar="命令", required=True, parser_class=_Parser)
    for command in COMMANDS:
        _add(subparsers, command)
    for name, (title, commands) in GROUPS.items():
        group = subparsers.add_parser(name, help=title, description=title)
        inner = group.add_subparsers(metavar="命令", required=True, parser_class=_Parser)
        for command in commands:
            _add(inner, command)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit status."""
    try:
        parsed = _parser().parse_args(list(arguments))
        if parsed.data:
            os.environ["GONGKAI_DATA"] = parsed.data
        status: int = parsed.run(parsed)
        return status
    except BadInput as bad:
        sys.stderr.write(f"{bad}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("已停下。\n")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        if sentence := _sentence_of(error):
            sys.stderr.write(f"{sentence}\n")
            return 2
        raise


def _sentence_of(error: Exception) -> str:
    """The sentence of an expected refusal, or an empty text for what is a fault of the program."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    from gongkai.base.errors import RuleBroken

    if isinstance(error, RuleBroken):
        return str(error)
    if isinstance(error, ImproperlyConfigured):
        return f"设置有误：{error}"
    if isinstance(error, OperationalError):
        return f"数据库打不开：{str(error).strip().splitlines()[0]}"
    if isinstance(error, OSError):
        return f"文件打不开：{error.filename or ''} {error.strerror or error}".strip()
    return ""
