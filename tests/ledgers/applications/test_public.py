"""The portal's page about applying."""

from datetime import date

import pytest
from django.urls import reverse

from gongkai.base import clock
from gongkai.ledgers.applications import actions

pytestmark = pytest.mark.django_db


def page(client, **query):
    return client.get(reverse("portal:apply"), query).content.decode()


def test_the_page_says_how_when_and_what_then(client, government):
    text = page(client)
    for word in ("当面、传真、网络、信函", "联系方式", "20 个工作日", "行政复议", "最迟"):
        assert word in text


def test_the_last_day_is_that_of_the_law(client, government):
    with clock.frozen(date(2021, 3, 18)):
        assert "2021-04-16" in page(client)


def test_a_last_day_that_is_not_known_is_not_named(client, government):
    with clock.frozen(date(2026, 12, 31)):
        assert "最迟" not in page(client)


def test_reconsideration_comes_first_since_2024(client, government):
    assert "应当先申请行政复议" not in page(client)
    with clock.frozen(date(2024, 1, 2)):
        assert "应当先申请行政复议" in page(client)


def test_the_only_figures_are_totals_by_agency_and_year(client, application, bureau_clerk):
    actions.close_application(application, by=bureau_clerk, on=date(2020, 11, 18), outcome="granted")
    with clock.frozen(date(2021, 1, 15)):
        text = page(client)
    assert "示范区教育局" in text
    for secret in ("申请人甲", application.number, application.description, "房屋征收补偿", application.public_id):
        assert secret not in text


def test_another_year_can_be_asked_for_and_nonsense_cannot_hurt(client, application):
    with clock.frozen(date(2022, 1, 15)):
        assert "2020 年收到和办结的申请" in page(client, year="2020")
        assert "2021 年收到和办结的申请" in page(client, year="x' OR 1")
        assert "2021 年收到和办结的申请" in page(client, year="1066")


def test_the_page_needs_few_queries(client, application, django_assert_max_num_queries):
    page(client)
    with django_assert_max_num_queries(10):
        page(client)
