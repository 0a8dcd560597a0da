"""The version for the elderly (长者版): the portal under `/elder/`, larger, with neither cookie nor script.

The prefix is taken off before the address is resolved and becomes part of the script name, so that every `reverse()`
and `{% url %}` of the page leads to the elder version of the next one. `STATIC_URL` must be absolute (`/static/`),
because Django puts the script name before a relative one.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix, set_script_prefix

PREFIX = "/elder"
DESK = "/desk/"


class ElderMiddleware:
    """Sets `request.elder` and, for an address below `/elder/`, the script prefix for as long as the page is made.

    Stands before every middleware that looks at `request.path_info` (CommonMiddleware among them).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; `/elder` alone is sent on to `/elder/`."""
        request.elder = False  # type: ignore[attr-defined]
        if request.path_info == PREFIX:
            return HttpResponsePermanentRedirect(request.path + "/" + _query(request))
        if not request.path_info.startswith(PREFIX + "/"):
            return self.get_response(request)
        if request.path_info.startswith(PREFIX + DESK):
            # The desk has one version: its cookies do not reach an address of the elder version.
            return HttpResponseRedirect(
                get_script_prefix() + request.path_info.removeprefix(PREFIX + "/") + _query(request)
            )
        request.elder = True  # type: ignore[attr-defined]
        request.path_info = request.path_info.removeprefix(PREFIX)
        before = get_script_prefix()
        set_script_prefix(before.rstrip("/") + PREFIX + "/")
        try:
            return self.get_response(request)
        finally:
            # The prefix belongs to the thread, not to the request: the next page on this thread is a plain one.
            set_script_prefix(before)


def elder_address(request: HttpRequest) -> str:
    """The address of the elder version of the page at hand, its query kept."""
    return _address(request, get_script_prefix().rstrip("/") + ("" if _is_elder(request) else PREFIX))


def plain_address(request: HttpRequest) -> str:
    """The address of the standard version of the page at hand, its query kept."""
    prefix = get_script_prefix().rstrip("/")
    return _address(request, prefix.removesuffix(PREFIX) if _is_elder(request) else prefix)


def _is_elder(request: HttpRequest) -> bool:
    return bool(getattr(request, "elder", False))


def _address(request: HttpRequest, prefix: str) -> str:
    return prefix + request.path_info + _query(request)


def _query(request: HttpRequest) -> str:
    query = str(request.META.get("QUERY_STRING", ""))
    return "?" + query if query else ""
