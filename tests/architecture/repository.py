"""The repository as the architecture tests see it: what is committed or about to be, never what is ignored."""

import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "gongkai"


@functools.cache
def committed_files() -> tuple[Path, ...]:
    """Every file that git keeps or would add; the folders of tools and of data are ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def texts() -> Iterator[tuple[Path, str]]:
    """The committed text files with their content; a file that is no UTF-8 is a picture, a document or a sheet."""
    for path in committed_files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def sources() -> Iterator[tuple[Path, str]]:
    """The Python modules of the product."""
    return ((path, path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py")))


def templates() -> Iterator[tuple[Path, str]]:
    """The templates of the product."""
    found = (path for path in sorted(PACKAGE.rglob("*.html")) if "templates" in path.parts)
    return ((path, path.read_text(encoding="utf-8")) for path in found)


def named(path: Path) -> str:
    """The path as it is written in a message."""
    return str(path.relative_to(ROOT))
