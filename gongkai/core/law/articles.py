"""Citations of 《中华人民共和国政府信息公开条例》 (国务院令第711号), as data writes them and as a document prints them.

Data files write "16(2)". In the articles of `WITH_ITEMS` the number in brackets is an item (项), else a paragraph (款).
"""

import re

REGULATIONS = "《中华人民共和国政府信息公开条例》"
WITH_ITEMS = frozenset({20, 31, 36, 53})
DIGITS = "零一二三四五六七八九"
POSITIONS = ((1000, "千"), (100, "百"), (10, "十"))
MYRIADS = ((10**8, "亿"), (10**4, "万"))


def cite(article: str, *, name: str = REGULATIONS) -> str:
    """ "16(2)" as 《…条例》第十六条第二款; several articles joined by 、; what is no article number stays as it is.

    An empty text stays empty: some outcomes have no article. Raises ValueError for an article number of 0.
    """
    sources = []
    for source in filter(None, (part.strip() for part in article.split(";"))):
        parts = [part.strip() for part in source.split(",")]
        numbers = [re.fullmatch(r"(\d+)(?:\((\d+)\))?", part) for part in parts]
        if all(numbers):
            sources.append(name + "、".join(_article(number) for number in numbers if number))
        else:
            sources.append(source)
    return "；".join(sources)


def _article(match: re.Match[str]) -> str:
    number, part = int(match[1]), int(match[2] or 0)
    if not number:
        raise ValueError(f"没有第零条：{match[0]}。")
    text = f"第{chinese_number(number)}条"
    if not part:
        return text
    return text + (f"第（{chinese_number(part)}）项" if number in WITH_ITEMS else f"第{chinese_number(part)}款")


def chinese_number(number: int) -> str:
    """A whole number from 0 up in Chinese numerals as statutes print them: 十一, 一百零五, 二十万零三百."""
    if number < 0:
        raise ValueError(f"负数没有中文数字写法：{number}。")
    for size, name in MYRIADS:
        if number >= size:
            rest = number % size
            gap = "零" if 0 < rest < size // 10 else ""
            return chinese_number(number // size) + name + (gap + _full(rest) if rest else "")
    return _up_to_a_myriad(number)


def _full(number: int) -> str:
    """A number behind a larger position, where ten is written 一十."""
    text = chinese_number(number)
    return "一" + text if text.startswith("十") else text


def _up_to_a_myriad(number: int) -> str:
    if number < 10:
        return DIGITS[number]
    if number < 20:
        return "十" + (DIGITS[number - 10] if number > 10 else "")
    text, rest = "", number
    for size, name in POSITIONS:
        digit, rest = divmod(rest, size)
        if digit:
            text += DIGITS[digit] + name
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零") if not rest else text + DIGITS[rest]
