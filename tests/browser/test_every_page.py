"""Every kind of page that can be clicked to in the demo district is styled, accessible, and fits the window.

A walk opens one page of each view that it finds a link to, so a new page is in it without being listed here.
"""

from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from gongkai.site.worlds.district import PASSWORD
from tests.browser.pages import assert_good_page, sign_in_by_form


def links_on(page) -> list[tuple[str, str]]:
    """View name and address of each link of this site; files to download are left out."""
    here = urlsplit(page.url).netloc
    found = page.eval_on_selector_all("a[href]:not([download])", "links => links.map(link => link.href)")
    links = []
    for address in map(urlsplit, dict.fromkeys(found)):
        if address.netloc != here or "format=" in address.query:
            continue
        plain = address.path.removeprefix("/elder") if address.path.startswith("/elder/") else address.path
        try:
            links.append((resolve(plain).view_name, address.path))
        except Resolver404:
            pytest.fail(f"{page.url} links to {address.path}, which is no page")
    return links


def walk(page, start: str, *, stay: str) -> set[str]:
    """Open one page of each view reachable from `start` within `stay`; each must be good. Returns the views opened."""
    waiting, known, opened = [start], set(), set()
    while waiting:
        path = waiting.pop(0)
        answer = page.request.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue  # a file: it came, and there is no page to look at
        response = page.goto(path)
        assert response is not None
        assert_good_page(page)
        opened.add(path)
        for name, link in links_on(page):
            if name not in known and link.startswith(stay):
                known.add(name)
                if link not in opened:
                    waiting.append(link)
    return known


@pytest.mark.parametrize(("username", "width"), [("shen", 1280), ("shen", 375), ("gu", 1280), ("jiaoyu1", 375)])
def test_every_desk_page_is_good(world_server, open_page, username, width):
    page = open_page(world_server("today"), width)
    sign_in_by_form(page, username, PASSWORD)
    opened = walk(page, "/desk/", stay="/desk/")
    assert {"desk:applications", "desk:application", "desk:reports", "desk:report", "desk:returns"} <= opened


def test_every_desk_page_of_an_administrator_is_good(world_server, open_page):
    page = open_page(world_server("today"), 1280)
    sign_in_by_form(page, "guanli", PASSWORD)
    opened = walk(page, "/desk/", stay="/desk/")
    assert {"desk:agencies", "desk:staff", "desk:journal"} <= opened
    assert not {"desk:applications", "desk:application", "desk:records", "desk:returns"} & opened


@pytest.mark.parametrize(("start", "width"), [("/", 1280), ("/", 375), ("/elder/", 1280)])
def test_every_portal_page_is_good(world_server, open_page, start, width):
    page = open_page(world_server("today"), width)
    opened = walk(page, start, stay=start)
    assert {"portal:records", "portal:record", "portal:reports", "portal:report", "portal:apply"} <= opened
