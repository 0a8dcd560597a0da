"""All addresses: the portal at the root, the desk under /desk/. Each app lists its own in `urls.py`."""

from django.urls import URLPattern, URLResolver, include, path

from gongkai.base import urls as base
from gongkai.ledgers.agencies import urls as agencies
from gongkai.ledgers.applications import urls as applications
from gongkai.ledgers.normative import urls as normative
from gongkai.ledgers.records import urls as records
from gongkai.ledgers.remedies import urls as remedies
from gongkai.ledgers.returns import urls as returns
from gongkai.reporting.annual_reports import urls as annual_reports
from gongkai.reporting.indicators import urls as indicators
from gongkai.site import desk, outside_tables, portal, reports
from gongkai.site.imports import urls as imports

LEDGERS = (agencies, records, normative, applications, remedies, returns)
APPS = (base, *LEDGERS, indicators, annual_reports, imports, reports, outside_tables)

desk_urlpatterns: list[URLPattern | URLResolver] = [*desk.urlpatterns]
portal_urlpatterns: list[URLPattern | URLResolver] = [*portal.urlpatterns]
for app in APPS:
    desk_urlpatterns += app.desk_urlpatterns
    portal_urlpatterns += app.portal_urlpatterns

urlpatterns = [
    path("desk/", include((desk_urlpatterns, "desk"))),
    path("", include((portal_urlpatterns, "portal"))),
]

handler400 = "gongkai.site.errors.bad_request"
handler403 = "gongkai.site.errors.forbidden"
handler404 = "gongkai.site.errors.not_found"
handler500 = "gongkai.site.errors.server_error"
