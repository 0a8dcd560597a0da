"""The guards of the browser tests themselves: each speaks where it must, and is silent on a good page."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.conftest import (
    PHONE,
    OpenPage,
    _note_console_error,
    _note_failed_response,
    _refuse_other_hosts,
)
from tests.browser.pages import assert_accessible, assert_good_page, assert_no_sideways_scroll, assert_styled

HEAD = '<!DOCTYPE html><html lang="zh-CN"><head><meta name="viewport" content="width=device-width"><title>页</title>'
PAGES = {
    "/good": HEAD + '<link rel="stylesheet" href="/style.css"></head><body><main><h1>好</h1></main></body></html>',
    "/unstyled": HEAD + "</head><body><main><h1>无样式</h1></main></body></html>",
    "/wide": HEAD + '<link rel="stylesheet" href="/wide.css"></head><body><main><h1>宽</h1></main></body></html>',
    "/faint": HEAD + '<link rel="stylesheet" href="/faint.css"></head><body><main><h1>淡字</h1></main></body></html>',
    "/inline": HEAD + "</head><body><h1>内</h1><script>document.title = 'ran'</script></body></html>",
    "/elsewhere": HEAD + '</head><body><h1>外</h1><img alt="" src="http://elsewhere.example/pixel.png"></body></html>',
    "/missing": HEAD + '</head><body><h1>缺</h1><img alt="" src="/nothing.png"></body></html>',
    "/style.css": ":root { --main: #14535a; } body { color: #000; background: #fff; }",
    "/wide.css": "h1 { width: 2000px; }",
    "/faint.css": "h1 { color: #eee; background: #fff; }",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        text = PAGES.get(self.path)
        self.send_response(404 if text is None and self.path != "/favicon.ico" else 200)
        self.send_header(
            "Content-Type", ("text/css" if self.path.endswith(".css") else "text/html") + "; charset=utf-8"
        )
        self.send_header("Content-Security-Policy", "default-src 'self'; img-src *")
        self.end_headers()
        self.wfile.write((text or "没有").encode())

    def log_message(self, *_: object) -> None:
        """Say nothing: the test speaks."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.fixture
def problems(chromium, server, request) -> list[str]:
    """What the guards note on the page whose path the test names."""
    noted: list[str] = []
    context = chromium.new_context(base_url=server)
    context.route("**/*", _refuse_other_hosts(noted))
    page = context.new_page()
    page.on("console", _note_console_error(noted))
    page.on("response", _note_failed_response(noted))
    page.goto(request.param, wait_until="networkidle")
    context.close()
    return noted


@pytest.mark.parametrize("width", [1280, PHONE])
def test_a_good_page_passes_every_guard(open_page: OpenPage, server: str, width: int) -> None:
    page = open_page(server, width)
    page.goto("/good")
    assert_good_page(page)


def test_a_page_without_the_stylesheet_is_noticed(open_page: OpenPage, server: str) -> None:
    page = open_page(server)
    page.goto("/unstyled")
    with pytest.raises(AssertionError, match="no stylesheet"):
        assert_styled(page)


def test_a_page_that_scrolls_sideways_is_noticed(open_page: OpenPage, server: str) -> None:
    page = open_page(server, PHONE)
    page.goto("/wide")
    with pytest.raises(AssertionError, match="scrolls sideways"):
        assert_no_sideways_scroll(page)


def test_faint_text_is_noticed(open_page: OpenPage, server: str) -> None:
    page = open_page(server)
    page.goto("/faint")
    with pytest.raises(AssertionError, match="color-contrast"):
        assert_accessible(page)


def test_a_page_that_is_not_found_may_be_looked_at(open_page: OpenPage, server: str) -> None:
    response = open_page(server).goto("/no-such-page")
    assert response is not None
    assert response.status == 404


@pytest.mark.parametrize("problems", ["/good"], indirect=True)
def test_a_good_page_gives_nothing_to_note(problems: list[str]) -> None:
    assert problems == []


@pytest.mark.parametrize("problems", ["/inline"], indirect=True)
def test_a_violation_of_the_content_security_policy_is_noted(problems: list[str]) -> None:
    assert any("Content Security Policy" in problem for problem in problems)


@pytest.mark.parametrize("problems", ["/elsewhere"], indirect=True)
def test_a_request_to_another_host_is_refused_and_noted(problems: list[str]) -> None:
    assert problems == ["request to another host: http://elsewhere.example/pixel.png"]


@pytest.mark.parametrize("problems", ["/missing"], indirect=True)
def test_a_missing_file_of_a_page_is_noted(problems: list[str]) -> None:
    assert len(problems) == 1
    assert problems[0].startswith("404 ")
