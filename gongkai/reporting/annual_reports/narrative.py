"""Figures in the text of a report: {{indicator}} or {{indicator|dimension=member,member|period=cumulative}}.

The text holds the name of the indicator, never the number, so that text and tables cannot disagree.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from gongkai.core.writing.numerals import plain
from gongkai.reporting.indicators import Indicator, family, find, why_not_where
from gongkai.reporting.indicators.evaluation import Ask, Figure, ask

_TOKEN = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"[a-z0-9_.\-]+")
UNKNOWN = "〔未填〕"
PERIOD, CUMULATIVE = "period", "cumulative"
PERCENT_PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Token:
    """A figure named in a text. `why` says why it is none, and is empty where it is one."""

    text: str
    name: str = ""
    indicator: Indicator | None = None
    asked: Ask | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a rendered section: plain text, or a figure with its token."""

    text: str
    token: Token | None = None
    figure: Figure | None = None


def read(token: str) -> Token:
    """What stands between the braces. Errors are in `why`, as a sentence for the clerk."""
    name, *cuts = (part.strip() for part in token.split("|"))
    if not _NAME.fullmatch(name):
        return Token(token, why=f"“{{{{{token}}}}}”不是指标名。")
    indicator = find(name)
    if indicator is None:
        return Token(token, name, why=f"没有叫“{name}”的指标。")
    where: dict[str, tuple[str, ...]] = {}
    for cut in cuts:
        dimension, equals, members = cut.partition("=")
        if not equals or not members.strip():
            return Token(token, name, indicator, why=f"“{cut}”应当写成“分类=取值”。")
        where[dimension.strip()] = tuple(member.strip() for member in members.split(","))
    return _with_cut(token, indicator, where)


def _with_cut(token: str, indicator: Indicator, where: dict[str, tuple[str, ...]]) -> Token:
    one = ask(indicator)
    period = where.pop(PERIOD, ())
    if period not in ((), (CUMULATIVE,)):
        return Token(token, indicator.name, indicator, why=f"“{PERIOD}”只能是“{CUMULATIVE}”（历年累计）。")
    if period:
        one = replace(one, cumulative=True, term=None if one.term is None else replace(one.term, cumulative=True))
    if where and one.term is None:
        return Token(token, indicator.name, indicator, why=f"“{indicator.title}”不能再分类。")
    if one.term is not None and where:
        if sentence := why_not_where(family(one.term.family), where):
            return Token(token, indicator.name, indicator, why=sentence)
        one = replace(one, term=one.term.and_where(where))
    return Token(token, indicator.name, indicator, one)


def tokens_in(text: str) -> list[Token]:
    """Every figure named in the text, once, in order."""
    return [read(found) for found in dict.fromkeys(match[1] for match in _TOKEN.finditer(text))]


def print_figure(token: Token, value: Decimal | None) -> str:
    """The number as it stands in the text: shares rounded to two decimals, needless zeros left out."""
    if value is None:
        return UNKNOWN
    if token.indicator is not None and token.indicator.unit == "%":
        value = value.quantize(PERCENT_PLACES, ROUND_HALF_UP)
    return plain(value)


def segments(text: str, figures: Mapping[str, Figure]) -> Iterator[Segment]:
    """The text with its figures, which are given by token."""
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() > end:
            yield Segment(text[end : match.start()])
        token = read(match[1])
        figure = figures.get(match[1])
        printed = UNKNOWN if figure is None else print_figure(token, figure.value)
        yield Segment(printed, token, figure)
        end = match.end()
    if end < len(text):
        yield Segment(text[end:])
