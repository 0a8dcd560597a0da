"""Sign-in, lockout, first password, idle sign-off, sign-out: what the session does and what the journal keeps."""

import pytest
from django.conf import settings
from django.test import Client

from gongkai.base.models import JournalLine
from tests.district import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_IN = "/desk/sign-in/"


@pytest.fixture
def client() -> Client:
    return Client()


def sign_in(client, username="lin", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def test_a_member_of_staff_signs_in_and_goes_on_to_the_page_he_wanted(client, bureau_clerk):
    answer = sign_in(client, next="/desk/records/?q=1")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/records/?q=1")


def test_a_name_may_be_typed_in_capitals(client, bureau_clerk):
    assert sign_in(client, username=" LIN ").status_code == 302


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/desk/", "//elsewhere.example/desk/", "/", "javascript:1"]
)
def test_sign_in_never_leads_away_from_the_desk(client, bureau_clerk, address):
    assert sign_in(client, next=address)["Location"] == "/desk/"


def test_the_session_key_is_new_after_sign_in(client, bureau_clerk):
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key not in (None, before)


def test_the_cookie_of_the_session_is_sent_to_the_desk_only(client, bureau_clerk):
    assert sign_in(client).cookies["sessionid"]["path"] == "/desk/"


@pytest.mark.parametrize(("username", "password"), [("lin", "wrong"), ("nobody", PASSWORD)])
def test_a_refusal_never_tells_whether_the_account_exists(client, bureau_clerk, username, password):
    assert "登录名或者密码不对" in sign_in(client, username, password).content.decode()


def test_a_closed_account_does_not_sign_in(client, bureau_clerk):
    type(bureau_clerk).objects.filter(pk=bureau_clerk.pk).update(closed_on="2020-01-01")
    assert "登录名或者密码不对" in sign_in(client).content.decode()


@pytest.mark.parametrize("username", ["lin", "nobody"])
def test_after_five_failures_even_the_right_password_is_refused_until_a_time_is_over(client, bureau_clerk, username):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, username, "wrong")
    assert "已锁定到" in answer.content.decode()
    assert "已锁定到" in sign_in(client, username, PASSWORD).content.decode()


def test_a_success_forgets_the_failures_before_it(client, bureau_clerk):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        sign_in(client, password="wrong")
    sign_in(client)
    client.post("/desk/sign-out/")
    assert "登录名或者密码不对" in sign_in(client, password="wrong").content.decode()


def test_the_journal_keeps_every_attempt_and_never_what_was_typed(client, bureau_clerk):
    typed = "secret-typed-into-the-wrong-field"
    sign_in(client, typed, typed)
    sign_in(client)
    client.post("/desk/sign-out/")
    lines = JournalLine.objects.filter(verb__startswith="session.").order_by("number")
    assert [line.verb for line in lines] == ["session.refused", "session.signed_in", "session.signed_out"]
    assert not any(typed in f"{line.reason}{line.by_name}" for line in lines)


def test_what_was_typed_is_not_stored_with_the_attempts_either(client, bureau_clerk):
    from axes.models import AccessAttempt

    typed = "secret-typed-into-the-wrong-field"
    sign_in(client, typed, typed)
    [row] = AccessAttempt.objects.values()
    assert not any(typed in str(value) for value in row.values())


def test_the_moment_of_the_lock_is_in_the_journal(client, bureau_clerk):
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        sign_in(client, password="wrong")
    verbs = list(
        JournalLine.objects.filter(verb__startswith="session.").order_by("number").values_list("verb", flat=True)
    )
    assert verbs == ["session.refused"] * 4 + ["session.locked", "session.refused"]


def test_a_portal_page_never_touches_the_session(client, bureau_clerk):
    sign_in(client)
    answer = client.get("/")
    assert not answer.wsgi_request.session.accessed
    assert "Cookie" not in answer.get("Vary", "")


def test_signing_out_needs_a_button(client, bureau_clerk):
    sign_in(client)
    assert client.get("/desk/sign-out/").status_code == 405
