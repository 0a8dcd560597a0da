"""Addresses of this app, on the desk and on the portal."""

from django.urls import URLPattern, path

from gongkai.reporting.annual_reports import desk, public, round_desk

desk_urlpatterns: list[URLPattern] = [
    path("reports/", desk.index, name="reports"),
    path("reports/new/", desk.new, name="report_new"),
    path("reports/<int:pk>/", desk.report, name="report"),
    path("reports/<int:pk>/sections/<int:place>/", desk.section, name="report_section"),
    path("reports/<int:pk>/sections/<int:place>/write/", desk.write, name="report_write"),
    path("reports/<int:pk>/sections/<int:place>/last-year/", desk.last_year, name="report_last_year"),
    path("reports/<int:pk>/cells/<str:code>/", desk.cell, name="report_cell"),
    path("reports/<int:pk>/cells/<str:code>/hand/", desk.hand, name="report_hand"),
    path("reports/<int:pk>/cells/<str:code>/hand/remove/", desk.hand_remove, name="report_hand_remove"),
    path("reports/<int:pk>/figures/<path:token>/", desk.figure, name="report_figure"),
    path("reports/<int:pk>/checks/", desk.checks, name="report_checks"),
    path("reports/<int:pk>/compare/", desk.compare, name="report_compare"),
    path("reports/<int:pk>/explain/", desk.explain, name="report_explain"),
    path("reports/<int:pk>/scope/", desk.scope, name="report_scope"),
    path("reports/<int:pk>/points/", desk.points, name="report_points"),
    path("reports/<int:pk>/propose/", desk.propose, name="report_propose"),
    path("reports/<int:pk>/freeze/", desk.freeze, name="report_freeze"),
    path("reports/<int:pk>/withdraw/", desk.withdraw, name="report_withdraw"),
    path("reports/<int:pk>/correct/", desk.correct, name="report_correct"),
    path("reports/<int:pk>/submit/", desk.submit, name="report_submit"),
    path("reports/<int:pk>/file/<str:kind>/", desk.file, name="report_file"),
    path("round/", round_desk.index, name="round"),
    path("round/submissions/<int:pk>/", round_desk.submission, name="round_submission"),
    path("round/submissions/<int:pk>/accept/", round_desk.accept, name="round_accept"),
    path("round/submissions/<int:pk>/return/", round_desk.send_back, name="round_return"),
    path("round/roll-up/", round_desk.roll_up, name="round_roll_up"),
]
portal_urlpatterns: list[URLPattern] = [
    path("reports/", public.index, name="reports"),
    path("reports/<int:year>/<slug:slug>/", public.report, name="report"),
    path("reports/<int:year>/<slug:slug>/versions/<int:number>/", public.version, name="report_version"),
    path("reports/<int:year>/<slug:slug>/<int:number>/file/<str:kind>/", public.file, name="report_file"),
    path("reports/<int:year>/<slug:slug>/<int:number>/cells/<str:code>/", public.cell, name="report_cell"),
    path("reports/<int:year>/<slug:slug>/<int:number>/figures/<path:token>/", public.figure, name="report_figure"),
]
