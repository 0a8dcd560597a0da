"""The first page of the desk: 今天."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from gongkai.base.http import StaffRequest, desk_page


@desk_page()
def today(request: StaffRequest) -> HttpResponse:
    """What is due, by clock."""
    return render(request, "desk/today.html")


urlpatterns = [path("", today, name="today")]
