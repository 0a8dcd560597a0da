"""Which kind of file it is, told by its bytes and not by its name."""

from pathlib import Path

from gongkai.core.reading.sources.document import LARGEST, Document, Unreadable
from gongkai.core.reading.sources.text import decode, read_text

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")


def open_source(path: Path) -> Document:
    """Read a file. Raises `Unreadable` with one sentence for whatever cannot be read."""
    data = _bytes(path)
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable(f"{path.name} 是空文件。")
    if data[:1024].lstrip().startswith(b"%PDF"):
        from gongkai.core.reading.sources.pdf import read_pdf

        return read_pdf(data, path.name)
    if data.startswith(b"PK\x03\x04"):
        from gongkai.core.reading.sources.docx import read_docx

        return read_docx(data, path.name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(f"{path.name} 是旧格式的 Office 文件，请另存为 .docx 或 PDF 再读。")
    if data.startswith(PICTURES):
        raise Unreadable(f"{path.name} 是图片，没有文字层，读不出数字。")
    text = decode(data, path.name)
    head = text[:4096].lower()
    if any(mark in head for mark in ("<html", "<!doctype", "<body", "<table", "<div", "<p>", "<p ", "<span", "<head")):
        from gongkai.core.reading.sources.html import read_html

        return read_html(text)
    return read_text(text)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise Unreadable(f"{path} 是文件夹，请给出文件。")
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"{path.name} 超过 {LARGEST // 1024 // 1024} MB，不像是一份年度报告。")
        return path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(f"没有 {path} 这个文件。") from None
    except PermissionError:
        raise Unreadable(f"没有读取 {path} 的权限。") from None
    except OSError as error:
        raise Unreadable(f"{path} 打不开：{error.strerror or error}。") from None
