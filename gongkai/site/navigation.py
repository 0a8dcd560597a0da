"""The navigation of both faces, in one place. Only what the user may open is listed."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from gongkai.base.permissions import may_somewhere
from gongkai.site.waiting import waiting_for


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: title, name of the address, the verb that opens it (empty: everybody on the desk)."""

    title: str
    url_name: str
    verb: str = ""
    lead: str = ""
    """The beginning of the title that a phone leaves out."""


DESK: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (Entry("今天", "desk:today"),)),
    (
        "信息",
        (
            Entry("政府信息目录", "desk:records", "records.view"),
            Entry("规范性文件", "desk:normative", "normative.view"),
        ),
    ),
    (
        "申请与救济",
        (
            Entry("依申请公开", "desk:applications", "applications.view"),
            Entry("复议与诉讼", "desk:remedies", "remedies.view"),
        ),
    ),
    (
        "汇总",
        (
            Entry("年度报告", "desk:reports", "reports.view"),
            Entry("年报报送", "desk:round", "reports.view"),
            Entry("填报", "desk:returns", "returns.view"),
            Entry("指标", "desk:indicators", "indicators.view"),
            Entry("导入", "desk:imports", "imports.run"),
        ),
    ),
    (
        "管理",
        (
            Entry("单位与人员", "desk:agencies", ""),
            Entry("设置", "desk:settings", ""),
            Entry("工作日历", "desk:calendar", ""),
            Entry("操作日志", "desk:journal", "journal.view"),
        ),
    ),
)

PORTAL: tuple[Entry, ...] = (
    Entry("首页", "portal:home"),
    Entry("指南", "portal:guide", lead="政府信息公开"),
    Entry("制度", "portal:rules", lead="政府信息公开"),
    Entry("公开内容", "portal:records", lead="法定主动"),
    Entry("年报", "portal:reports", lead="政府信息公开"),
    Entry("依申请公开", "portal:apply"),
)


def _item(entry: Entry, path: str) -> dict[str, Any] | None:
    try:
        url = reverse(entry.url_name)
    except NoReverseMatch:
        return None
    home = entry.url_name in ("portal:home", "desk:today")
    current = path == url if home else path.startswith(url)
    return {"title": entry.title, "lead": entry.lead, "url": url, "current": current, "count": None}


def desk_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of entries that the user may open, with how much waits behind each."""
    waiting = waiting_for(request)
    groups = []
    for title, entries in DESK:
        items = []
        for entry in entries:
            item = _item(entry, request.path)
            if item is None or (entry.verb and not may_somewhere(request.user, entry.verb)):
                continue
            items.append({**item, "count": waiting.count_for(entry.url_name)})
        if items:
            groups.append({"title": title, "items": items})
    return groups


def portal_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The statutory entries."""
    return [item for entry in PORTAL if (item := _item(entry, request.path))]
