"""A headless Chromium, a server on loopback, and guards that fail a test for what a person would not notice.

Fixtures: `page` (1280 pixels wide) and `phone` (375) look at pytest-django's `live_server`; `page_at_each_width` runs a
test at both; `open_page(base_url, width)` looks at any other server on this machine; `world_server(name)` builds a demo
world once a session and serves it by the real command. Helpers for what is on a page: `tests.browser.pages`.
"""

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, Route, sync_playwright

DESKTOP, PHONE = 1280, 375
HEIGHT = {DESKTOP: 900, PHONE: 812}
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
WORLD_SECONDS = 300
GONGKAI = Path(__file__).parents[2] / ".venv" / "bin" / "gongkai"


class OpenPage(Protocol):
    """Opens a guarded page on a server of this machine; relative addresses start at `base_url`."""

    def __call__(self, base_url: str, width: int = DESKTOP) -> Page: ...


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On SQLite the server's threads need a file: a database in memory would be one connection shared by all."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session; its pages share nothing, each has a context of its own."""
    program = next(
        (found for name in _browser_names() if (found := shutil.which(name))),
        None,
    )
    if program is None:
        pytest.fail(
            "No Chromium here, and the browser tests are never left out: apt-get install chromium", pytrace=False
        )
    # Playwright's synchronous interface runs an event loop in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


def _browser_names() -> tuple[str, ...]:
    named = os.environ.get("GONGKAI_TEST_CHROMIUM")
    return (named,) if named else ("chromium", "chromium-browser")


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Pages that refuse every other host; after the test, what went wrong on any of them fails it."""
    problems: list[str] = []
    with ExitStack() as contexts:

        def open_guarded(base_url: str, width: int = DESKTOP) -> Page:
            context = chromium.new_context(
                base_url=base_url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=_viewport(width)
            )
            contexts.callback(context.close)
            context.set_default_timeout(15_000)
            context.route("**/*", _refuse_other_hosts(problems))
            page = context.new_page()
            page.on("console", _note_console_error(problems))
            page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
            page.on("response", _note_failed_response(problems))
            return page

        yield open_guarded
    if problems:
        pytest.fail("The browser complained:\n" + "\n".join(problems), pytrace=False)


@pytest.fixture
def page(open_page: OpenPage, live_server: Any) -> Page:
    """A page 1280 pixels wide on the live server."""
    return open_page(live_server.url, DESKTOP)


@pytest.fixture
def phone(open_page: OpenPage, live_server: Any) -> Page:
    """A page 375 pixels wide on the live server."""
    return open_page(live_server.url, PHONE)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["1280", "375"])
def page_at_each_width(request: pytest.FixtureRequest, open_page: OpenPage, live_server: Any) -> Page:
    """A page on the live server; the test runs once at each width."""
    return open_page(live_server.url, request.param)


@pytest.fixture(scope="session")
def world_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """`world_server("licheng-2020")` is the address of that demo world, built in an embedded database of its own."""
    addresses: dict[str, str] = {}
    with ExitStack() as servers:

        def serve(name: str) -> str:
            if name not in addresses:
                folder = tmp_path_factory.mktemp(f"world-{name}")
                addresses[name] = servers.enter_context(_served_world(name, folder))
            return addresses[name]

        yield serve


class _served_world:  # noqa: N801 (used like a function)
    """A demo world served by `gongkai demo` in a process of its own, ended by its own process id."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder

    def __enter__(self) -> str:
        port = _free_port()
        environment = {name: value for name, value in os.environ.items() if name != "GONGKAI_DATABASE_URL"}
        self.log = (self.folder / "server.log").open("wb")
        self.process = subprocess.Popen(
            [GONGKAI, "demo", "--world", self.name, "--port", str(port)],
            env={**environment, "GONGKAI_DATA": str(self.folder / "data")},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        address = f"http://127.0.0.1:{port}"
        give_up_at = time.monotonic() + WORLD_SECONDS
        while not _answers(address):
            if self.process.poll() is not None or time.monotonic() > give_up_at:
                said = (self.folder / "server.log").read_text(errors="replace")[-2000:]
                self.__exit__()
                pytest.fail(f"gongkai demo --world {self.name} does not answer:\n{said}", pytrace=False)
            time.sleep(0.2)
        return address

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False


def _viewport(width: int) -> Any:
    return {"width": width, "height": HEIGHT.get(width, 900)}


def _refuse_other_hosts(problems: list[str]) -> Callable[[Route], None]:
    def handle(route: Route) -> None:
        if urlsplit(route.request.url).hostname in LOOPBACK:
            route.continue_()
        else:
            problems.append(f"request to another host: {route.request.url}")
            route.abort()

    return handle


def _note_console_error(problems: list[str]) -> Callable[[ConsoleMessage], None]:
    """Errors of scripts and violations of the content security policy; failed loads are judged by their response."""

    def handle(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(f"console: {message.text}")

    return handle


def _note_failed_response(problems: list[str]) -> Callable[[Response], None]:
    """A page may answer 403 or 404 on purpose; what it loads may not, and a server error is never on purpose."""

    def handle(response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and not response.request.is_navigation_request()):
            problems.append(f"{response.status} {response.url}")

    return handle
