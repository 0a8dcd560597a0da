"""网站地图: the page for people (国办发〔2017〕47号), `sitemap.xml` and `robots.txt` for search engines."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import count
from typing import Final
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.ledgers.records import queries as records
from gongkai.reporting.annual_reports import queries as annual_reports

NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
IN_ONE_FILE: Final = 10_000
"""Addresses in one file; the protocol allows 50,000."""
PAGES: Final = (
    ("首页", "portal:home"),
    ("搜索", "portal:search"),
    ("政府信息公开指南", "portal:guide"),
    ("政府信息公开制度", "portal:rules"),
    ("法定主动公开内容", "portal:records"),
    ("规范性文件", "portal:normative"),
    ("政府信息公开年报", "portal:reports"),
    ("依申请公开", "portal:apply"),
    ("网站地图", "portal:sitemap"),
)


def pages() -> list[tuple[str, str]]:
    """Title and address of every page that stands by itself."""
    found = []
    for title, name in PAGES:
        try:
            found.append((title, reverse(name)))
        except NoReverseMatch:
            continue
    return found


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All pages of the portal, and the records by topic, agency and year."""
    today, known = clock.localdate(), records.agencies_by_code()
    counts = records.counts_by(records.statutory_content(today))
    here = reverse("portal:records")
    context = {
        "pages": pages(),
        "topics": [(name, f"{here}?category={code}", number) for code, name, number in counts.categories],
        "agencies": [
            (name, f"{here}?agency={slug}", number) for pk, number in counts.agencies for slug, name in [known[pk]]
        ],
        "years": [(f"{year} 年", f"{here}?year={year}", number) for year, number in counts.years],
    }
    return render(request, "portal/sitemap.html", context)


# ---- for search engines


def _xml(element: str, lines: Iterable[str]) -> HttpResponse:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} xmlns="{NAMESPACE}">\n'
    body = "".join(f"{line}\n" for line in lines)
    return HttpResponse(f"{head}{body}</{element}>\n", content_type="application/xml; charset=utf-8")


def _entry(element: str, address: str, changed: date | None = None) -> str:
    last = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
    return f"<{element}><loc>{escape(address)}</loc>{last}</{element}>"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The files that together name every public page."""
    total = records.public(clock.localdate()).count()
    names = ["pages", *(f"records-{number}" for number, _ in zip(count(1), range(0, total, IN_ONE_FILE)))]
    addresses = (reverse("portal:sitemap_file", args=[name]) for name in names)
    return _xml("sitemapindex", (_entry("sitemap", request.build_absolute_uri(address)) for address in addresses))


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponse:
    """One of those files: the pages by themselves and the reports, or so many records."""
    kind, _, number = name.partition("-")
    if kind == "pages" and not number:
        return _xml("urlset", _pages(request))
    if kind != "records" or not number.isdecimal() or number.startswith("0"):
        raise Http404
    start = (int(number) - 1) * IN_ONE_FILE
    rows = records.public(clock.localdate()).order_by("pk").values_list("index_number", "issued_on")
    some = list(rows[start : start + IN_ONE_FILE])
    if not some:
        raise Http404
    return _xml(
        "urlset",
        (
            _entry("url", request.build_absolute_uri(reverse("portal:record", args=[index_number])), issued_on)
            for index_number, issued_on in some
        ),
    )


def _pages(request: HttpRequest) -> Iterator[str]:
    for _, address in pages():
        yield _entry("url", request.build_absolute_uri(address))
    for report in annual_reports.published():
        address = report_address(report.agency.slug, report.year)
        yield _entry("url", request.build_absolute_uri(address), report.published_on)


def report_address(slug: str, year: int) -> str:
    """The page of a published report."""
    return reverse("portal:report", args=[year, slug])


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be found; the desk is no place to look, and the elder version shows the same pages again."""
    address = request.build_absolute_uri(reverse("portal:sitemap_xml"))
    text = f"User-agent: *\nDisallow: /desk/\nDisallow: /elder/\nSitemap: {address}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


urlpatterns = [
    path("sitemap/", sitemap, name="sitemap"),
    path("sitemap.xml", index, name="sitemap_xml"),
    path("sitemap-<slug:name>.xml", file, name="sitemap_file"),
    path("robots.txt", robots, name="robots"),
]
