"""What `gongkai demo` prints at its end: addresses, accounts, figures, and the next three things to try."""

import socket
from typing import TextIO

from gongkai.ledgers.agencies.models import Staff
from gongkai.site import figures
from gongkai.site.worlds import World
from gongkai.site.worlds.district import PASSWORD

ACCOUNTS = (
    ("shen", "区政务公开办公室，公开工作机构"),
    ("gu", "区政务公开办公室，审批"),
    ("xu", "区政务公开办公室，审查"),
    ("jiaoyu1", "区教育局，经办"),
    ("jiaoyu2", "区教育局，审批"),
    ("guanli", "系统管理（看不到业务）"),
)


def free_address(port: int) -> str:
    """Loopback and the port, or the next free one after it."""
    for candidate in range(port, port + 50):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return f"127.0.0.1:{candidate}"
    return f"127.0.0.1:{port}"


def greet(world: World, address: str, out: TextIO) -> None:
    """Print the summary of the world and, when it is served, how to look at it."""
    out.write(f"\n演示世界 {world.name}：{world.title}\n示范区为虚构，全部内容为合成数据。\n")
    out.write(figures.table_summary(world.sample))
    out.write(figures.summary(world.name))
    if not address:
        out.write(f"\n打开它：gongkai demo --world {world.name}\n")
        return
    out.write(f"\n  门户    http://{address}/\n  工作台  http://{address}/desk/\n\n  账号（密码都是 {PASSWORD}）\n")
    names = dict(Staff.objects.values_list("username", "name"))
    out.writelines(f"    {username:<10}{names[username]}　{duty}\n" for username, duty in ACCOUNTS if username in names)
    out.write("\n  接下来可以试\n")
    out.writelines(f"    {number}. {step}\n" for number, step in enumerate(_steps(world), start=1))
    out.write("\n按 Ctrl+C 停下。\n")
    out.flush()


def _steps(world: World) -> tuple[str, str, str]:
    if world.name == "today":
        return (
            "用 shen 登录，看“今天”：哪些申请快到期，填报差谁，年报差什么。",
            "打开“年度报告”，点表三里的一个数字，看它是哪几条申请。",
            "登记一件申请，回到年度报告，看那一格加了 1。",
        )
    return (
        f"用 shen 登录，打开“年度报告 {world.year}”，点任意一个数字，看背后的记录。",
        "看“核查”里每一条勾稽关系；改一条台账，看哪一格跟着变。",
        "提请定稿，再用 gu 登录确认定稿，然后下载 Word、Excel、PDF。",
    )
