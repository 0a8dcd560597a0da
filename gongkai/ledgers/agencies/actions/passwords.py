"""Passwords: a temporary one is shown once and changed at the first sign-in; none ever reaches the journal."""

import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.base import journal
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import require
from gongkai.ledgers.agencies import lockout
from gongkai.ledgers.agencies.models import Staff

LETTERS = "abcdefghjkmnpqrstuvwxyz"  # none that is taken for another when read aloud or copied by hand
DIGITS = "23456789"


def temporary_password() -> str:
    """A password to be read from a screen: three groups of four, letters and digits."""
    groups = ["".join(secrets.choice(LETTERS + DIGITS) for _ in range(4)) for _ in range(2)]
    return "-".join([*groups, "".join(secrets.choice(alphabet) for alphabet in (LETTERS, DIGITS, LETTERS, DIGITS))])


def require_good_password(password: str, staff: Staff) -> None:
    """Refuse a password that the rules of the settings, or its likeness to the account, forbid."""
    if staff.username in password.lower():
        raise RuleBroken("新密码不能包含登录名。", field="new_password")
    try:
        validate_password(password, staff)
    except ValidationError as refused:
        raise RuleBroken("".join(refused.messages), field="new_password") from None


@transaction.atomic
def change_password(staff: Staff, *, old_password: str, new_password: str) -> Staff:
    """The person changes his own password; he proves that he knows the old one. Returns the account as it is now."""
    # Of two changes at once the second sees the first, and its old password is no longer the right one.
    account = Staff.objects.select_for_update().get(pk=staff.pk)
    if not account.check_password(old_password):
        raise RuleBroken("原密码不对。", field="old_password")
    if new_password == old_password:
        raise RuleBroken("新密码不能与原密码相同。", field="new_password")
    require_good_password(new_password, account)
    account.set_password(new_password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    journal.record("staff.password_changed", account, by=account)
    return account


@transaction.atomic
def reset_password(staff: Staff, *, by: Any) -> str:
    """Give a temporary password, returned once to be shown once, and lift a lockout. Ends the person's sessions."""
    if by is not None:
        require(by, "staff.manage", staff)
        if by.pk == staff.pk:
            raise RuleBroken("自己的密码请用“改密码”修改。")
    password = temporary_password()
    staff.set_password(password)
    if not Staff.objects.filter(pk=staff.pk, closed_on=None).update(password=staff.password, must_change_password=True):
        raise RuleBroken("该账号已停用，请先恢复账号。")
    lockout.unlock(staff.username)
    journal.record("staff.password_reset", staff, by=by)
    return password


@transaction.atomic
def unlock_account(staff: Staff, *, by: Any) -> None:
    """Lift a lockout before its time."""
    require(by, "staff.manage", staff)
    if not lockout.unlock(staff.username):
        raise RuleBroken("该账号没有被锁定。")
    journal.record_event("session.unlocked", by=by, agency_id=staff.agency_id, reason=f"解除锁定：{staff.name}")
