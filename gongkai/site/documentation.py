"""The pages of docs/ that the program writes itself, so that they cannot lag behind it."""

import sys
from collections.abc import Callable
from pathlib import Path

from gongkai.base.office_settings import all_settings
from gongkai.base.permissions import ROLES, verbs
from gongkai.reporting.indicators.documentation import indicators_markdown
from gongkai.site.imports.documentation import imports_markdown

HEADER = "<!-- Written by `gongkai docs`. Change the program, not this page. -->\n\n"

VARIABLES: tuple[tuple[str, str, str], ...] = (
    ("GONGKAI_DATA", "`./data`", "数据文件夹：内嵌数据库、上传的文件、密钥、静态文件。命令行 `--data` 的作用相同。"),
    (
        "GONGKAI_DATABASE_URL",
        "内嵌 SQLite",
        "数据库：`postgres://用户:密码@主机:端口/库名`，套接字写 `?host=/目录`；或者 `sqlite:///路径`。",
    ),
    ("GONGKAI_FILES", "`数据文件夹/files`", "上传文件放在哪里；不要放在任何公开目录下。"),
    ("GONGKAI_SECRET_KEY", "数据文件夹里的 `secret-key`", "签名密钥；不设时由 `gongkai migrate` 生成一个。"),
    ("GONGKAI_HOSTS", "`127.0.0.1,localhost,[::1]`", "可以用哪些主机名访问，逗号分隔。"),
    ("GONGKAI_ORIGINS", "空", "可信来源（`https://…`），反向代理改写主机名时用，逗号分隔。"),
    ("GONGKAI_BEHIND_PROXY", "`0`", "前面是 HTTPS 反向代理时设为 `1`：只发安全 Cookie，启用 HSTS。"),
    ("GONGKAI_ACCEL_PREFIX", "空", "nginx 内部地址前缀，设了由 nginx 发送文件（X-Accel-Redirect）。"),
    ("GONGKAI_UPLOAD_MEGABYTES", "`20`", "一个上传文件最大多少 MB。"),
    ("GONGKAI_PASSWORD_MINIMUM", "`10`", "密码最短几位，至少 8。"),
    ("GONGKAI_PASSWORD_CLASSES", "`2`", "密码至少含小写、大写、数字、符号中的几种；等保三级评测一般要求 4。"),
    ("GONGKAI_SIGN_IN_ATTEMPTS", "`5`", "连续几次密码错误后锁定账号。"),
    ("GONGKAI_LOCKOUT_MINUTES", "`30`", "锁定多少分钟。"),
    ("GONGKAI_IDLE_MINUTES", "`30`", "多少分钟没有操作自动退出。"),
    ("GONGKAI_ADMIN_PASSWORD", "空", "没有终端时，`gongkai createadmin` 的初始密码；首次登录须改。"),
    ("GONGKAI_DEBUG", "`0`", "开发用，正式环境不要打开。"),
)
"""Environment variables: name, default, meaning. A test compares them with what the code reads."""


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def settings_markdown() -> str:
    """docs/settings.md: the variables of the program, the settings of an office, who may do what."""
    lines = [HEADER + "# 设置\n", "## 环境变量\n", "| 变量 | 缺省 | 含义 |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {default} | {meaning} |" for name, default, meaning in VARIABLES]
    lines += [
        "\n## 单位设置\n",
        "在工作台“设置”页修改。每个值带起始日，单位没有自己的值时用上级的，都没有时用缺省值；旧的决定按当时的规则。",
        "依据栏里 [V] 表示已核实，[M] 表示凭记忆、待核实，[R] 表示本程序的理解。\n",
        "| 设置 | 名称 | 缺省 | 含义 | 依据 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for key, setting in all_settings().items():
        default = f"{setting.default} {setting.unit}".strip() or "空"
        lines.append(
            f"| `{key}` | {_cell(setting.name)} | {_cell(default)} | {_cell(setting.meaning)} | {_cell(setting.source)} |"
        )
    lines += [
        "\n## 角色与权限\n",
        "角色在本单位和下级单位都有效。系统管理不持有任何业务权限。\n",
        "| 权限 | 名称 | 角色 |",
        "| --- | --- | --- |",
    ]
    for verb, (roles, title) in sorted(verbs().items()):
        lines.append(f"| `{verb}` | {_cell(title)} | {'、'.join(ROLES[role] for role in ROLES if role in roles)} |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_markdown,
    "indicators.md": lambda: HEADER + indicators_markdown(),
    "imports.md": lambda: HEADER + imports_markdown(),
}


def write(folder: Path) -> int:
    """Write all generated pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (folder / name).write_text(make(), encoding="utf-8")
        sys.stdout.write(f"{folder / name}\n")
    return 0


def check(folder: Path) -> int:
    """Say which generated pages are not what the program would write."""
    stale = [
        name
        for name, make in PAGES.items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != make()
    ]
    for name in stale:
        sys.stderr.write(f"{folder / name} 不是最新的：运行 gongkai docs。\n")
    return 1 if stale else 0
