"""Addresses of this ledger, on the desk and on the portal."""

from django.urls import URLPattern, path

from gongkai.ledgers.normative import desk, public

desk_urlpatterns: list[URLPattern] = [
    path("normative/", desk.index, name="normative"),
    path("normative/new/", desk.new, name="normative_new"),
    path("normative/<int:pk>/", desk.detail, name="normative_document"),
    path("normative/<int:pk>/edit/", desk.edit, name="normative_edit"),
    path("normative/<int:pk>/repeal/", desk.repeal, name="normative_repeal"),
    path("normative/<int:pk>/lapse/", desk.lapse, name="normative_lapse"),
    path("normative/<int:pk>/extend/", desk.extend, name="normative_extend"),
]
portal_urlpatterns: list[URLPattern] = [path("normative/", public.index, name="normative")]
