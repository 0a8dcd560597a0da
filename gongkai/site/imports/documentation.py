"""docs/imports.md: the columns of every sheet, from the same list that the template and the reading use."""

from gongkai.site.imports import LEDGERS
from gongkai.site.imports.columns import Column

KINDS = {
    "text": "文字",
    "names": "几个，用“、”隔开",
    "date": "日期",
    "number": "数字",
    "yes_no": "是、否",
    "choice": "选项",
}


def imports_markdown() -> str:
    """One table a ledger; choices with their codes, either of which may be written."""
    lines = [
        "# 导入表格的列\n",
        "模板用 `gongkai import 台账 模板.xlsx --template` 或者工作台“导入”页下载。列的次序不限，可不填的列可以整列删去。",
        "日期写 2020-01-31、2020/1/31、2020年1月31日都可以；选项写中文或者代码都可以；单位写全称、简称、代号或者机构编码。",
        "再次导入时按“认行”的列认出已有的行：内容相同的跳过，不同的报错，导入从不改已有的行。\n",
    ]
    for ledger in LEDGERS.values():
        key = "、".join(ledger.heading(name) for name in ledger.key)
        lines += [
            f"## {ledger.title}（`{ledger.code}`）\n",
            f"{ledger.holds}。认行：{key}。网页上一次最多 {ledger.most_on_the_desk} 行。\n",
            "| 列 | 必填 | 写什么 | 说明 | 例 |",
            "| --- | --- | --- | --- | --- |",
            *map(_line, ledger.columns),
            "",
        ]
    return "\n".join(lines)


def _line(column: Column) -> str:
    kind = KINDS[column.kind]
    if column.choices:
        kind += "：" + "、".join(f"{label}（`{code}`）" for code, label in column.choices.items())
    cells = (column.heading, "是" if column.required else "", kind, column.note, column.example)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
