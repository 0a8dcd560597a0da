"""Pages of a list that may be very long: what lies beyond the first ten thousand rows is not counted to the end."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    RowPaginator = Paginator[Any]
else:
    RowPaginator = Paginator  # subscripted in the stubs only

PAGE = 50
CAP = 10_000


class CappedPaginator(RowPaginator):
    """Counts at most `CAP` rows, so that a page costs the same with a thousand rows and with a million."""

    object_list: QuerySet[Any]

    def __init__(self, rows: QuerySet[Any], size: int, *, known: int | None = None) -> None:
        """`known`: how many rows there are, where that was counted already."""
        super().__init__(rows, size)
        self._known = known

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: CAP + 1].count() if self._known is None else self._known

    @cached_property
    def count(self) -> int:
        """The rows that can be paged through."""
        return min(self._counted, CAP)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than can be paged through: the page says so and asks for a narrower filter."""
        return self._counted > CAP


def render_list(request: HttpRequest, folder: str, context: dict[str, Any]) -> HttpResponse:
    """The page of a list, or its part alone when htmx narrows it; going back in the browser asks for the page again."""
    narrowing = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    response = render(request, f"{folder}/{'_list.html' if narrowing else 'list.html'}", context)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response
