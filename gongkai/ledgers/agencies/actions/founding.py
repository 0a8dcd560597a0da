"""The first agency and the first administrator of an installation, made by the program before anybody can sign in."""

from datetime import date
from typing import NamedTuple

from django.db import transaction

from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import ADMINISTRATOR
from gongkai.ledgers.agencies.actions.agencies import AgencyRow, create_agencies
from gongkai.ledgers.agencies.actions.staff import StaffRow, create_staff_members
from gongkai.ledgers.agencies.models import Agency, Staff


class Founded(NamedTuple):
    """The root, its administrator, and the password to hand to him."""

    agency: Agency
    administrator: Staff
    password: str


@transaction.atomic
def found_installation(
    *,
    slug: str,
    code: str,
    name: str,
    valid_from: date,
    username: str,
    administrator: str,
    short_name: str = "",
    document_prefix: str = "",
    password: str = "",
    must_change_password: bool = True,
) -> Founded:
    """Make the root government (from `valid_from`) and the first system administrator, on an empty installation only.

    `administrator` is the person's name. Without a password a temporary one is made; either is changed at the first sign-in
    unless a demo says otherwise.
    """
    if Agency.objects.exists() or Staff.objects.exists():
        raise RuleBroken("本系统已经建立：根单位和管理员只能建立一次，其余由管理员在“单位与人员”里新建。")
    row = AgencyRow(
        slug=slug,
        code=code,
        name=name,
        kind="government",
        valid_from=valid_from,
        parent=None,
        short_name=short_name,
        document_prefix=document_prefix,
    )
    [agency] = create_agencies([row])
    [account] = create_staff_members(
        [
            StaffRow(
                username=username,
                name=administrator,
                agency=slug,
                roles=(ADMINISTRATOR,),
                password=password,
                must_change_password=must_change_password,
                valid_from=valid_from,
            )
        ]
    )
    return Founded(agency, account.staff, account.password)
