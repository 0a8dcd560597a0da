"""Plain text, and how bytes become text when their encoding is not told or told wrongly."""

import re

from gongkai.core.reading.sources.document import Document, Unreadable

COMMON = re.compile(r"政府|信息|公開|公开|行政|年度|報告|报告")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decode(data: bytes, name: str) -> str:
    """The text of the bytes: UTF-8, UTF-16, GB18030 (so GBK) or Big5, whichever says more of what a report says.

    What a file declares of itself is not believed: declarations are often wrong. Raises `Unreadable` for no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    sample = data[:400_000]
    scores = []
    for encoding in ("utf-8", "gb18030", "big5"):
        text = sample.decode(encoding, errors="replace")
        scores.append((len(COMMON.findall(text)) - text.count("\ufffd") * 0.2, encoding))
    score, best = max(scores, key=lambda item: item[0])
    text = data.decode(best, errors="replace")
    if score < 0 and len(CONTROL.findall(text[:4000])) > 40:
        raise Unreadable(f"{name} 不是文本、网页、.docx 或 PDF，读不了。")
    return text


def read_text(text: str) -> Document:
    """A plain text; its tables have become lines."""
    return Document("text", text.replace("\r\n", "\n").replace("\r", "\n"))
