"""Addresses of this app, on the desk and on the portal."""

from django.urls import URLPattern

desk_urlpatterns: list[URLPattern] = []
portal_urlpatterns: list[URLPattern] = []
