"""Signing in, and what every answer says to the browser."""

import time
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.urls import reverse

from gongkai.base.models import FileUse
from tests.district import PASSWORD
from tests.security.conftest import DESK, World, body_of

SIGN_IN = "/desk/sign-in/"


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


@pytest.mark.parametrize(
    "following",
    [
        "https://elsewhere.example/desk/",
        "//elsewhere.example/desk/",
        "///elsewhere.example/desk/",
        "/\\elsewhere.example/desk/",
        "http:///elsewhere.example/desk/",
        "javascript:alert(1)//desk/",
        "/desk/\r\nSet-Cookie: a=b",
        "http://[/desk/",
        "/records/",
        "\x00/desk/",
    ],
)
def test_after_signing_in_nobody_is_led_away_from_the_desk(office_clerk: Any, following: str):
    response = sign_in(Client(), "shen", next=following)
    assert response.status_code == 302
    assert response["Location"].startswith("/desk/")
    assert "elsewhere" not in response["Location"].split("?")[0]
    assert "\n" not in response["Location"]


def test_signing_in_changes_the_key_of_the_session(office_clerk: Any):
    client = Client()
    client.cookies["sessionid"] = "chosen-by-somebody-else"
    response = sign_in(client, "shen")
    assert response.cookies["sessionid"].value != "chosen-by-somebody-else"


def test_signing_out_leaves_nothing_of_the_session(office_clerk: Any):
    client = Client()
    sign_in(client, "shen")
    key = client.cookies["sessionid"].value
    client.post("/desk/sign-out/")
    client.cookies["sessionid"] = key
    assert client.get("/desk/").status_code == 302


def test_the_cookies_reach_neither_scripts_nor_the_portal(office_clerk: Any):
    client = Client()
    client.get(SIGN_IN)
    response = sign_in(client, "shen")
    cookies = {**client.cookies, **response.cookies}
    assert set(cookies) == {"sessionid", "csrftoken"}
    for cookie in cookies.values():
        assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/desk/", "Lax")


def test_an_unknown_name_costs_as_much_hashing_as_a_known_one(office_clerk: Any, monkeypatch: pytest.MonkeyPatch):
    made: list[str] = []
    kind = type(hashers.get_hasher())
    encode = kind.encode

    def counted(self: Any, password: str, salt: str) -> str:
        made.append(password)
        return str(encode(self, password, salt))

    monkeypatch.setattr(kind, "encode", counted)
    counts = []
    for name in ("shen", "nobody-of-that-name"):
        made.clear()
        started = time.perf_counter()
        assert sign_in(Client(), name, "wrong-password-1").status_code == 400
        counts.append(len(made))
        assert time.perf_counter() - started < 5
    assert counts[0] == counts[1] == 1


def test_lockout_says_the_same_of_a_name_that_nobody_has(office_clerk: Any):
    told = []
    for name in ("shen", "nobody-of-that-name"):
        answers = [sign_in(Client(), name, "wrong-password-1").content.decode() for _ in range(6)]
        told.append(["已锁定" in answer for answer in answers])
    assert told[0] == told[1]
    assert told[0][-1]


def test_a_locked_account_opens_from_nowhere_with_the_right_password(office_clerk: Any):
    for _ in range(5):
        sign_in(Client(REMOTE_ADDR="10.0.0.1"), "shen", "wrong-password-1")
    assert sign_in(Client(REMOTE_ADDR="10.0.0.2"), "shen").status_code == 400


# ---- headers


def checked(response: Any) -> None:
    policy = response["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"


def test_every_answer_says_what_the_browser_may_do(world: World):
    client = Client(raise_request_exception=False)
    client.force_login(world.clerk)
    for name in DESK:
        response = client.get(world.address(name))
        body_of(response)
        checked(response)
    for address in (*world.portal.values(), "/nowhere/", "/elder", "/elder/", "/?q=%00", "/desk/nowhere/"):
        response = client.get(address)
        body_of(response)
        checked(response)


def test_a_strange_host_gets_400_with_the_same_headers(world: World):
    for address in ("/", "/desk/", "/desk/sign-in/", "/records/", "/sitemap.xml"):
        response = Client(raise_request_exception=False, headers={"host": "elsewhere.example"}).get(address)
        assert response.status_code == 400, address
        assert "elsewhere" not in body_of(response)
        checked(response)


def test_a_fault_of_the_program_tells_nothing_and_keeps_its_headers(world: World, monkeypatch: pytest.MonkeyPatch):
    from gongkai.ledgers.applications import queries

    def broken(_user: Any) -> Any:
        raise KeyError("标记：身份证号")

    monkeypatch.setattr(queries, "visible_to", broken)
    client = Client(raise_request_exception=False)
    client.force_login(world.clerk)
    response = client.get(world.address("application"))
    assert response.status_code == 500
    assert "标记" not in body_of(response)
    assert "Traceback" not in body_of(response)
    checked(response)
    assert "no-store" in response["Cache-Control"]


def test_no_answer_of_the_desk_is_kept_by_anybody(world: World):
    client = Client()
    client.force_login(world.clerk)
    for name in DESK:
        for query in ("", "?format=csv"):
            response = client.get(world.address(name) + query)
            body_of(response)
            assert "no-store" in response["Cache-Control"], name
            assert "public" not in response["Cache-Control"], name


def test_a_page_of_the_portal_is_the_same_for_somebody_who_is_signed_in(world: World):
    client = Client()
    client.force_login(world.clerk)
    for name, address in world.portal.items():
        own, everybodys = client.get(address), Client().get(address)
        assert not own.cookies, name
        assert "Cookie" not in own.get("Vary", ""), name
        assert body_of(own) == body_of(everybodys), name


def test_behind_a_proxy_cookies_are_secure_and_the_site_is_only_by_https():
    """Read in a program of its own: settings are made once."""
    import os
    import subprocess
    import sys

    code = (
        "from gongkai.site import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_PROXY_SSL_HEADER)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "GONGKAI_BEHIND_PROXY": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.split(" ", 3)[:3] == ["True", "True", "31536000"]
    assert "HTTP_X_FORWARDED_PROTO" in told


def test_a_form_can_only_be_sent_by_post_with_a_token(world: World):
    """What lists offer as links only looks; a page with a form of its own carries the token."""
    client = Client()
    client.force_login(world.clerk)
    for name in DESK:
        response = client.get(world.address(name))
        if response.streaming or response.status_code != 200 or "html" not in response["Content-Type"]:
            body_of(response)
            continue
        page = response.content.decode()
        for form in page.split("<form")[1:]:
            head, inside = form.split(">", 1)
            if 'method="post"' in head:
                assert "csrfmiddlewaretoken" in inside.split("</form>")[0], name


def test_no_page_holds_a_script_or_a_style_of_its_own(world: World):
    client = Client()
    client.force_login(world.clerk)
    addresses = [*(world.address(name) for name in DESK), *world.portal.values(), "/nowhere/", SIGN_IN]
    for address in addresses:
        text = body_of(client.get(address))
        assert "<style" not in text, address
        assert " style=" not in text, address
        assert " onclick=" not in text, address
        for script in text.split("<script")[1:]:
            assert " src=" in script.split(">")[0], address


def test_a_stored_file_is_downloaded_and_cannot_run(world: World):
    client = Client()
    client.force_login(world.clerk)
    response = client.get(world.address("file"))
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]
    body_of(response)
    use = FileUse.objects.get(public_id=world.keys["file"]["public_id"])
    assert Client().get(reverse("portal:file", args=[use.public_id])).status_code == 404
