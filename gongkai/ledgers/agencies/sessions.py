"""Signing in and out, and signing off who is idle. Everything here is in the journal; no password and no unknown name is."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from gongkai.base import clock, journal
from gongkai.base.errors import RuleBroken
from gongkai.ledgers.agencies import lockout
from gongkai.ledgers.agencies.models import Staff

DESK = "/desk/"
SEEN = "seen_at"
SEEN_EVERY = 30  # seconds: so often at most a busy session writes that it is alive
WRONG = "登录名或者密码不对，请重新输入。"


def sign_in(request: HttpRequest, *, username: str, password: str) -> Staff:
    """Sign a member of staff in, with a new session key, or refuse with a sentence that never says which accounts exist."""
    if until := lockout.locked_until(username):
        _refuse("锁定期间登录")
        raise RuleBroken(_locked(until.strftime("%H:%M")))
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, Staff):
        if until := lockout.locked_until(username):
            _refuse("登录失败，已锁定", verb="session.locked")
            raise RuleBroken(_locked(until.strftime("%H:%M")))
        _refuse("登录失败")
        raise RuleBroken(WRONG)
    login(request, user)
    request.session[SEEN] = clock.now().timestamp()
    journal.record_event("session.signed_in", by=user, agency_id=user.agency_id)
    return user


def sign_out(request: HttpRequest) -> None:
    """End the session; does nothing when nobody is signed in."""
    if isinstance(request.user, Staff):
        journal.record_event("session.signed_out", by=request.user, agency_id=request.user.agency_id)
    logout(request)


def next_page(request: HttpRequest, address: str) -> str:
    """The page to go on to: an address of this desk, or 今天."""
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe and urlsplit(address).path.startswith(DESK) else reverse(settings.LOGIN_REDIRECT_URL)


class IdleMiddleware:
    """Signs off, under /desk/ only, who has done nothing for IDLE_MINUTES, and keeps the page for after the next sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Portal pages never touch the session, so that they stay cacheable."""
        if request.path_info.startswith(DESK) and isinstance(request.user, Staff):
            now = clock.now().timestamp()
            idle = now - request.session.get(SEEN, now)
            if idle > settings.IDLE_MINUTES * 60:
                return self._sign_off(request, request.user)
            # A demo clock goes back a day at midnight; then the session has just been seen.
            if SEEN not in request.session or not 0 <= idle < SEEN_EVERY:
                request.session[SEEN] = now
        return self.get_response(request)

    def _sign_off(self, request: HttpRequest, user: Staff) -> HttpResponse:
        journal.record_event(
            "session.idle_ended", by=user, agency_id=user.agency_id, reason=f"超过 {settings.IDLE_MINUTES} 分钟没有操作"
        )
        logout(request)
        query = urlencode({"idle": 1, "next": next_page(request, _page_of(request))})
        address = f"{reverse(settings.LOGIN_URL)}?{query}"
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)


def _page_of(request: HttpRequest) -> str:
    """The page the person sees: the address itself, but for a form that was sent or a fragment the page it stood on."""
    if request.headers.get("HX-Request"):
        return request.headers.get("HX-Current-URL", "")
    return request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "")


def _locked(until: str) -> str:
    return (
        f"失败次数过多，已锁定到 {until}，请到时再试，或者请管理员解除锁定。"
        f"（连续失败 {settings.AXES_FAILURE_LIMIT} 次锁定 {round(settings.AXES_COOLOFF_TIME * 60)} 分钟）"
    )


def _refuse(what: str, *, verb: str = "session.refused") -> None:
    """A line without the name that was typed: it may be a password, or tell which names exist."""
    journal.record_event(verb, by=None, reason=what)
