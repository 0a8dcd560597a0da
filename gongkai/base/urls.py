"""Addresses of the plumbing, on the desk and on the portal."""

from django.urls import URLPattern, path

from gongkai.base import delivery

desk_urlpatterns: list[URLPattern] = [
    path("files/<str:public_id>/", delivery.desk_file, name="file"),
]
portal_urlpatterns: list[URLPattern] = [
    path("files/<str:public_id>/", delivery.public_file, name="file"),
]
