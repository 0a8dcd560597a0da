"""Delivery of stored files: a permission check, random addresses, and headers under which a file cannot run here."""

from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from gongkai.base import files
from gongkai.base.http import StaffRequest, desk_page
from gongkai.base.models import FileUse
from gongkai.base.permissions import BUSINESS_ROLES, agencies_for, declare

declare("files.view", "查看文件", BUSINESS_ROLES)


@desk_page("files.view")
@require_safe
def desk_file(request: StaffRequest, public_id: str) -> HttpResponseBase:
    """A file of an agency at which the user works, or of one below it; public ones for everybody on the desk.

    A file for its owner alone (an uploaded sheet that may name applicants) opens for nobody else, whatever the role.
    """
    use = get_object_or_404(FileUse.objects.select_related("file"), public_id=public_id)
    if not _may_open(request, use):
        raise Http404("没有这个文件，或者不属于您可以查看的单位。")
    return deliver(request, use)


def _may_open(request: StaffRequest, use: FileUse) -> bool:
    if use.visibility == "owner":
        return bool(use.added_by_id == request.user.pk)
    return use.visibility == "public" or use.agency_id in agencies_for(request.user, "files.view")


@require_safe
def public_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """A file that everybody may see. One that may not be seen is answered like one that does not exist."""
    uses = FileUse.objects.select_related("file").filter(visibility="public")
    return deliver(request, get_object_or_404(uses, public_id=public_id))


def deliver(request: HttpRequest, use: FileUse) -> HttpResponseBase:
    """The answer with the bytes, or (behind a proxy) the order to the proxy to send them."""
    etag = f'"{use.file.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None and unchanged.status_code == 304:
        return unchanged
    response: HttpResponse | FileResponse
    if settings.ACCEL_PREFIX:
        response = HttpResponse(content_type=use.media_type)
        prefix = settings.ACCEL_PREFIX.rstrip("/")
        response["X-Accel-Redirect"] = f"{prefix}/{files.relative_path(use.file.sha256)}"
    else:
        try:
            response = FileResponse(files.open_file(use), content_type=use.media_type)
        except FileNotFoundError as lost:
            raise Http404("这个文件的内容不在存储中，请告知系统管理员。") from lost
    is_ours = use.made_here and use.media_type == "application/pdf"
    shown = is_ours or use.media_type in files.SHOWN_INLINE
    response["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; {_names(use.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-cache" if use.visibility == "public" else "private, no-store"
    response["ETag"] = etag
    if not is_ours:
        # A PDF reader inside the browser does not run in a sandbox; what others made is downloaded or is an image.
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _names(name: str) -> str:
    """The name for old and for new browsers."""
    plain = "file" + Path(name).suffix.encode("ascii", "ignore").decode()
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
