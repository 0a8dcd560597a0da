"""Filters and tags of our templates: how figures, days and money are written, and parts that vanish when empty."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongkai.site.elder import elder_address, plain_address

register = template.Library()

UNKNOWN = "未填"
MINUS = "−"
TONES = {"success": "good", "warning": "warn", "error": "bad"}
WORDS = {"success": "完成", "warning": "注意", "error": "未成功", "info": "提示", "debug": "调试"}


# ---- figures, days, sizes


@register.filter
def figure(value: int | Decimal | str | None, signed: str = "") -> str | SafeString:
    """A figure with thousands separators; None or "" is 未填, never 0. `figure:"+"` prints the sign of a change.

    Decimals keep their digits. A text that is no number (a figure as printed) is shown as it is.
    """
    if value is None or value == "":
        return format_html('<span class="unknown">{}</span>', UNKNOWN)
    if isinstance(value, (bool, str)):
        return str(value)
    # A Decimal may be 6.247E+4 inside; people read 62,470.
    text = f"{abs(value):,f}" if isinstance(value, Decimal) else f"{abs(value):,}"
    if value < 0:
        return MINUS + text
    return "+" + text if signed and value > 0 else text


@register.filter
def money(value: int | Decimal | None, unit: str = "元") -> str | SafeString:
    """An amount with its unit, as stored: 35,692,694.56 元. None is 未填. Money is never a float."""
    if value is None:
        return figure(None)
    if isinstance(value, float):
        raise TypeError("money is int or Decimal, never float")
    return f"{figure(value)} {unit}"


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as 2021-03-18 in Beijing time; nothing for None."""
    if value is None or value == "":
        return ""
    return _local(value).strftime("%Y-%m-%d")


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as 2021-03-18 09:31 in Beijing time; nothing for None."""
    if value is None or value == "":
        return ""
    return _local(value).strftime("%Y-%m-%d %H:%M")


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def bytes_zh(value: int | None) -> str:
    """The size of a file as people read it: 86 KB, 1.2 MB."""
    if value is None:
        return UNKNOWN
    if value < 1024:
        return f"{value} 字节"
    size, units = Decimal(value) / 1024, ["GB", "MB", "KB"]
    while size >= 1000 and len(units) > 1:
        size /= 1024
        units.pop()
    return f"{size:.0f} {units[-1]}" if size >= 10 else f"{size:.1f} {units[-1]}"


@register.filter
def share(part: int | Decimal | None, whole: int | Decimal | None) -> int:
    """How many hundredths of the whole the part is, between 0 and 100, for the length of a meter."""
    if not part or not whole or whole < 0:
        return 0
    return max(0, min(100, int(part * 100 / whole)))


# ---- words for levels


@register.filter
def message_tone(level: str) -> str:
    """The tone of a Django message level: good, warn, bad or nothing."""
    return TONES.get(level, "")


@register.filter
def message_word(level: str) -> str:
    """The word of a Django message level, so that colour never speaks alone."""
    return WORDS.get(level, WORDS["info"])


# ---- lists


@register.filter
def in_pairs(values: Iterable[object]) -> list[list[object]]:
    """The values two by two, for tables with two pairs of name and value in a row."""
    listed = list(values)
    return [listed[start : start + 2] for start in range(0, len(listed), 2)]


@register.filter
def page_range(paginator: Paginator[object], number: int) -> list[int | None]:
    """The page numbers worth a link around one page; None stands for those left out."""
    return [
        place if isinstance(place, int) else None
        for place in paginator.get_elided_page_range(number, on_each_side=2, on_ends=1)
    ]


# ---- addresses


@register.simple_tag(takes_context=True)
def elder_url(context: Context) -> str:
    """The elder version of this page (长者版), its query kept."""
    return _page_address(context, elder_address, "/elder/")


@register.simple_tag(takes_context=True)
def plain_url(context: Context) -> str:
    """The standard version of this page, its query kept."""
    return _page_address(context, plain_address, "/")


def _page_address(context: Context, address: Callable[[HttpRequest], str], otherwise: str) -> str:
    request = context.get("request")
    return address(request) if request is not None else otherwise


# ---- parts that vanish when empty


class FilledNode(template.Node):
    """`{% filled "_part.html" %}…{% endfilled %}`."""

    def __init__(self, part: FilterExpression, nodelist: NodeList) -> None:
        self.part = part
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        content = self.nodelist.render(context)
        if not content.strip():
            return SafeString("")
        part = context.template.engine.get_template(self.part.resolve(context))  # type: ignore[union-attr]
        with context.push(filled=content):
            return part.render(context)


@register.tag
def filled(parser: Parser, token: Token) -> FilledNode:
    """Render the content, handed to a part as `filled`; nothing at all when the content is empty.

    A frame can so offer a block without leaving an empty box on the pages that do not use it.
    """
    _, part = token.split_contents()
    nodelist = parser.parse(("endfilled",))
    parser.delete_first_token()
    return FilledNode(parser.compile_filter(part), nodelist)


class ColumnsNode(template.Node):
    """`{% columns "work-columns" %}…{% beside %}…{% endcolumns %}`."""

    child_nodelists = ("content", "aside")

    def __init__(self, css_class: FilterExpression, content: NodeList, aside: NodeList) -> None:
        self.css_class = css_class
        self.content = content
        self.aside = aside

    def render(self, context: Context) -> SafeString:
        content, aside = self.content.render(context), self.aside.render(context)
        if not aside.strip():
            return content
        return format_html(
            '<div class="{}"><div class="stack">{}</div><div class="stack">{}</div></div>',
            self.css_class.resolve(context),
            content,
            aside,
        )


@register.tag
def columns(parser: Parser, token: Token) -> ColumnsNode:
    """Two columns, or only the content when there is nothing to stand beside it."""
    _, css_class = token.split_contents()
    content = parser.parse(("beside",))
    parser.delete_first_token()
    aside = parser.parse(("endcolumns",))
    parser.delete_first_token()
    return ColumnsNode(parser.compile_filter(css_class), content, aside)


# ---- charts


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, in units of its drawing; lengths are texts, so that no locale touches them."""

    label: str
    value: int | Decimal | None
    x: str
    y: str
    width: str
    height: str
    middle: str
    value_y: str
    now: bool
    break_x: str


@register.inclusion_tag("_bar_chart.html")
def bar_chart(
    title: str,
    points: Iterable[tuple[object, int | Decimal | None]],
    unit: str = "",
    note: str = "",
    break_before: object = None,
    *,
    wide: bool = False,
) -> dict[str, object]:
    """Bars drawn on the server: the values stand on them, are read out, and are tabled below.

    `points` are (label, value); values are counts or amounts, not negative; None has no bar and reads 未填. The last
    one is marked as the current one. A dashed line stands before the label `break_before`: a national form changed.
    """
    shown = [(str(label), value) for label, value in points]
    width, height, bar_share = (640, 180, 0.35) if wide else (340, 160, 0.56)
    floor = height - 28
    tallest = max((value for _, value in shown if value), default=1)
    slot = width / len(shown) if shown else width
    bars = []
    for place, (label, value) in enumerate(shown):
        tall = float(max(value or 0, 0) / Decimal(tallest)) * (floor - 28)
        bars.append(
            Bar(
                label=label,
                value=value,
                x=f"{place * slot + slot * (1 - bar_share) / 2:.1f}",
                y=f"{floor - tall:.1f}",
                width=f"{slot * bar_share:.1f}",
                height=f"{tall:.1f}",
                middle=f"{place * slot + slot / 2:.1f}",
                value_y=f"{floor - tall - 6:.1f}",
                now=place == len(shown) - 1,
                break_x=f"{place * slot:.1f}" if place and label == str(break_before) else "",
            )
        )
    return {
        "title": title,
        "unit": unit,
        "note": note,
        "bars": bars,
        "width": str(width),
        "height": str(height),
        "floor": str(floor),
        "label_y": str(height - 5),
    }
