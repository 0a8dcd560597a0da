"""How long a page of the portal may be kept: by a proxy for a minute, by a browser only until it asks again.

A withdrawn record must vanish from every copy (design, idea 5), so a browser always asks whether its copy still holds;
with the ETag the answer is usually 304 without a body.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

SHARED_SECONDS: Final = 60
DESK: Final = "/desk/"


class PortalCacheMiddleware:
    """Marks what the portal answers with success as public; the desk's pages are kept by nobody but the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set Cache-Control where the view has not said anything itself."""
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        if request.path_info.startswith(DESK):
            patch_cache_control(response, private=True, no_cache=True)
        elif response.status_code == 200 and request.method in ("GET", "HEAD") and not response.cookies:
            patch_cache_control(response, public=True, max_age=0, s_maxage=SHARED_SECONDS, must_revalidate=True)
        return response
