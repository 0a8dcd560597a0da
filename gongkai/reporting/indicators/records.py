"""Records made public: a record counts once, in the period of its first publication, at however many outlets it stands.

Basis: the printed rule of the form of 2014 (不同渠道和方式公开相同信息计1条), 国办发〔2014〕32号. A channel counts a record
once, in the period of its first publication in that channel.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse

from gongkai.core.law.channels import PUBLICATION_CHANNELS
from gongkai.ledgers.records.models import Category, Publication, Record
from gongkai.reporting.indicators import (
    BEGINNING,
    Dimension,
    Family,
    Indicator,
    Ledger,
    Scope,
    counted,
    register,
    register_pattern,
    term,
)
from gongkai.reporting.indicators.levels import LEVEL

BASIS = "国办发〔2014〕32号：不同渠道和方式公开相同信息计1条"
TERM = "《政府信息公开条例》第二十六条"
INFORMATION = Q(is_government_information=True)


def _publications(channel: str = "") -> QuerySet[Publication]:
    of_record = Publication.objects.filter(record=OuterRef("pk"))
    return of_record.filter(outlet__channel=channel) if channel else of_record


def _first_published(scope: Scope, channel: str = "") -> Q:
    """First published (in the channel) in the period. A cumulative period has no day before it to look at."""
    within = Q(Exists(_publications(channel).filter(published_on__range=scope.period)))
    if scope.first == BEGINNING:
        return within
    return within & ~Q(Exists(_publications(channel).filter(published_on__lt=scope.first)))


def _first_day(channel: str = "") -> Subquery:
    return Subquery(_publications(channel).order_by("published_on").values("published_on")[:1])


def _late(scope: Scope) -> Q:
    """First published after the term of article 26: at no outlet in time."""
    in_time = _publications().filter(published_on__lte=OuterRef("due_on"))
    return (
        _first_published(scope)
        & INFORMATION
        & Q(disclosure_status="proactive", due_on__isnull=False)
        & ~Q(Exists(in_time))
    )


def _flag(name: str, yes: str, no: str) -> Callable[[Scope], Case]:
    def expression(_: Scope) -> Case:
        return Case(When(**{name: True}, then=Value(yes)), default=Value(no), output_field=CharField())

    return expression


def _category(_: Scope) -> Case:
    return Case(When(category=None, then=Value("")), default=F("category__code"), output_field=CharField())


LEDGER = Ledger(
    name="records",
    title="政府信息",
    model=Record,
    envelope=None,
    verb="records.view",
    dimensions={
        "category": Dimension("category", "主题分类", _category, None),
        "full_text": Dimension(
            "full_text", "全文电子化", _flag("has_full_text", "yes", "no"), {"yes": "有全文", "no": "无全文"}
        ),
        "information": Dimension(
            "information",
            "内容性质",
            _flag("is_government_information", "government_information", "updates"),
            {"government_information": "政府信息", "updates": "动态等其他内容"},
        ),
        "level": LEVEL,
    },
    columns=(
        ("index_number", "索引号", lambda row: row.index_number),
        ("title", "标题", lambda row: row.title),
        ("document_number", "发文字号", lambda row: row.document_number),
        ("issued_on", "成文日期", lambda row: row.issued_on),
        ("category", "主题分类", lambda row: row.category.name if row.category else ""),
    ),
    related=("category",),
    public=True,
    detail=lambda row: reverse("desk:record", args=(row.pk,)),
)

register(
    Family(
        name="records.published",
        title="主动公开政府信息",
        counts="统计期内第一次公开的政府信息，同一信息在几处公开只计一条。",
        unit="条",
        ledger=LEDGER,
        basis=BASIS,
        condition=lambda scope: _first_published(scope) & INFORMATION,
        day=_first_day,
    ),
    *(
        Family(
            name=f"records.published.{code}",
            title=f"{label}公开政府信息",
            counts=f"统计期内第一次通过“{label}”公开的政府信息，在同一渠道的几处公开只计一条。",
            unit="条",
            ledger=LEDGER,
            basis=BASIS,
            condition=lambda scope, channel=code: _first_published(scope, channel) & INFORMATION,  # type: ignore[misc]
            day=lambda channel=code: _first_day(channel),  # type: ignore[misc]
        )
        for code, label in PUBLICATION_CHANNELS.items()
    ),
    Family(
        name="records.published.late",
        title="超期公开的政府信息",
        counts="统计期内第一次公开、已超过形成或者变更之日起20个工作日的政府信息。",
        unit="条",
        ledger=LEDGER,
        basis=TERM,
        condition=_late,
        day=_first_day,
    ),
    Family(
        name="records.website_items",
        title="网站发布的信息",
        counts="统计期内第一次在政府网站发布的全部内容，包括不属于政府信息的动态。",
        unit="条",
        ledger=LEDGER,
        basis="",
        condition=lambda scope: _first_published(scope, "website"),
        day=lambda: _first_day("website"),
    ),
)
register(
    counted("records.published.total", "主动公开政府信息数", term("records.published")),
    *(
        counted(f"records.published.{code}", f"{label}公开政府信息数", term(f"records.published.{code}"))
        for code, label in PUBLICATION_CHANNELS.items()
    ),
    counted("records.published.late", "超期公开的政府信息", term("records.published.late")),
    counted("records.published.with_full_text", "全文电子化的主动公开信息", term("records.published", full_text="yes")),
    Indicator(
        name="records.full_text_share",
        title="全文电子化率",
        counts="统计期内第一次公开的政府信息里，有电子全文的占百分之几。",
        unit="%",
        ledger="records",
        kind="ratio",
        parts=("records.published.with_full_text",),
        over=("records.published.total",),
        integral=False,
    ),
    counted("records.website_items.total", "门户网站发布信息", term("records.website_items")),
    counted(
        "records.website_items.government_information",
        "门户网站公开的政府信息",
        term("records.website_items", information="government_information"),
    ),
    counted(
        "records.website_items.updates",
        "门户网站录入更新的其他内容",
        term("records.website_items", information="updates"),
    ),
    counted("records.proposals.published", "公开的建议提案", term("records.published", category="proposals")),
    counted("records.emergency.orders", "公开的应急指令", term("records.published", category="emergency_orders")),
)


TOPICS = "records.topic."


def topic_in_words(one: Indicator, names: Mapping[str, str] | None = None) -> Indicator:
    """The indicator of a topic titled by the topic's name instead of its code; any other as it is.

    `names` are those of all topics by code; without them the one is looked up, which is a query.
    """
    if not one.name.startswith(TOPICS):
        return one
    code = one.name.removeprefix(TOPICS)
    if names is None:
        names = dict(Category.objects.filter(code=code).values_list("code", "name"))
    return replace(one, title=_title_of_topic(names.get(code, code)))


def _title_of_topic(name: str) -> str:
    return f"主题分类“{name}”的政府信息"


def _topic(code: str) -> Indicator:
    return counted(
        f"{TOPICS}{code}",
        _title_of_topic(code),
        term("records.published", category=code),
        counts="统计期内第一次公开、归在这个主题分类的政府信息，同一信息在几处公开只计一条。",
    )


register_pattern(TOPICS, _topic)
