"""Addresses of this app, on the desk and on the portal."""

from django.urls import URLPattern, path

from gongkai.reporting.annual_reports import public
from gongkai.reporting.annual_reports.desk import figures, freezing, january_round, listing, pages, writing

desk_urlpatterns: list[URLPattern] = [
    path("reports/", listing.index, name="reports"),
    path("reports/new/", listing.new, name="report_new"),
    path("reports/<int:pk>/", pages.report, name="report"),
    path("reports/<int:pk>/sections/<int:place>/", pages.section, name="report_section"),
    path("reports/<int:pk>/sections/<int:place>/write/", writing.write, name="report_write"),
    path("reports/<int:pk>/sections/<int:place>/last-year/", writing.last_year, name="report_last_year"),
    path("reports/<int:pk>/cells/<str:code>/", figures.cell, name="report_cell"),
    path("reports/<int:pk>/cells/<str:code>/hand/", writing.hand, name="report_hand"),
    path("reports/<int:pk>/cells/<str:code>/hand/remove/", writing.hand_remove, name="report_hand_remove"),
    path("reports/<int:pk>/figures/<path:token>/", figures.figure, name="report_figure"),
    path("reports/<int:pk>/checks/", pages.checks, name="report_checks"),
    path("reports/<int:pk>/compare/", pages.compare, name="report_compare"),
    path("reports/<int:pk>/explain/", writing.explain, name="report_explain"),
    path("reports/<int:pk>/scope/", writing.scope, name="report_scope"),
    path("reports/<int:pk>/points/", writing.points, name="report_points"),
    path("reports/<int:pk>/propose/", freezing.propose, name="report_propose"),
    path("reports/<int:pk>/freeze/", freezing.freeze, name="report_freeze"),
    path("reports/<int:pk>/withdraw/", freezing.withdraw, name="report_withdraw"),
    path("reports/<int:pk>/correct/", freezing.correct, name="report_correct"),
    path("reports/<int:pk>/submit/", freezing.submit, name="report_submit"),
    path("reports/<int:pk>/file/<str:kind>/", pages.file, name="report_file"),
    path("round/", january_round.index, name="round"),
    path("round/submissions/<int:pk>/", january_round.submission, name="round_submission"),
    path("round/submissions/<int:pk>/accept/", january_round.accept, name="round_accept"),
    path("round/submissions/<int:pk>/return/", january_round.send_back, name="round_return"),
    path("round/roll-up/", january_round.roll_up, name="round_roll_up"),
]
portal_urlpatterns: list[URLPattern] = [
    path("reports/", public.index, name="reports"),
    path("reports/<int:year>/<slug:slug>/", public.report, name="report"),
    path("reports/<int:year>/<slug:slug>/versions/<int:number>/", public.version, name="report_version"),
    path("reports/<int:year>/<slug:slug>/<int:number>/file/<str:kind>/", public.file, name="report_file"),
    path("reports/<int:year>/<slug:slug>/<int:number>/cells/<str:code>/", public.cell, name="report_cell"),
    path("reports/<int:year>/<slug:slug>/<int:number>/figures/<path:token>/", public.figure, name="report_figure"),
]
