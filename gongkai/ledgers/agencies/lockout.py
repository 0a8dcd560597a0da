"""Lockout after failed sign-ins, kept by django-axes; a name somebody typed is stored and journalled only as a keyed digest.

(A password is easily typed into the wrong field.) Limit and time: GONGKAI_SIGN_IN_ATTEMPTS, GONGKAI_LOCKOUT_MINUTES.
"""

from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from gongkai.base import clock
from gongkai.base.clock import BEIJING


def attempt_key(username: str) -> str:
    """The digest under which attempts on a typed name are counted, the same for known and unknown names."""
    return salted_hmac("gongkai.sign-in", username.strip().lower(), algorithm="sha256").hexdigest()


def axes_username(_request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Tells django-axes what to count by (AXES_USERNAME_CALLABLE)."""
    return attempt_key(str((credentials or {}).get("username") or ""))


def keep_response(_request: HttpRequest, response: HttpResponse, _credentials: object) -> HttpResponse:
    """Our sign-in page says itself that it is locked (AXES_LOCKOUT_CALLABLE)."""
    return response


def locked_until(username: str) -> datetime | None:
    """Until when the typed name is locked, in Beijing time, or None. Says nothing about whether there is such an account.

    The lock counts real minutes, also in a demo whose day stands still.
    """
    cool_off = get_cool_off() or timedelta(0)
    found = AccessAttempt.objects.filter(
        username=attempt_key(username), attempt_time__gt=clock.machine_now() - cool_off
    ).aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    if (found["failures"] or 0) < settings.AXES_FAILURE_LIMIT:
        return None
    until: datetime = found["last"] + cool_off
    return until.astimezone(BEIJING)


def locked_keys() -> frozenset[str]:
    """The digests (`attempt_key`) of all names that are locked now, for the page of who may unlock them: one query."""
    since = clock.machine_now() - (get_cool_off() or timedelta(0))
    counted = (
        AccessAttempt.objects.filter(attempt_time__gt=since)
        .order_by()
        .values("username")
        .annotate(failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    return frozenset(counted.values_list("username", flat=True))


def unlock(username: str) -> bool:
    """Forget the failed attempts on a name; whether there were any."""
    forgotten: int = reset(username=attempt_key(username))
    return forgotten > 0
