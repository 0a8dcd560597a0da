"""What the browser tests do on a page, and what every page must be: styled, accessible, without sideways scrolling."""

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
ACCESSIBILITY_TAGS = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")


def sign_in(page: "Page", user: Any) -> None:
    """Sign a member of staff in on the live server, past the sign-in page (which has tests of its own)."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    client = Client()
    client.force_login(user)
    page.goto(reverse(settings.LOGIN_URL))
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "domain": urlsplit(page.url).hostname or "",
                "path": settings.SESSION_COOKIE_PATH,
            }
        ]
    )


def sign_in_by_form(page: "Page", username: str, password: str) -> None:
    """Sign in as a person does, on any server: used with the sample accounts of a demo world."""
    from django.conf import settings
    from django.urls import reverse

    page.goto(reverse(settings.LOGIN_URL))
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()


def assert_good_page(page: "Page") -> None:
    """All that must hold on every page."""
    assert_styled(page)
    assert_no_sideways_scroll(page)
    assert_accessible(page)


def assert_styled(page: "Page") -> None:
    """The product's stylesheet was loaded and applied: its colour tokens are in force."""
    token = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--main').trim()")
    assert token, f"no stylesheet on {page.url}"


def assert_no_sideways_scroll(page: "Page") -> None:
    """Nothing is wider than the window (a wide table scrolls inside its own frame)."""
    wide = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll("body *")]
                .filter((element) => element.getBoundingClientRect().right > width + 1)
                .slice(0, 5)
                .map((element) => `${element.tagName.toLowerCase()}.${element.className}`)
                .concat(`${document.documentElement.scrollWidth} > ${width}`);
        }"""
    )
    assert not wide, f"{page.url} scrolls sideways: {', '.join(wide)}"


def assert_accessible(page: "Page") -> None:
    """No violation of WCAG 2.0 to 2.2, levels A and AA, that axe-core can find."""
    page.evaluate(_axe_source())
    result = page.evaluate(
        "tags => axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })",
        list(ACCESSIBILITY_TAGS),
    )
    violations = [
        f"{violation['id']} ({violation['help']}): {'; '.join(node['html'][:160] for node in violation['nodes'][:3])}"
        for violation in result["violations"]
    ]
    assert not violations, f"{page.url} is not accessible:\n" + "\n".join(violations)


@functools.cache
def _axe_source() -> str:
    return AXE.read_text(encoding="utf-8")
