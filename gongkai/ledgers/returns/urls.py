"""Addresses of this ledger; it has no public page: its figures are public in the annual report."""

from django.urls import URLPattern, path

from gongkai.ledgers.returns import desk

desk_urlpatterns: list[URLPattern] = [
    path("returns/", desk.index, name="returns"),
    path("returns/new/", desk.new, name="return_new"),
    path("returns/missing/", desk.missing, name="returns_missing"),
    path("returns/<int:pk>/", desk.detail, name="return"),
    path("returns/<int:pk>/confirm/", desk.confirm, name="return_confirm"),
    path("returns/<int:pk>/correct/", desk.correct, name="return_correct"),
    path("returns/<int:pk>/withdraw/", desk.withdraw, name="return_withdraw"),
]
portal_urlpatterns: list[URLPattern] = []
