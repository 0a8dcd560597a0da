"""What every page of the two faces gets: the installation, the navigation, the demo banner, the site's identity."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from gongkai.base import clock
from gongkai.ledgers.agencies.identity import identity_of
from gongkai.ledgers.agencies.tree import tree_today
from gongkai.site.navigation import desk_navigation, portal_navigation
from gongkai.site.waiting import waiting_for

FOOTER = (
    ("网站地图", "portal:sitemap"),
    ("公开指南", "portal:guide"),
    ("规范性文件", "portal:normative"),
    ("年报", "portal:reports"),
    ("依申请公开", "portal:apply"),
)


def faces(request: HttpRequest) -> dict[str, Any]:
    """Names for the templates. Portal pages touch neither session nor user, so that they stay cacheable."""
    context: dict[str, Any] = {"demo_date": clock.demo_date(), "today": clock.localdate()}
    if request.path_info.startswith("/desk/"):
        user: Any = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            context["desk_nav"] = desk_navigation(request)
            context["desk_place"] = waiting_for(request).place
    else:
        context["portal_nav"] = portal_navigation(request)
        context["site"] = _site()
    return context


def _site() -> dict[str, Any]:
    """What the frame of the portal says of the site; two queries."""
    tree = tree_today()
    roots = tree.roots()
    if not roots:
        return {}
    identity = identity_of(roots[0].pk, tree.on, tree)
    return {
        "name": identity.name,
        "place": identity.name,
        "domain": identity.domain,
        "id_code": identity.id_code,
        "organizer": identity.organizer,
        "undertaker": identity.undertaker,
        "phone": identity.phone,
        "hours": identity.hours,
        "address": identity.address,
        "icp": identity.icp,
        "psb": identity.psb,
        "links": [{"title": title, "url": url} for title, name in FOOTER if (url := _url(name))],
    }


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
