"""Addresses of this ledger, on the desk and on the portal."""

from django.urls import URLPattern, path

from gongkai.ledgers.records import desk, public

desk_urlpatterns: list[URLPattern] = [
    path("records/", desk.index, name="records"),
    path("records/new/", desk.new, name="record_new"),
    path("records/<int:pk>/", desk.detail, name="record"),
    path("records/<int:pk>/edit/", desk.edit, name="record_edit"),
    path("records/<int:pk>/status/", desk.status, name="record_status"),
    path("records/<int:pk>/publish/", desk.publish, name="record_publish"),
    path("records/publications/<int:pk>/withdraw/", desk.withdraw, name="publication_withdraw"),
    path("records/outlets/", desk.outlets, name="outlets"),
    path("records/outlets/new/", desk.outlet_new, name="outlet_new"),
    path("records/outlets/<int:pk>/close/", desk.outlet_close, name="outlet_close"),
    path("records/categories/", desk.categories, name="categories"),
    path("records/categories/new/", desk.category_new, name="category_new"),
    path("records/categories/<int:pk>/rename/", desk.category_rename, name="category_rename"),
]
portal_urlpatterns: list[URLPattern] = [
    path("records/", public.index, name="records"),
    path("records/<path:index_number>/", public.record, name="record"),
    path("guide/", public.guide, name="guide"),
    path("rules/", public.rules, name="rules"),
]
