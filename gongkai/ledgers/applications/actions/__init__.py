"""What may be done to an application, each verb one function (条例711 Art. 27-45; law/requests).

The bulk siblings (`register_many`, `close_many`) run the same rules in memory, all or nothing, and write one line.
"""

from gongkai.base.permissions import APPROVER, BUSINESS_ROLES, CLERK, DISCLOSURE_OFFICE, declare
from gongkai.ledgers.applications.actions.clock import (
    Moved,
    extend_reply,
    reckon_anew,
    recompute_due_dates,
    why_not_extend,
)
from gongkai.ledgers.applications.actions.closing import (
    close_application,
    close_many,
    correct_closing,
    reopen_application,
    why_not_close,
    why_not_reopen,
)
from gongkai.ledgers.applications.actions.handling import assign_handler, change_application, hand_over
from gongkai.ledgers.applications.actions.receipt import register_application, register_many, row_refusals
from gongkai.ledgers.applications.rules import Closing, NewApplication

declare("applications.view", "查看依申请公开", BUSINESS_ROLES)
declare("applications.see_applicants", "查看申请人", (CLERK, APPROVER, DISCLOSURE_OFFICE))
declare("applications.register", "登记申请", (CLERK, DISCLOSURE_OFFICE))
declare("applications.change", "更正申请登记", (CLERK, DISCLOSURE_OFFICE))
declare("applications.close", "办结申请", (CLERK, DISCLOSURE_OFFICE))
# Art. 33: the head of the disclosure office agrees to an extension.
declare("applications.extend", "延长答复期限", (APPROVER, DISCLOSURE_OFFICE))

__all__ = [
    "Closing",
    "Moved",
    "NewApplication",
    "assign_handler",
    "change_application",
    "close_application",
    "close_many",
    "correct_closing",
    "extend_reply",
    "hand_over",
    "reckon_anew",
    "recompute_due_dates",
    "register_application",
    "register_many",
    "reopen_application",
    "row_refusals",
    "why_not_close",
    "why_not_extend",
    "why_not_reopen",
]
