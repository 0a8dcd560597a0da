"""What a restored backup must prove of the reports: every frozen digest, and the same reports compiled from the same rows."""

import hashlib

from gongkai.base.errors import RuleBroken
from gongkai.base.journal import canonical
from gongkai.core.writing.numerals import plain
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.frozen import verify_frozen
from gongkai.reporting.annual_reports.models import AnnualReport


def digests() -> dict[str, str]:
    """For each frozen report its digest, reckoned anew; for each draft the digest of what it compiles to now.

    Raises RuleBroken where a frozen report is not what its digest says.
    """
    found = {}
    for report in AnnualReport.objects.select_related("agency").order_by("agency__slug", "year", "number"):
        name = f"{report.agency.slug} {report.year} {report.number}"
        if report.is_frozen:
            if sentence := verify_frozen(report):
                raise RuleBroken(sentence)
            found[name] = report.digest
        else:
            values = compile_report(report.agency_id, report.year, report=report).values
            told = {code: None if value is None else plain(value) for code, value in values.items()}
            found[name] = hashlib.sha256(canonical(told)).hexdigest()
    return found
