"""Addresses of importing, on the desk only."""

from django.urls import URLPattern, path

from gongkai.site.imports import desk

desk_urlpatterns: list[URLPattern] = [
    path("imports/", desk.index, name="imports"),
    path("imports/<slug:code>/", desk.upload, name="import"),
    path("imports/<slug:code>/template.xlsx", desk.template, name="import_template"),
    path("imports/<slug:code>/<str:public_id>/", desk.check, name="import_check"),
    path("imports/<slug:code>/<str:public_id>/run/", desk.run, name="import_run"),
    path("imports/<slug:code>/<str:public_id>/returned.xlsx", desk.returned, name="import_returned"),
]
portal_urlpatterns: list[URLPattern] = []
