"""How long a page may be kept: one of the portal by a proxy for a minute, one of the desk by nobody.

A withdrawn record must vanish from every copy (design, idea 5), so a browser always asks whether its copy still holds;
with the ETag the answer is usually 304 without a body. What the desk shows may be of an applicant: it is not written to
the disk of a shared computer, and the button "back" shows nothing of it after signing out.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

SHARED_SECONDS: Final = 60
DESK: Final = "/desk/"


class PortalCacheMiddleware:
    """Marks what the portal answers with success as public, and everything of the desk as not to be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set Cache-Control where the view has not said anything itself."""
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        if request.path_info.startswith(DESK):
            patch_cache_control(response, private=True, no_store=True)
        elif response.status_code == 200 and request.method in ("GET", "HEAD") and not response.cookies:
            patch_cache_control(response, public=True, max_age=0, s_maxage=SHARED_SECONDS, must_revalidate=True)
        return response
