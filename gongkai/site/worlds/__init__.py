"""Demo worlds: believable districts, made through the actions, each an installation of its own (design section 4).

This module decides which world is built where, and needs no Django; the worlds themselves are in the modules beside it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import gongkai

MARK = "built-by-gongkai-demo"
PACKAGE = Path(gongkai.__file__).parent


@dataclass(frozen=True, slots=True)
class World:
    """One demo world: its name, what it shows, its year, its demo date, the published table it adds up to."""

    name: str
    title: str
    year: int
    demo_date: date | None
    sample: str
    module: str


WORLDS: dict[str, World] = {
    world.name: world
    for world in (
        World("today", "正在进行的一年：各种状态的申请、上年年报已公布、今年年报在编", 0, None, "", "today"),
        World(
            "licheng-2020",
            "2019 格式：与一份公布的区级年报逐格相符",
            2020,
            date(2021, 1, 15),
            "licheng-2020",
            "licheng",
        ),
        World(
            "wuding-2020", "2019 格式：与一份公布的县级年报逐格相符", 2020, date(2021, 1, 15), "wuding-2020", "wuding"
        ),
        World(
            "shengsi-2017",
            "2014 格式：公布的表有一处不平，看系统怎么发现",
            2017,
            date(2018, 1, 15),
            "shengsi-2017",
            "shengsi",
        ),
        World(
            "hongze-2024", "2021 格式：与一份公布的区级年报逐格相符", 2024, date(2025, 1, 15), "hongze-2024", "hongze"
        ),
        World("daishan-2020", "2019 格式：正文数字来自台账和填报", 2020, date(2021, 1, 15), "", "daishan"),
        World("binjiang-2017", "2014 格式：正文数字来自台账和填报", 2017, date(2018, 1, 15), "", "binjiang"),
    )
}


def names() -> list[str]:
    """Names of all worlds, the default first."""
    return list(WORLDS)


def fingerprint() -> str:
    """What the program looks like that builds a world: a world built by other code is built anew."""
    total = hashlib.sha256(gongkai.__version__.encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        if "site/worlds" in path.as_posix() or "migrations" in path.parts or path.name in ("actions.py", "models.py"):
            total.update(path.read_bytes())
    return total.hexdigest()


def demo(data: Path, world: str | None, *, everything: bool, fresh: bool, port: int, serve: bool) -> int:
    """Build one world or all, say what to do next, and serve."""
    chosen = names() if everything else [world or "today"]
    if everything and os.environ.get("GONGKAI_DATABASE_URL"):
        sys.stderr.write("--all 要给每个演示世界一个数据库；请去掉 GONGKAI_DATABASE_URL，或者用 --world 逐个建。\n")
        return 2
    if len(chosen) == 1:
        return _build_here(data, chosen[0], fresh=fresh, port=port, serve=serve)
    for name in chosen:
        command = [sys.executable, "-m", "gongkai", "--data", str(data), "demo", "--world", name, "--no-serve"]
        if fresh:
            command.append("--fresh")
        status = subprocess.run(command, check=False).returncode  # noqa: S603 - our own program with our own arguments
        if status:
            return status
    last = data / "worlds" / "last"
    last.write_text("today\n", encoding="utf-8")
    if serve:
        return _build_here(data, "today", fresh=False, port=port, serve=True)
    return 0


def _build_here(data: Path, name: str, *, fresh: bool, port: int, serve: bool) -> int:
    folder = data / "worlds" / name
    mark = folder / MARK
    in_folder = not os.environ.get("GONGKAI_DATABASE_URL")
    if in_folder:
        if folder.exists() and any(folder.iterdir()) and not mark.exists():
            sys.stderr.write(f"{folder} 里有不是演示程序建立的东西，不在这里建演示世界。请换一个 --data 文件夹。\n")
            return 2
        finished = mark.exists() and mark.read_text(encoding="utf-8").strip() == fingerprint()
        if folder.exists() and (fresh or not finished):
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        mark.touch()
    os.environ["GONGKAI_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.site.settings")
    import django

    django.setup()
    from gongkai.site.worlds import building, greeting

    status = building.build(WORLDS[name], fresh=fresh)
    if status:
        return status
    if in_folder:
        mark.write_text(fingerprint() + "\n", encoding="utf-8")
        (data / "worlds" / "last").write_text(name + "\n", encoding="utf-8")
    address = greeting.free_address(port) if serve else ""
    greeting.greet(WORLDS[name], address, sys.stdout)
    if not serve:
        return 0
    from gongkai.site.serving import serve_forever

    return serve_forever(address, quiet=True)
