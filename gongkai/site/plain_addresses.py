"""What no address of ours is: longer than a line of a request may be, or with a NUL in it, which PostgreSQL does not keep."""

from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase

LONGEST: Final = 4000
"""Bytes of path and query. gunicorn takes 4094 of the whole line; a number of 4300 digits is the longest Python reads."""


class PlainAddressMiddleware:
    """Answers 400 where path and query are too long or hold a NUL, written plainly or as %00."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or pass the request on as it is."""
        query = request.META.get("QUERY_STRING", "")
        if len(request.path_info.encode()) + len(query) > LONGEST:
            raise BadRequest("the address is too long")
        if "\0" in request.path_info or b"\0" in unquote_to_bytes(query):
            raise BadRequest("NUL in the address")
        return self.get_response(request)
