"""Normative documents (行政规范性文件) and government rules (规章): issued, newly published, in force, ended.

Table two of the forms of 2019 and 2021. What the labels leave open is a reading [M] and said in `counts`.
"""

from datetime import date, timedelta

from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When
from django.urls import reverse

from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.records.models import Publication
from gongkai.reporting.indicators import Dimension, Family, Ledger, Scope, counted, register, term
from gongkai.reporting.indicators.levels import LEVEL

BASIS = "《政府信息公开条例》第二十条第（一）项；国办公开办函〔2019〕60号、〔2021〕30号"
ONE_DAY = timedelta(days=1)


def _issued_when(scope: Scope) -> Case:
    return Case(
        When(issued_on__lt=scope.first, then=Value("earlier")), default=Value("this_period"), output_field=CharField()
    )


def _everything(_: Scope) -> Q:
    """Issued, published and ended are three days in no sure order, and the documents are few: no row is left out."""
    return Q()


def _first_published() -> Subquery:
    publications = Publication.objects.filter(record=OuterRef("record"))
    return Subquery(publications.order_by("published_on").values("published_on")[:1])


def _newly_published(scope: Scope) -> Q:
    publications = Publication.objects.filter(record=OuterRef("record"))
    return Q(Exists(publications.filter(published_on__range=scope.period))) & ~Q(
        Exists(publications.filter(published_on__lt=scope.first))
    )


def _published_on(scope: Scope) -> Q:
    """Standing disclosed at the end of the last day: at one outlet at least, not withdrawn there."""
    return Q(
        Exists(
            Publication.objects.filter(record=OuterRef("record"), published_on__lte=scope.last).filter(
                Q(withdrawn_on=None) | Q(withdrawn_on__gt=scope.last)
            )
        )
    )


def _ended_by(day: date) -> Q:
    """Repealed, declared lapsed, or past its last day of validity, at the end of a day."""
    return Q(repealed_on__lte=day) | Q(lapsed_on__lte=day) | Q(valid_until__lt=day)


def _ended(scope: Scope) -> Q:
    """The first end came in the period: what had run out and is then repealed by name is not counted again."""
    return _ended_by(scope.last) & ~_ended_by(scope.first - ONE_DAY)


def _in_force(scope: Scope) -> Q:
    """Issued by the last day and not ended by then, so that it is last year's, plus issued, less ended."""
    return Q(issued_on__lte=scope.last) & ~_ended_by(scope.last)


LEDGER = Ledger(
    name="normative",
    title="规范性文件",
    model=NormativeDocument,
    envelope=_everything,
    verb="normative.view",
    dimensions={
        "kind": Dimension("kind", "类别", "kind", dict(NormativeDocument.KINDS)),
        "issued": Dimension("issued", "制发时间", _issued_when, {"this_period": "统计期内制发", "earlier": "以前制发"}),
        "level": LEVEL,
    },
    columns=(
        ("title", "标题", lambda row: row.record.title),
        ("document_number", "发文字号", lambda row: row.record.document_number),
        ("kind", "类别", lambda row: row.get_kind_display()),
        ("issued_on", "制发日期", lambda row: row.issued_on),
        ("repealed_on", "废止日期", lambda row: row.repealed_on),
        ("lapsed_on", "失效日期", lambda row: row.lapsed_on),
    ),
    related=("record",),
    public=True,
    detail=lambda row: reverse("desk:normative_document", args=(row.pk,)),
)

register(
    Family(
        name="normative.issued",
        title="制发的规章、规范性文件",
        counts="统计期内制发的文件，以成文日期为准，不论是否公开。",
        unit="件",
        ledger=LEDGER,
        basis=BASIS,
        condition=lambda scope: Q(issued_on__range=scope.period),
        day="issued_on",
    ),
    Family(
        name="normative.newly_published",
        title="新公开的规章、规范性文件",
        counts="统计期内第一次对外公开的文件，不论哪年制发。",
        unit="件",
        ledger=LEDGER,
        basis=BASIS,
        condition=_newly_published,
        day=_first_published,
    ),
    Family(
        name="normative.published_total",
        title="对外公开的规章、规范性文件总数",
        counts="统计期最后一天对外公开着的文件：至少在一个发布去处，没有撤下。",
        unit="件",
        ledger=LEDGER,
        basis=BASIS,
        condition=_published_on,
        is_stock=True,
    ),
    Family(
        name="normative.repealed",
        title="废止的规章、规范性文件",
        counts="统计期内废止、宣布失效或者有效期届满的文件；有效期届满后又宣布废止的，只计届满那一次。",
        unit="件",
        ledger=LEDGER,
        basis=BASIS,
        condition=_ended,
    ),
    Family(
        name="normative.in_force",
        title="现行有效的规章、规范性文件",
        counts="统计期最后一天结束时已经制发，没有废止、没有失效、有效期没有届满的文件，包括尚未到施行日期的。",
        unit="件",
        ledger=LEDGER,
        basis=BASIS,
        condition=_in_force,
        is_stock=True,
    ),
)

_DOCUMENT, _RULE = "normative_document", "government_rule"
for _name, _verb in (
    ("issued", "制发的"),
    ("newly_published", "新公开的"),
    ("published_total", "对外公开着的"),
    ("repealed", "废止的"),
    ("in_force", "现行有效的"),
):
    register(
        counted(f"normative.all.{_name}", f"{_verb}规章和规范性文件", term(f"normative.{_name}")),
        counted(f"normative.{_name}", f"{_verb}规范性文件", term(f"normative.{_name}", kind=_DOCUMENT)),
        counted(f"normative.government_rules.{_name}", f"{_verb}规章", term(f"normative.{_name}", kind=_RULE)),
    )
register(
    counted(
        "normative.newly_published.issued_earlier",
        "新公开的往年规范性文件",
        term("normative.newly_published", kind=_DOCUMENT, issued="earlier"),
    )
)
