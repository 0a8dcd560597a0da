"""Addresses of this ledger, on the desk and on the portal."""

from django.urls import URLPattern, path

from gongkai.ledgers.applications import public
from gongkai.ledgers.applications.desk import case, listing

desk_urlpatterns: list[URLPattern] = [
    path("applications/", listing.index, name="applications"),
    path("applications/new/", case.new, name="application_new"),
    path("applications/<int:pk>/", case.detail, name="application"),
    path("applications/<int:pk>/close/", case.close, name="application_close"),
    path("applications/<int:pk>/extend/", case.extend, name="application_extend"),
    path("applications/<int:pk>/assign/", case.assign, name="application_assign"),
    path("applications/<int:pk>/change/", case.change, name="application_change"),
    path("applications/<int:pk>/correct-closing/", case.correct_closing, name="application_correct_closing"),
    path("applications/<int:pk>/reopen/", case.reopen, name="application_reopen"),
]
portal_urlpatterns: list[URLPattern] = [path("apply/", public.apply, name="apply")]
