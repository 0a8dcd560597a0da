"""The report as files: Word, spreadsheet, PDF, JSON; drawn by `core.writing` from what was compiled or frozen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.core.reading.report import dumps
from gongkai.core.writing.numerals import plain
from gongkai.core.writing.report_document import Contact, ReportDocument, opening_paragraph
from gongkai.core.writing.report_docx import report_docx
from gongkai.core.writing.report_pdf import PdfUnavailableError, report_pdf
from gongkai.core.writing.report_tables import readable
from gongkai.core.writing.report_xlsx import report_xlsx
from gongkai.ledgers.agencies.identity import Identity, identity_of
from gongkai.ledgers.agencies.tree import tree_on
from gongkai.reporting.annual_reports.compiled import Compiled, CompiledCell
from gongkai.reporting.annual_reports.models import Frozen

SOURCES: Mapping[str, str] = MappingProxyType(dict(Frozen.SOURCES))
"""Where the value of a cell comes from, as it is shown."""


@dataclass(frozen=True, slots=True)
class Output:
    """One file: its name with extension, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


def document_of(compiled: Compiled) -> ReportDocument:
    """The report with its opening, notes and signature. Two queries: the tree of the day and the office's contact.

    A frozen report names the contact of the day on which it was frozen, so that its file never changes.
    """
    report = compiled.report
    frozen_at = None if report is None else report.frozen_at
    frozen_on = clock.localdate() if frozen_at is None else frozen_at.astimezone(clock.BEIJING).date()
    day = (report.published_on if report is not None else None) or frozen_on
    identity = identity_of(compiled.agency_id, frozen_on, tree_on(frozen_on))
    return ReportDocument(
        report=compiled.to_published_report(),
        title=compiled.title,
        opening=opening_of(compiled, identity),
        notes=tuple(notes_of(compiled)),
        correction=correction_of(compiled),
        signed_by=compiled.issuer,
        dated=day if compiled.is_frozen else None,
        footer={"联系电话": identity.phone},
        sources={code: SOURCES.get(cell.source, "") for code, cell in compiled.cells.items()},
    )


def opening_of(compiled: Compiled, identity: Identity) -> str:
    """The paragraph before section one: basis, parts, period, where to download, whom to ask."""
    site = f"“{identity.name}”门户网站"
    download = f"{site}（网址：{identity.domain}）" if identity.domain else ""
    return opening_paragraph(
        compiled.form,
        compiled.year,
        headings=[part.outline.heading for part in compiled.sections if part.outline.key != ANNEX and part.text],
        download=download,
        contact=Contact(
            office=identity.undertaker or compiled.issuer,
            address=identity.address,
            phone=identity.phone,
            postcode=identity.postcode,
            email=identity.email,
        ),
    )


ANNEX = "附"


def correction_of(compiled: Compiled) -> str:
    """What a corrected version changed, as a sentence; empty for the first version."""
    report = compiled.report
    if report is None or not report.correction_note:
        return ""
    return f"更正说明（第{report.number}版）：{report.correction_note}"


def notes_of(compiled: Compiled) -> list[str]:
    """What a reader must know of single figures: typed by hand, or filed in addition to the ledgers, with the reason."""
    notes = [note for cell in compiled.cells.values() if (note := _hand_note(compiled, cell))]
    notes += [finding.message for finding in compiled.findings if finding.code == "in-addition"]
    return notes


def _hand_note(compiled: Compiled, cell: CompiledCell) -> str:
    if cell.hand is None:
        return ""
    label = readable(compiled.form, cell.cell)
    return f"{label}的{plain(cell.hand.value)}由人工填写，理由：{cell.hand.reason}"


def rendered(compiled: Compiled, kind: str) -> Output:
    """The file of that kind (docx, xlsx, pdf, json). Refuses with a sentence where PDF cannot be made here."""
    media_type, write = KINDS[kind]
    try:
        content = write(compiled)
    except PdfUnavailableError as missing:
        raise RuleBroken(str(missing)) from missing
    version = "" if compiled.report is None or compiled.report.number == 1 else f"（第{compiled.report.number}版）"
    draft = "" if compiled.is_frozen else "（草稿）"
    return Output(f"{compiled.title}{version}{draft}.{kind}", media_type, content)


def _json(compiled: Compiled) -> bytes:
    return dumps(compiled.to_published_report().to_json_object(), indent=1).encode()


KINDS: Mapping[str, tuple[str, Callable[[Compiled], bytes]]] = MappingProxyType(
    {
        "docx": (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            lambda compiled: report_docx(document_of(compiled)),
        ),
        "xlsx": (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            lambda compiled: report_xlsx(document_of(compiled)),
        ),
        "pdf": ("application/pdf", lambda compiled: report_pdf(document_of(compiled))),
        "json": ("application/json", _json),
    }
)
"""The kinds of files with their media types."""
