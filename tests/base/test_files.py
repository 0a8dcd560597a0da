"""Bytes by their digest, uses with an owner, delivery through a permission check."""

import io
import zipfile

import pytest
from django.db import transaction
from django.urls import reverse

from gongkai.base import files
from gongkai.base.errors import RuleBroken
from gongkai.base.models import FileUse, StoredFile

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00"


def package(member: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, "x")
    return buffer.getvalue()


@pytest.fixture
def store(bureau, bureau_clerk):
    return lambda content=PDF, name="依据.pdf", **kw: files.store(
        content, name, agency_id=bureau.pk, by=bureau_clerk, **kw
    )


# ---- storing


def test_the_same_bytes_are_kept_once_and_used_twice(store):
    assert store().file == store(name="同一份.pdf").file
    assert (StoredFile.objects.count(), FileUse.objects.count()) == (1, 2)


def test_bytes_lie_two_folders_deep_under_their_digest(store, settings):
    digest = store().file.sha256
    assert (settings.FILES / digest[:2] / digest[2:4] / digest).read_bytes() == PDF


def test_bytes_once_there_are_never_written_again(store):
    path = files.path_of(store().file.sha256)
    before = path.stat().st_mtime_ns
    store()
    assert path.stat().st_mtime_ns == before


def test_no_half_written_file_is_left_behind(store, settings):
    store()
    assert [path for path in settings.FILES.rglob("*") if path.name.startswith(".new-")] == []


def test_a_stream_is_read_from_its_start(store):
    stream = io.BytesIO(PDF)
    stream.read(3)
    with files.open_file(store(stream)) as stored:
        assert stored.read() == PDF


def test_what_is_rolled_back_is_no_use(store):
    class Thrown(Exception):
        pass

    try:
        with transaction.atomic():
            store()
            raise Thrown
    except Thrown:
        pass
    assert not FileUse.objects.exists()


# ---- refusals


def test_a_file_above_the_limit_is_refused_with_the_limit(store, settings):
    settings.UPLOAD_LIMIT = 2 << 20
    with pytest.raises(RuleBroken, match="超过 2 MB"):
        store(PDF + b"0" * (2 << 20))
    assert not StoredFile.objects.exists()


def test_an_empty_file_is_refused(store):
    with pytest.raises(RuleBroken, match="空文件"):
        store(b"")


@pytest.mark.parametrize("name", ["病毒.exe", "网页.html", "图.svg", "无扩展名", "宏.docm"])
def test_a_kind_that_is_not_on_the_list_is_refused(store, name):
    with pytest.raises(RuleBroken, match="只收 pdf"):
        store(PDF, name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PNG, "a.pdf"),
        (PDF, "a.png"),
        (package("xl/workbook.xml"), "a.docx"),  # a spreadsheet is no text
        (b"PK\x03\x04 broken", "a.xlsx"),
        (b"MZ\x90\x00", "a.txt"),  # a program is no text
        (b"\xff\xd8", "a.jpg"),
    ],
)
def test_bytes_that_are_not_what_the_name_says_are_refused(store, content, name):
    with pytest.raises(RuleBroken, match="与扩展名不符"):
        store(content, name)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PNG, "图.PNG", "image/png"),
        (package("word/document.xml"), "a.docx", files._WORD),
        (package("xl/workbook.xml"), "a.xlsx", files._EXCEL),
        (package("OFD.xml"), "公文.ofd", "application/ofd"),
        ("表头,数值".encode("gb18030"), "a.csv", "text/csv"),
    ],
)
def test_the_media_type_comes_from_the_name_once_the_bytes_agree(store, content, name, media_type):
    assert store(content, name).media_type == media_type


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\桌面\\依据.pdf", "依据.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),  # an override that turns the reading order
        (".pdf", "文件.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        (' a"b;c%.pdf ', "abc.pdf"),
    ],
)
def test_names_are_cleaned(name, clean):
    assert files.clean_name(name) == clean


# ---- delivery


def get(client, face, use, **headers):
    response = client.get(reverse(f"{face}:file", args=[use.public_id]), headers=headers)
    if response.streaming:
        response.body = b"".join(response.streaming_content)
        response.close()
    return response


def test_the_address_is_random_and_holds_no_key(store):
    use = store()
    assert len(use.public_id) >= 16
    assert str(use.pk) != use.public_id


def test_a_public_file_is_delivered_to_everybody(client, store):
    assert get(client, "portal", store(visibility="public")).body == PDF


def test_a_file_of_the_desk_does_not_exist_for_the_public(client, store):
    assert get(client, "portal", store()).status_code == 404


def test_a_stranger_is_sent_to_the_sign_in(client, store):
    assert get(client, "desk", store()).status_code == 302


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("bureau_clerk", 200),
        ("office_clerk", 200),  # by a role above
        ("administrator", 403),  # holds no business verb
    ],
)
def test_on_the_desk_a_role_at_the_agency_or_above_opens_a_file(client, store, request, who, status):
    client.force_login(request.getfixturevalue(who), backend="django.contrib.auth.backends.ModelBackend")
    assert get(client, "desk", store()).status_code == status


def test_a_role_next_door_does_not_open_a_file(client, store, town):
    from tests.district import make_staff

    client.force_login(make_staff("zhen", "镇科员", town, "clerk"), backend="django.contrib.auth.backends.ModelBackend")
    assert get(client, "desk", store()).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "made_here", "disposition"),
    [
        (PDF, "上传.pdf", False, "attachment"),
        (PDF, "年报.pdf", True, "inline"),
        (PNG, "图.png", False, "inline"),
        (b"a,b", "a.csv", True, "attachment"),
    ],
)
def test_only_our_own_pdf_and_images_open_in_the_browser(client, store, content, name, made_here, disposition):
    use = store(content, name, visibility="public", made_here=made_here)
    assert get(client, "portal", use)["Content-Disposition"].startswith(disposition)


def test_what_others_made_cannot_run(client, store):
    response = get(client, "portal", store(visibility="public"))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_behind_a_proxy_the_proxy_sends_the_bytes(client, store, settings):
    settings.ACCEL_PREFIX = "/stored/"
    use = store(visibility="public")
    response = get(client, "portal", use)
    assert (response["X-Accel-Redirect"], response.content) == (
        f"/stored/{files.relative_path(use.file.sha256)}",
        b"",
    )


def test_a_copy_that_is_current_is_not_sent_again(client, store):
    use = store(visibility="public")
    assert get(client, "portal", use, if_none_match=f'"{use.file.sha256}"').status_code == 304


def test_lost_bytes_are_answered_with_a_sentence(client, store):
    use = store(visibility="public")
    files.path_of(use.file.sha256).unlink()
    assert get(client, "portal", use).status_code == 404


def test_a_file_for_its_owner_opens_for_nobody_else_whatever_the_role(client, government, office_clerk, approver):
    use = files.store(PDF, "申请台账.pdf", agency_id=government.pk, visibility="owner", by=office_clerk)
    for who, status in ((approver, 404), (office_clerk, 200)):
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        assert get(client, "desk", use).status_code == status
