"""Addresses of this app, on the desk and on the portal."""

from django.urls import URLPattern, path

from gongkai.reporting.indicators import desk, public

desk_urlpatterns: list[URLPattern] = [
    path("indicators/", desk.index, name="indicators"),
    path("indicators/<str:name>/", desk.indicator, name="indicator"),
    path("indicators/<str:name>/rows/", desk.indicator_rows, name="indicator_rows"),
]
portal_urlpatterns: list[URLPattern] = [path("indicators/<str:name>/", public.indicator, name="indicator")]
