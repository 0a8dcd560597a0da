"""The pure commands of the product: `gongkai read`. They need no database, no settings and no Django.

Bad input: one sentence on stderr and exit status 2, never a traceback.
"""

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from gongkai.core.national_forms import form_named
from gongkai.core.reading.reader import EVERYTHING, read_report
from gongkai.core.reading.report import PublishedReport, dumps
from gongkai.core.reading.sources import Unreadable

SECONDS = 10
"""The most that reading one file may take; a report takes less than one."""
EXAMPLE = "gongkai read 2024年度报告.pdf --json"
WHY = {
    "blank": "空白",
    "slash": "斜杠或横线",
    "illegible": "不是数字",
    "missing_row": "没有这一行或这一列",
    "missing_table": "没有这张表",
    "no_text_layer": "没有文字层",
    "ambiguous": "有不止一种读法",
}


class _TooLong(Exception):
    """Reading took too long."""


class _BadUsage(Exception):
    """A command line that says nothing; `str()` is the sentence."""


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence."""

    def error(self, message: str) -> Any:
        raise _BadUsage(f"{message}。用法：{self.prog} --help")


def main(arguments: Sequence[str]) -> int:
    """Run `read`; returns its exit status."""
    parser = _Parser(
        prog="gongkai read",
        description="读一份公布的年度报告（网页、.docx、有文字层的 PDF、纯文本）：三张表的每一格，和没有读出来的格子是为什么",
        epilog=f"例：{EXAMPLE}",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="报告文件")
    parser.add_argument("--json", action="store_true", help="输出 JSON；几个文件时一行一个")
    try:
        parsed = parser.parse_args(list(arguments))
        return read([Path(name) for name in parsed.files], as_json=parsed.json)
    except _BadUsage as bad:
        sys.stderr.write(f"{bad}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("已停下。\n")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def read(paths: Sequence[Path], *, as_json: bool) -> int:
    """Print what each report says, in the order given; 2 if one of them could not be read (the others still are)."""
    status = 0
    for path in paths:
        try:
            with _within(SECONDS):
                report = read_report(path)
        except Unreadable as unreadable:
            sys.stderr.write(f"{unreadable}\n")
            status = 2
            continue
        except (_TooLong, RecursionError, MemoryError):
            sys.stderr.write(f"{path.name} 读了太久，不像是一份年度报告。\n")
            status = 2
            continue
        if any(unread.code == EVERYTHING for unread in report.unread):
            sys.stderr.write(f"{path.name} 没有文字层（扫描件或图片），一格也没有读出来。\n")
        sys.stdout.write(dumps(report.to_json_object()) + "\n" if as_json else _in_words(report))
        sys.stdout.flush()
    return status


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Stop what takes longer, where the system can tell; else what is read is bounded by its size alone."""

    def stop(_: int, __: FrameType | None) -> None:
        raise _TooLong

    try:
        before = signal.signal(signal.SIGALRM, stop)
    except (AttributeError, ValueError):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _in_words(report: PublishedReport) -> str:
    """The report for a person: who, which form, every cell that was read, and what was not."""
    form = form_named(report.form) if report.form else None
    year = f"{report.year}年" if report.year else "年份不明"
    lines = [
        f"{report.file}",
        f"  {report.issuer or '机关不明'}，{year}，{f'{form.code}年格式' if form else '不是国家统一格式'}",
    ]
    if form is not None:
        lines.append(
            f"  {sum(value is not None for value in report.cells.values())}格读出，{len(report.unread)}格没有读出"
        )
        for code, cell in form.cells.items():
            value = report.cells[code]
            if value is not None:
                lines.append(f"  {cell.label}：{value}")
        reasons: dict[str, list[str]] = {}
        for unread in report.unread:
            reasons.setdefault(unread.why, []).append(form.cells[unread.code].label)
        for why, labels in reasons.items():
            lines.append(
                f"  没有读出（{WHY[why]}）{len(labels)}格：{'；'.join(labels[:5])}{'……' if len(labels) > 5 else ''}"
            )
    for code, value in report.extra_cells.items():
        lines.append(f"  别的格式的格子 {code}：{value}")
    lines += [f"  {section.heading}（{len(section.text)}字）" for section in report.sections]
    return "\n".join(lines) + "\n"
