"""`gongkai clock FILE|-`: the clock of one application, from its events. Needs no database, network or clock."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from gongkai.core.calendars import WorkCalendar
from gongkai.core.law.clock import Clock, ImpossibleHistory, State, read_case, read_day, reckon, what_would_move
from gongkai.core.reading.report import dumps

HELP = "依申请公开的答复期限：从事件推算，逐日说明"
EXAMPLE = """\
例：gongkai clock 申请.json --on 2020-02-10
    echo '[{"on": "2020-01-20", "event": "received"}]' | gongkai clock - --json"""
STATES = {
    State.RUNNING: "计时中",
    State.PAUSED: "暂停计时（征求意见）",
    State.WAITING_FOR_APPLICANT: "等待申请人",
    State.LAPSED: "申请人逾期，视为放弃申请",
    State.CLOSED: "已办结",
}


class Unusable(Exception):
    """What the user gave cannot be used; `str()` is the sentence."""


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence."""

    def error(self, message: str) -> NoReturn:
        raise Unusable(f"{message}。用法：{self.prog} --help")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command, for its own parser or as a subcommand of another."""
    parser.description = HELP
    parser.epilog = EXAMPLE
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", metavar="FILE|-", help="事件的 JSON 文件，- 表示标准输入")
    parser.add_argument("--on", type=_day, metavar="DATE", help="看哪一天的情况，缺省 as_of 或者最后一个事件的日期")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def clock(arguments: argparse.Namespace) -> int:
    """Print the clock; 0 also when limits were broken. Raises Unusable with one sentence for impossible events."""
    try:
        reckoned = reckon(read_case(_read(arguments.file), on=arguments.on), WorkCalendar.built_in())
    except ImpossibleHistory as impossible:
        raise Unusable(str(impossible)) from None
    if arguments.json:
        sys.stdout.write(dumps(reckoned.to_json_object()) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(reckoned))
    return 0


def main(arguments: Sequence[str]) -> int:
    """Run the command alone: `arguments` are those after `gongkai clock`."""
    parser = _Parser(prog="gongkai clock")
    add_arguments(parser)
    try:
        return clock(parser.parse_args(list(arguments)))
    except Unusable as unusable:
        sys.stderr.write(f"{unusable}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("已停下。\n")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _day(text: str) -> date:
    try:
        return read_day(text, "日期")
    except ImpossibleHistory as wrong:
        raise argparse.ArgumentTypeError(str(wrong).rstrip("。")) from None


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Unusable(f"文件打不开：{name}（{error.strerror or error}）。") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable("输入不是 UTF-8 编码的文字。") from None


def _lines(reckoned: Clock) -> Iterator[str]:
    yield f"适用：{reckoned.law.title}第{reckoned.law.article}条"
    yield f"收到：{reckoned.history.received_on}    截至：{reckoned.as_of}"
    yield f"状态：{STATES[reckoned.state]}{_closed(reckoned)}"
    yield f"期限：{_limit(reckoned)}"
    yield f"天数：{_numbers(reckoned)}"
    yield from _list("超过期限的事", [f"{b.on}（{_article(b.article)}）{b.sentence}" for b in reckoned.breaches])
    yield from _list("没有记载、按下面处理", reckoned.assumed)
    yield from _list("什么会改变期限", [move.sentence for move in what_would_move(reckoned)])
    yield from _list("逐日", [f"{day.on} {'计' if day.counted else '－'} {day.why}" for day in reckoned.days()])


def _closed(reckoned: Clock) -> str:
    closed_on = reckoned.history.closed_on
    if closed_on is None:
        return ""
    return f"（{closed_on}{'申请人撤回' if reckoned.history.withdrawn else '答复'}）"


def _limit(reckoned: Clock) -> str:
    if reckoned.due_on is None:
        return "没有（要等申请人）" if reckoned.state is State.WAITING_FOR_APPLICANT else "没有"
    return f"{reckoned.due_on}{'（暂定）' if reckoned.provisional else ''}"


def _numbers(reckoned: Clock) -> str:
    numbers = [f"已用{reckoned.used}个工作日"]
    if reckoned.late_by:
        numbers.append(f"超期{reckoned.late_by}个工作日")
    elif reckoned.left is not None:
        numbers.append(f"还剩{reckoned.left}个工作日")
    return "，".join(numbers)


def _article(article: str) -> str:
    return f"第{article}条" if article.isdigit() else article


def _list(title: str, items: Sequence[Any]) -> Iterator[str]:
    if items:
        yield ""
        yield f"{title}："
        yield from (f"  {item}" for item in items)
