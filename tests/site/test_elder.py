"""The version for the elderly under `/elder/`."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template import Context, Template
from django.templatetags.static import static
from django.test import RequestFactory
from django.urls import get_script_prefix, include, path, reverse

from gongkai.site.elder import ElderMiddleware, elder_address, plain_address


def page(request, year=0):
    return HttpResponse(f"{request.elder} {reverse('portal:report', args=[2020])} {static('gongkai/gongkai.css')}")


def handler404(request, exception):
    return HttpResponse(status=404)


portal = ([path("reports/<int:year>/", page, name="report"), path("", page, name="home")], "portal")
urlpatterns = [path("", include(portal))]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def only_what_matters_here(settings):
    settings.MIDDLEWARE = ["gongkai.site.elder.ElderMiddleware", "django.middleware.common.CommonMiddleware"]


def test_the_prefix_opens_the_same_page(client):
    assert client.get("/elder/reports/2020/").content.decode().startswith("True ")


def test_links_of_an_elder_page_stay_elder(client):
    assert " /elder/reports/2020/ " in client.get("/elder/").content.decode()


def test_the_stylesheet_is_not_below_the_prefix(client):
    assert client.get("/elder/").content.decode().endswith(" /static/gongkai/gongkai.css")
    assert settings.STATIC_URL.startswith("/")


def test_a_plain_page_after_an_elder_page_has_plain_links(client):
    client.get("/elder/")
    assert client.get("/").content.decode().startswith("False /reports/2020/ ")


def test_the_prefix_is_taken_back_when_the_page_fails():
    def broken(request):
        raise LookupError

    with pytest.raises(LookupError):
        ElderMiddleware(broken)(RequestFactory().get("/elder/"))
    assert get_script_prefix() == "/"


def test_the_prefix_alone_leads_to_the_elder_home_page_with_its_query(client):
    answer = client.get("/elder?q=1")
    assert (answer.status_code, answer["Location"]) == (301, "/elder/?q=1")


def test_an_address_that_only_begins_alike_is_not_elder(client):
    assert client.get("/elderly/").status_code == 404


def test_the_prefix_counts_once(client):
    assert client.get("/elder/elder/").status_code == 404


def test_the_desk_has_one_version(client):
    assert client.get("/elder/desk/reports/?year=2020")["Location"] == "/desk/reports/?year=2020"


def test_an_elder_page_sets_no_cookie(client):
    assert not client.get("/elder/").cookies


def answered(address, look):
    seen = []

    def answer(request):
        seen.append(look(request))
        return HttpResponse()

    ElderMiddleware(answer)(RequestFactory().get(address))
    return seen[0]


@pytest.mark.parametrize("address", ["/reports/2020/?q=1", "/elder/reports/2020/?q=1"])
def test_both_versions_lead_to_each_other(address):
    assert answered(address, elder_address) == "/elder/reports/2020/?q=1"
    assert answered(address, plain_address) == "/reports/2020/?q=1"


def test_the_frame_offers_the_other_version():
    def tools(request):
        context = Context({"request": request})
        return Template("{% load gongkai %}{% elder_url %} {% plain_url %}").render(context)

    assert answered("/elder/x/", tools) == "/elder/x/ /x/"
