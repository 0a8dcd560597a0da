"""Addresses of this ledger; it has no public page: its figures are public in the annual report."""

from django.urls import URLPattern, path

from gongkai.ledgers.remedies import desk

desk_urlpatterns: list[URLPattern] = [
    path("remedies/", desk.index, name="remedies"),
    path("remedies/new/", desk.new, name="remedy_new"),
    path("remedies/<int:pk>/", desk.detail, name="remedy"),
    path("remedies/<int:pk>/decide/", desk.decide, name="remedy_decide"),
    path("remedies/<int:pk>/assign/", desk.assign, name="remedy_assign"),
    path("remedies/<int:pk>/change/", desk.change, name="remedy_change"),
]
portal_urlpatterns: list[URLPattern] = []
