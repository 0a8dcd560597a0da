"""Addresses of the plumbing, on the desk and on the portal."""

from django.urls import URLPattern, path

from gongkai.base import delivery, desk

desk_urlpatterns: list[URLPattern] = [
    path("files/<str:public_id>/", delivery.desk_file, name="file"),
    path("calendar/", desk.calendar, name="calendar"),
    path("calendar/enter/", desk.calendar_enter, name="calendar_enter"),
    path("calendar/<int:pk>/change/", desk.calendar_change, name="calendar_change"),
    path("journal/", desk.journal_page, name="journal"),
    path("journal/verify/", desk.journal_verify, name="journal_verify"),
]
portal_urlpatterns: list[URLPattern] = [
    path("files/<str:public_id>/", delivery.public_file, name="file"),
]
