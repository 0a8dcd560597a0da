"""What views share: who may see a page, and how a refusal is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from gongkai.base import journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.permissions import ROLES, may_somewhere, verbs

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request whose user is known to be a signed-in member of staff."""

    user: Any


DeskView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def desk_page(verb: str = "") -> Callable[[DeskView[P]], PlainView[P]]:
    """A page of the desk: signed in, first password changed, and (with a verb) the verb held at some agency.

    Which objects the page shows is decided by `queries.visible_to(user)`; the action decides again.
    """

    def decorate(view: DeskView[P]) -> PlainView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user: Any = request.user
            if not user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if user.must_change_password and not getattr(view, "before_password_change", False):
                return redirect("desk:password")
            if verb and not may_somewhere(user, verb):
                roles, title = verbs()[verb]
                names = "、".join(ROLES[role] for role in ROLES if role in roles)
                sentence = f"您没有“{title}”的权限，需要“{names}”角色。"
                journal.record_event(
                    "page.refused", by=user, agency_id=user.agency_id, reason=f"{request.path}：{sentence}"
                )
                raise PermissionDenied(sentence)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.is_desk_page = True  # type: ignore[attr-defined]
        return cast(PlainView[P], guarded)

    return decorate


desk_action = desk_page
"""The same guard on a view that changes something; the action itself checks the verb on the object."""


TRIES = 3


def attempt(request: StaffRequest, action: Callable[[], object], *, form: forms.BaseForm | None = None) -> bool:
    """Run an action; a refusal becomes the form's error (or a message) and changes nothing.

    A refusal for want of a role is journalled after the action's own transaction has been rolled back. An action that the
    database broke off because two stood in each other's way (deadlock) is run again: it is atomic, so nothing was done.
    """
    try:
        _run(action)
    except RuleBroken as broken:
        if isinstance(broken, NotAllowed):
            journal.record_event(
                "action.refused", by=request.user, agency_id=request.user.agency_id, reason=str(broken)
            )
        if form is None:
            messages.error(request, str(broken))
        else:
            form.add_error(broken.field if broken.field in form.fields else None, str(broken))
        return False
    return True


def _run(action: Callable[[], object]) -> None:
    for left in reversed(range(TRIES)):
        try:
            action()
        except OperationalError as failure:
            if not left or connection.in_atomic_block or not _is_deadlock(failure):
                raise
        else:
            return


def _is_deadlock(failure: OperationalError) -> bool:
    """PostgreSQL's deadlock_detected and serialization_failure."""
    return getattr(failure.__cause__, "sqlstate", None) in ("40P01", "40001")
