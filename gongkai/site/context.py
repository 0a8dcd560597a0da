"""What every page of the two faces gets: the installation, the navigation, the demo banner."""

from typing import Any

from django.http import HttpRequest

from gongkai.base import clock
from gongkai.site.navigation import desk_navigation, portal_navigation


def faces(request: HttpRequest) -> dict[str, Any]:
    """Names for the templates. Portal pages touch neither session nor user, so that they stay cacheable."""
    context: dict[str, Any] = {"demo_date": clock.demo_date(), "today": clock.localdate()}
    if request.path.startswith("/desk/"):
        user: Any = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            context["desk_nav"] = desk_navigation(request)
    else:
        context["portal_nav"] = portal_navigation(request)
    return context
