"""Everything that changes who is who: agencies and their terms, staff and their posts, passwords, office settings.

Roles: the administrator manages agencies and staff of his agency and below, and nothing else; the disclosure office sets the
rules of the office. `by=None` stands for the program itself (import, demo, the first administrator) and is never what a page
passes.
"""

from gongkai.base.permissions import ADMINISTRATOR, DISCLOSURE_OFFICE, declare

declare("agencies.manage", "管理单位", (ADMINISTRATOR,))
declare("staff.manage", "管理人员账号", (ADMINISTRATOR,))
declare("settings.change", "修改设置", (DISCLOSURE_OFFICE,))

from gongkai.ledgers.agencies.actions.agencies import (  # noqa: E402 - the verbs come first
    AgencyRow,
    create_agencies,
    create_agency,
    end_agency,
    merge_agencies,
    set_term,
    split_agency,
)
from gongkai.ledgers.agencies.actions.founding import found_installation  # noqa: E402
from gongkai.ledgers.agencies.actions.office_settings import set_office_setting  # noqa: E402
from gongkai.ledgers.agencies.actions.passwords import change_password, reset_password, unlock_account  # noqa: E402
from gongkai.ledgers.agencies.actions.posts import deputise, end_post, grant_post  # noqa: E402
from gongkai.ledgers.agencies.actions.staff import (  # noqa: E402
    NewAccount,
    StaffRow,
    close_account,
    create_staff,
    create_staff_members,
    hand_over_work,
    move_staff,
    rename_staff,
    reopen_account,
)

__all__ = [
    "AgencyRow",
    "NewAccount",
    "StaffRow",
    "change_password",
    "close_account",
    "create_agencies",
    "create_agency",
    "create_staff",
    "create_staff_members",
    "deputise",
    "end_agency",
    "end_post",
    "found_installation",
    "grant_post",
    "hand_over_work",
    "merge_agencies",
    "move_staff",
    "rename_staff",
    "reopen_account",
    "reset_password",
    "set_office_setting",
    "set_term",
    "split_agency",
    "unlock_account",
]
