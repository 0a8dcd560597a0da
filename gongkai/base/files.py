"""Files: bytes by their SHA-256, written once, never under a public directory; each use is a row with owner and visibility.

Design 4a, Files. What may be stored is a short list of kinds; a file is believed neither by its name alone nor by what the
browser says of it.
"""

import hashlib
import os
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings
from django.core.files import File

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.base.models import FileUse, StoredFile

PIECE = 1 << 20
NAME_LIMIT = 120
"""Characters of a stored name: browsers and file systems count bytes, and a Chinese character has three."""


class _Kind(Protocol):
    def __call__(self, stream: IO[bytes], start: bytes) -> bool: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its media type, and how its bytes are told."""

    media_type: str
    is_one: _Kind


def _starts(*marks: bytes) -> _Kind:
    return lambda stream, start: start.startswith(marks)  # noqa: ARG005 - one signature for all kinds


def _is_pdf(stream: IO[bytes], start: bytes) -> bool:  # noqa: ARG001
    return b"%PDF-" in start[:1024]


def _package(member: str) -> _Kind:
    """A zip file that holds a member by which its kind is known."""

    def is_one(stream: IO[bytes], start: bytes) -> bool:
        if not start.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(stream) as package:
                return not member or member in package.namelist()
        except zipfile.BadZipFile:
            return False

    return is_one


def _is_text(stream: IO[bytes], start: bytes) -> bool:  # noqa: ARG001
    return b"\0" not in start


_OLE = _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

KINDS: dict[str, Kind] = {
    ".pdf": Kind("application/pdf", _is_pdf),
    ".ofd": Kind("application/ofd", _package("OFD.xml")),
    ".docx": Kind(_WORD, _package("word/document.xml")),
    ".xlsx": Kind(_EXCEL, _package("xl/workbook.xml")),
    ".doc": Kind("application/msword", _OLE),
    ".xls": Kind("application/vnd.ms-excel", _OLE),
    ".wps": Kind("application/vnd.ms-works", _OLE),
    ".et": Kind("application/vnd.ms-excel", _OLE),
    ".png": Kind("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    ".jpg": Kind("image/jpeg", _starts(b"\xff\xd8\xff")),
    ".jpeg": Kind("image/jpeg", _starts(b"\xff\xd8\xff")),
    ".gif": Kind("image/gif", _starts(b"GIF87a", b"GIF89a")),
    ".txt": Kind("text/plain", _is_text),
    ".csv": Kind("text/csv", _is_text),
    ".json": Kind("application/json", _is_text),
    ".zip": Kind("application/zip", _package("")),
}
ACCEPT = ",".join(KINDS)
"""For the `accept` attribute of a file field."""
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif"})


def store(
    content: "bytes | IO[bytes] | File[bytes]",
    name: str,
    *,
    agency_id: int,
    visibility: str = "desk",
    by: Any,
    made_here: bool = False,
) -> FileUse:
    """Store the bytes and return a use of them, to be referred to by a ledger row in the same transaction.

    `visibility`: "public", "desk" or "owner" (only who stored it). `made_here`: the program made the file, so that its
    PDF may open in the browser.
    Raises RuleBroken for an empty file, one above `settings.UPLOAD_LIMIT`, of a kind that is not on the list, or whose
    bytes are not of the kind that its name says. A transaction that is rolled back leaves bytes that nothing refers to.
    """
    clean = clean_name(name)
    kind = KINDS.get(Path(clean).suffix.lower())
    if kind is None:
        raise RuleBroken(
            f"不能存放“{clean}”：只收 {'、'.join(suffix[1:] for suffix in KINDS)} 格式的文件。", field="file"
        )
    with _buffered(content, clean) as stream:
        start = stream.read(PIECE)
        stream.seek(0)
        if not kind.is_one(stream, start):
            raise RuleBroken(f"“{clean}”的内容与扩展名不符，请用原来的程序另存后再上传。", field="file")
        stream.seek(0)
        digest, size = _digest(stream)
        _write(stream, digest)
    file, _ = StoredFile.objects.get_or_create(sha256=digest, defaults={"size": size, "stored_at": clock.now()})
    return FileUse.objects.create(
        file=file,
        name=clean,
        media_type=kind.media_type,
        agency_id=agency_id,
        visibility=visibility,
        made_here=made_here,
        added_by=by,
        added_at=clock.now(),
    )


def clean_name(name: str) -> str:
    """The last part of a name without characters that hide, steer or break out; its extension is kept."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*;%').rstrip(" .")
    stem, dot, suffix = text.rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    return f"{stem.strip(' .')[: NAME_LIMIT - len(suffix) - 1] or '文件'}{dot}{suffix}"


def path_of(sha256: str) -> Path:
    """Where the bytes of a digest lie, below `settings.FILES`."""
    return Path(settings.FILES) / relative_path(sha256)


def relative_path(sha256: str) -> str:
    """Two levels of folders, so that none grows long."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def open_file(use: FileUse) -> IO[bytes]:
    """The bytes of a use, to be closed by the caller. Raises FileNotFoundError when the store has lost them."""
    return path_of(use.file.sha256).open("rb")


def write_bytes(stream: IO[bytes], sha256: str) -> None:
    """Put bytes into the store under the digest they are known to have (`restore`)."""
    _write(stream, sha256)


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The rest of a stream, piece by piece."""
    while piece := stream.read(PIECE):
        yield piece


def _buffered(content: "bytes | IO[bytes] | File[bytes]", name: str) -> IO[bytes]:
    """The content in a file of its own that can be read twice, refused as soon as it is too long."""
    source: Any = BytesIO(content) if isinstance(content, bytes) else content
    source.seek(0)
    buffer: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=4 * PIECE)  # noqa: SIM115 - the caller closes it
    size = 0
    for piece in pieces(source):
        size += len(piece)
        if size > settings.UPLOAD_LIMIT:
            buffer.close()
            limit = settings.UPLOAD_LIMIT // PIECE
            raise RuleBroken(f"“{name}”超过 {limit} MB，不能上传：请拆分或者压缩后再传。", field="file")
        buffer.write(piece)
    if not size:
        buffer.close()
        raise RuleBroken(f"“{name}”是空文件，请检查后重新选择。", field="file")
    buffer.seek(0)
    return buffer


def _digest(stream: IO[bytes]) -> tuple[str, int]:
    total, size = hashlib.sha256(), 0
    for piece in pieces(stream):
        total.update(piece)
        size += len(piece)
    stream.seek(0)
    return total.hexdigest(), size


def _write(stream: IO[bytes], sha256: str) -> None:
    """Bytes already there are left alone; new ones appear whole or not at all."""
    target = path_of(sha256)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces(stream):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o640)
        Path(temporary).rename(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
