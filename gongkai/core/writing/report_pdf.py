"""The annual report as PDF, drawn by WeasyPrint, which needs libraries of the system that a machine may not have."""

from typing import Any, Final

from gongkai.core.writing.report_document import ReportDocument
from gongkai.core.writing.report_html import PRINT_CSS, report_html

LIBRARIES: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
"""Debian packages that WeasyPrint loads, and the fonts."""

HOW_TO_GET_PDF: Final = (
    f"这台机器还不能生成 PDF，请先下载 Word（.docx）；安装所缺的软件包即可：sudo apt-get install -y {LIBRARIES}"
)


class PdfUnavailableError(Exception):
    """This machine cannot draw PDF; `str()` is the sentence that says how to get it."""


def report_pdf(document: ReportDocument) -> bytes:
    """The .pdf file, tagged for readers of the screen. Raises PdfUnavailableError where libraries are missing.

    Nothing is fetched: the page names no picture, script or address, and an address that slipped in would be refused.
    """
    html = _weasyprint().HTML(string=report_html(document), url_fetcher=_refuse)
    css = _weasyprint().CSS(string=PRINT_CSS)
    drawn: bytes = html.write_pdf(stylesheets=[css], pdf_variant="pdf/ua-1", presentational_hints=True)
    return drawn


def can_write_pdf() -> bool:
    """Whether this machine can draw PDF."""
    try:
        _weasyprint()
    except PdfUnavailableError:
        return False
    return True


def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError) as missing:  # not installed, or pango is not there
        raise PdfUnavailableError(HOW_TO_GET_PDF) from missing
    return weasyprint


def _refuse(url: str, *_: object, **__: object) -> Any:
    raise ValueError(f"打印的报告不取外部内容：{url}。")
