"""Addresses of this ledger, on the desk and on the portal."""

from django.urls import URLPattern, path

from gongkai.ledgers.agencies.desk import sign_in

desk_urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("password/", sign_in.password, name="password"),
]
portal_urlpatterns: list[URLPattern] = []
