"""The first page of the portal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def home(request: HttpRequest) -> HttpResponse:
    """Search, the statutory entries, what is new."""
    return render(request, "portal/home.html")


urlpatterns = [path("", home, name="home")]
