"""Import from .xlsx sheets: agencies, staff, records, applications, remedies, returns.

Each ledger is one list of columns (`Ledger.columns`) that template, reading, error sentences and docs share. A file is
checked row by row, every fault of every row; then all of it is imported through the actions of the ledger in one
transaction, or nothing. Rows that are there already, the same in every column, are skipped; an import never overwrites.
What may be imported follows from the permission of the action, by the rights of whoever imports.
"""

from typing import Final

from gongkai.base.permissions import ADMINISTRATOR, CLERK, DISCLOSURE_OFFICE, declare
from gongkai.site.imports.agencies import AgencyLedger
from gongkai.site.imports.applications import ApplicationLedger
from gongkai.site.imports.ledger import Ledger
from gongkai.site.imports.records import RecordLedger
from gongkai.site.imports.remedies import RemedyLedger
from gongkai.site.imports.returns import ReturnLedger
from gongkai.site.imports.staff import StaffLedger

declare("imports.run", "导入表格", (CLERK, DISCLOSURE_OFFICE, ADMINISTRATOR))

LEDGERS: Final[dict[str, Ledger]] = {
    ledger.code: ledger
    for ledger in (
        RecordLedger(),
        ApplicationLedger(),
        RemedyLedger(),
        ReturnLedger(),
        AgencyLedger(),
        StaffLedger(),
    )
}
"""What can be imported, in the order of the page."""


def run_command(
    ledger: str, file: str, *, by: str | None, dry_run: bool = False, template: bool = False, reason: str = ""
) -> int:
    """`gongkai import`: see `command.run`."""
    from gongkai.site.imports import command

    return command.run(ledger, file, by=by, dry_run=dry_run, template=template, reason=reason)
