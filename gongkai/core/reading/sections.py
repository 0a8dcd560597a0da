"""The title and the sections of a report: who reports on which year, and what stands under each heading."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.core.national_forms import FIRST_YEAR, FORMS
from gongkai.core.reading.characters import HAN, Normal, compact
from gongkai.core.reading.report import Section
from gongkai.core.reading.tables.labels import modern_targets, older_targets

WHAT = r"(?:政府信息和?与?政务公开|政府信息公开|政务公开|信息公开)(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:情况)?(?:统计表|报告|年报)"
DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
YEAR = r"(?P<year>20\d\d|二[〇零○][一二三四五六七八九〇零○]{2})"
ISSUER = rf"(?P<issuer>[{HAN}·()]{{2,40}}?)"
TITLES = (
    re.compile(rf"{ISSUER}(?:关于)?{YEAR}年?(?:年度|度)?{WHAT}"),
    re.compile(rf"{YEAR}年?(?:年度|度)?{ISSUER}(?:的)?{WHAT}"),
)
PERIOD = re.compile(r"(20\d\d)年1月1日(?:起)?(?:至|到|-|—)+(?:\1年)?12月31日")
LABELLED = re.compile(r"^(?:标题|名称|信息名称|文章标题)[::]")
HEADING = re.compile(r"(?P<number>[一二三四五六七八九十]{1,3})[、.．]\s*(?P<words>[^\n。；;]{2,36})$")
ORDINALS = "一二三四五六七八九十"
LONGEST_TITLE = 80
TITLE_LINES = 60
BEGINNING = 1500


@dataclass(frozen=True, slots=True)
class Title:
    """What the title says. `None` where it does not say it."""

    issuer: str | None = None
    year: int | None = None


def read_title(normal: Normal, page_title: str = "") -> Title:
    """Issuer and year as the title prints them; the year else from the period that the report says it covers."""
    lines = [line.strip(" |\t") for line in normal.text.splitlines()]
    filled = [LABELLED.sub("", line) for line in lines if line]
    candidates = [page_title, *filled[:TITLE_LINES]]
    candidates += [first + second for first, second in pairwise(filled[:13])]
    candidates += [line for line in filled[TITLE_LINES:] if "统计表" in line and len(line) < LONGEST_TITLE]
    found: list[Title] = []
    for line in candidates:
        for part in re.split(r"[-_|>»《》“”\"]|\s{3,}", line):
            title = _title_in(re.sub(r"\s+", "", part))
            if title is not None:
                found.append(title)
    named = next((title for title in found if title.issuer), None) or next(iter(found), None)
    if named is not None:
        return named
    period = PERIOD.search(re.sub(r"\s+", "", normal.text))
    if period:
        return Title(None, int(period[1]))
    years = Counter(re.findall(r"(20\d\d)年度", normal.text[:BEGINNING]))
    return Title(None, int(years.most_common(1)[0][0]) if years else None)


def _title_in(text: str) -> Title | None:
    if not 8 <= len(text) <= LONGEST_TITLE:
        return None
    bare = re.match(rf"{YEAR}年?(?:年度|度)?{WHAT}", text)
    if bare:
        return Title(None, _year(bare["year"]))
    for pattern in TITLES:
        match = pattern.match(text)
        if match:
            issuer = match["issuer"].removesuffix("关于").removesuffix("的")
            return Title(issuer if len(issuer) > 1 else None, _year(match["year"]))
    return None


def _year(text: str) -> int:
    return int(text.translate(DIGITS))


def read_sections(normal: Normal) -> tuple[Section, ...]:
    """The sections by their headings: 一、二、三、… at the beginning of a line and in order; else those of the forms."""
    starts = _by_lines(normal.text)
    modern = _by_form(normal.text)
    if len(modern) > len(starts) or (len(modern) >= 5 and not _are_modern(normal.text, starts)):
        starts = modern
    if not starts:
        return ()
    ends = [start for start, _ in starts[1:]] + [len(normal.text)]
    return tuple(
        Section(_one_line(normal.quote(start, heading_end)), normal.quote(heading_end, end).strip())
        for (start, heading_end), end in zip(starts, ends, strict=True)
    )


def count_form_sections(normal: Normal) -> int:
    """How many of the six headings that the forms of 2019 and 2021 share are printed, in order."""
    return len(_by_form(normal.text))


def _one_line(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _by_lines(text: str) -> list[tuple[int, int]]:
    rows = tuple(key for target in (*modern_targets(), *older_targets()) for key in target.keys if len(key) > 4)
    found: list[tuple[int, int]] = []
    place = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip(" \t|\r\n\f")
        match = HEADING.match(bare)
        if match and match["number"] == _ordinal(len(found) + 1) and not compact(match["words"]).startswith(rows):
            start = place + line.index(bare[0])
            found.append((start, start + len(bare)))
        place += len(line)
    return found


def _ordinal(number: int) -> str:
    return ORDINALS[number - 1] if number <= 10 else "十" + ORDINALS[number - 11] if number < 20 else ""


def _by_form(text: str) -> list[tuple[int, int]]:
    """The headings of the national forms, each after the one before; damaged words after the first four do not matter."""
    found: list[tuple[int, int]] = []
    place = 0
    for heading in FORMS["2021"].sections:
        number, _, words = heading.partition("、")
        loose = r"\s*".join(map(re.escape, words))
        short = r"\s*".join(map(re.escape, words[:5]))
        match = re.compile(
            rf"{number}\s*[、.．]\s*(?:{loose}|{short}[^\n。\d]{{0,16}}?(?:情况|措施|事项|工作))"
        ).search(text, place)
        if match:
            found.append(match.span())
            place = match.end()
    return found


def _are_modern(text: str, starts: Sequence[tuple[int, int]]) -> bool:
    words = [compact(heading.partition("、")[2])[:4] for heading in FORMS["2021"].sections]
    headings = [compact(text[start:end]) for start, end in starts]
    return sum(any(word in heading for heading in headings) for word in words) >= 4


def is_plausible_year(year: int) -> bool:
    """Whether a report can be about that year: reports are made since 2008, the forms since 2014."""
    return FIRST_YEAR - 6 <= year <= 2100
