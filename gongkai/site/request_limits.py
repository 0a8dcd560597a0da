"""What no request of ours is: an address longer than a line may be or with a NUL in it, a body longer than two files.

PostgreSQL keeps no NUL; numbers of more than 4300 digits are more than Python reads; a body is written to disk before any
form sees it, so its length is looked at first.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase

LONGEST_ADDRESS: Final = 4000
"""Bytes of path and query; gunicorn takes 4094 of the whole line."""


class RequestLimitsMiddleware:
    """Answers 400 to a request beyond the limits. A file that is only somewhat too long is refused by its form, by name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or pass the request on as it is."""
        query = request.META.get("QUERY_STRING", "")
        if len(request.path_info.encode()) + len(query) > LONGEST_ADDRESS:
            raise BadRequest("the address is too long")
        if "\0" in request.path_info or b"\0" in unquote_to_bytes(query):
            raise BadRequest("NUL in the address")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or len(length) > 15 or int(length) > 2 * settings.UPLOAD_LIMIT:
            raise BadRequest("the body is too long")
        return self.get_response(request)
