"""Characters of a published text: width, script and damage are evened out, and every offset leads back to the print.

Reading goes on in `Normal.text`; whatever is quoted is cut out of `Normal.printed`, so that a quote is what stands there.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from gongkai.core.reading.report import Script

if TYPE_CHECKING:
    from opencc import OpenCC

WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    **dict.fromkeys((0x00A0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000, 0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060), 0x20),
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2212, 0xFE63), 0x2D),  # hyphens and the minus sign
    **dict.fromkeys((0x2044, 0x2215), 0x2F),  # slashes that are no solidus
    **dict.fromkeys((0x2502, 0x2503, 0xFFE8), 0x7C),  # lines of a drawn table
    0x3014: 0x28,
    0x3015: 0x29,
}
"""Characters that are one written otherwise. Circled numbers are not among them: ① is no figure."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
READING = re.compile(rf"(?<=[{HAN}])[(（]([A-Za-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüńňǹḿ]{{1,6}})[)）]")
NOT_SIGNIFICANT = re.compile(r"[\W_]+")
MIXED_FROM, MIXED_TO = 0.05, 0.9
"""Between these shares of traditional among the characters that have two forms a text is mixed."""


@dataclass(frozen=True, slots=True, eq=False)
class Normal:
    """A normalised text and, for each of its characters, the offset of that character in the text as printed."""

    text: str
    printed: str
    offsets: Sequence[int]

    def quote(self, start: int, end: int) -> str:
        """What is printed where `text[start:end]` stands."""
        if start >= end:
            return ""
        return self.printed[self.offsets[start] : self.offsets[end - 1] + 1]


def normalise(printed: str) -> Normal:
    """Half-width digits and signs, simplified characters, and none of the readings that a faulty conversion left.

    數(shù) is what a web page makes of 数 when its converter annotates: the bracket goes only if it is a reading of the
    character before it.
    """
    readings = [
        match.span() for match in READING.finditer(printed) if _is_reading(printed[match.start() - 1], match[1])
    ]
    if readings:
        kept = [index for start, end in _between(readings, len(printed)) for index in range(start, end)]
        text = "".join(printed[index] for index in kept)
        return Normal(_one_to_one(text), printed, kept)
    return Normal(_one_to_one(printed), printed, range(len(printed)))


def compact(text: str) -> str:
    """Only letters, digits and characters: what is left of a label when spaces, signs and brackets do not count."""
    return NOT_SIGNIFICANT.sub("", text)


def script_of(printed: str) -> Script:
    """Whether the text is in simplified characters, in traditional ones, or in both."""
    simplified_to, traditional_to = _converter("s2t"), _converter("t2s")
    counts = {character: printed.count(character) for character in set(printed) if re.match(f"[{HAN}]", character)}
    traditional = simplified = 0
    for character, count in counts.items():
        if _converted(traditional_to, character) != character:
            traditional += count
        elif _converted(simplified_to, character) != character:
            simplified += count
    share = traditional / (traditional + simplified) if traditional + simplified else 0.0
    if share < MIXED_FROM:
        return "hans"
    return "hant" if share > MIXED_TO else "mixed"


def _one_to_one(text: str) -> str:
    """Every character replaced by one character, so that offsets stay."""
    converter = _converter("t2s")
    table = dict(WIDTHS)
    for character in set(text):
        if re.match(f"[{HAN}]", character):
            simplified = _converted(converter, character)
            if simplified != character and len(simplified) == 1:
                table[ord(character)] = ord(simplified)
    return text.translate(table)


def _between(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    kept, start = [], 0
    for first, last in spans:
        kept.append((start, first))
        start = last
    return [*kept, (start, length)]


@cache
def _converter(name: str) -> "OpenCC":
    from opencc import OpenCC

    return OpenCC(name)


@cache
def _one(name: str, character: str) -> str:
    return cast("str", _converter(name).convert(character))


def _converted(converter: "OpenCC", character: str) -> str:
    return _one("t2s" if converter is _converter("t2s") else "s2t", character)


@cache
def _is_reading(character: str, letters: str) -> bool:
    from pypinyin import Style, pinyin

    simplified = _one("t2s", character)
    return any(
        letters.lower() in pinyin(form, style=style, heteronym=True)[0]
        for form in (character, simplified)
        for style in (Style.TONE, Style.NORMAL)
    )
