"""What waits for a member of staff: the counts beside the navigation of the desk, taken in one query over the ledgers."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import CharField, Count, QuerySet, Value
from django.http import HttpRequest

from gongkai.base import calendars, clock
from gongkai.base.models import JournalHead
from gongkai.base.permissions import agencies_for
from gongkai.ledgers.agencies.queries import agency_short_names
from gongkai.ledgers.applications import queries as applications
from gongkai.ledgers.returns import queries as returns
from gongkai.ledgers.returns.models import Return

MOST_REMEMBERED: Final = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where somebody works, and how much waits there."""

    place: str
    overdue: int = 0
    due_soon: int = 0
    to_confirm: int = 0

    def count_for(self, url_name: str) -> int | None:
        """The number beside an entry of the navigation; None where nothing is counted."""
        applications_due = self.overdue + self.due_soon
        return {
            "desk:today": applications_due + self.to_confirm,
            "desk:applications": applications_due,
            "desk:returns": self.to_confirm,
        }.get(url_name)


_remembered: dict[tuple[int, date], tuple[str, Waiting]] = {}


def waiting_for(request: HttpRequest) -> Waiting:
    """The counts for the user of a request, taken once a request at most.

    Between requests they are kept as long as the journal has no new line: every change of a ledger writes one, so that
    nothing shown here is old. Usually no query: the head was read together with the roles of the user.
    """
    known = getattr(request, "desk_waiting", None)
    if isinstance(known, Waiting):
        return known
    user: Any = request.user
    today, head = clock.localdate(), user.journal_seen or journal_head()
    user.journal_seen = ""  # good for this request only
    key = (int(user.pk), today)
    held = _remembered.get(key)
    if held is None or held[0] != head:
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        held = _remembered[key] = (head, _counted(user, today))
    remember(request, held[1])
    return held[1]


def journal_head() -> str:
    """The digest of the last line of the journal; it never comes a second time."""
    return JournalHead.objects.filter(pk=1).values_list("digest", flat=True).first() or ""


def remember(request: HttpRequest, waiting: Waiting) -> None:
    """A page that has counted already (今天) says so, and nothing is counted twice."""
    request.desk_waiting = waiting  # type: ignore[attr-defined]


def to_confirm(user: Any) -> QuerySet[Return]:
    """Returns that wait for this user: filed by somebody else, at an agency where the user confirms."""
    held = agencies_for(user, "returns.confirm")
    return returns.visible_to(user).filter(returns.WAITING, agency_id__in=held).exclude(filled_by=user)


def _counted(user: Any, today: date) -> Waiting:
    place = agency_short_names(today).get(user.agency_id, "")
    seen = applications.visible_to(user)
    soon = applications.due_soon_on(today, calendars.work_calendar())
    parts = [
        _named("overdue", seen.filter(applications.overdue_on(today))),
        _named("due_soon", seen.filter(soon)),
        _named("to_confirm", to_confirm(user)),
    ]
    return Waiting(place, **dict(parts[0].union(*parts[1:], all=True)))


def _named(name: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """One row: the name, and how many rows there are."""
    named: QuerySet[Any, Any] = (
        rows.order_by().annotate(counted=Value(name, output_field=CharField())).values("counted")
    )
    counted: QuerySet[Any, Any] = named.annotate(how_many=Count("pk")).values_list("counted", "how_many")
    return counted
