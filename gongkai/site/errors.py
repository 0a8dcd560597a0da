"""Error pages in the frame of the face they happen on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def _face(request: HttpRequest) -> str:
    return "desk" if request.path.startswith("/desk/") else "portal"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it by name
    """400."""
    return render(request, "400.html", {"face": _face(request)}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: says which role would be needed when the refusal said so."""
    return render(request, "403.html", {"face": _face(request), "sentence": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404."""
    return render(request, "404.html", {"face": _face(request)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """500: static, since anything else may be what broke."""
    # Without the request no context processor runs, and so no query to a database that may be what broke.
    return HttpResponse(render_to_string("500.html"), status=500)
