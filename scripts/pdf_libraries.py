"""Say in one sentence what is missing for writing PDF; everything else works without it."""

import ctypes
import sys

# What WeasyPrint loads, and the Debian package of each.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


def is_loadable(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


missing = [package for library, package in LIBRARIES.items() if not is_loadable(library)]
if missing:
    sys.stdout.write(
        "这台机器还不能生成 PDF，年度报告可先下载 .docx；安装所缺的 Debian 软件包即可："
        f"sudo apt-get install -y {' '.join(missing)} fonts-noto-cjk\n"
    )
