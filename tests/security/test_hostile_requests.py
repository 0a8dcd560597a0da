"""No request gives a 500, whatever stands in its address, its query or its body."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urljoin

import pytest
from django import forms
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.urls.converters import IntConverter

from gongkai.base.permissions import ADMINISTRATOR
from tests.conftest import SOAK
from tests.district import make_staff
from tests.security.conftest import DESK, PORTAL, World
from tests.security.page_forms import forms_of

HUGE = "9" * 5000
VALUES = (
    "1" + "0" * 30,
    HUGE,
    "-1",
    "0",
    "９",
    "²",
    "NaN",
    "Infinity",
    "1e999999",
    "abc",
    "9999-12-31",
    "0001-01-01",
    "2020-02-30",
    "\x00",
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "\u202e\ufeff\uffff",
    "{{ {{applications.received}} }}",
    '{"a":[1]}',
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "a" * 20_000,
    "%",
    "\\",
    "_",
    "9223372036854775808",
    "2147483648",
    "9999",
    "0",
)
NAMES = (
    "page",
    "year",
    "q",
    "format",
    "agency",
    "category",
    "status",
    "state",
    "sort",
    "tab",
    "before",
    "after",
    "person",
    "verb",
    "first",
    "last",
    "outcome",
    "channel",
    "applicant_kind",
    "kind",
    "result",
    "application",
    "reconsideration",
    "record",
    "parent",
    "role",
    "indicator",
    "period_from",
    "period_to",
    "month",
    "reach",
    "finding",
    "number",
    "figure",
    "lead",
    "list",
    "next",
    "ledger",
    "part",
    "all",
    "checked",
    "on",
    "key",
    "from",
    "to",
    "day",
    "late",
    "unpublished",
)
IN_A_QUERY = tuple(value for value in VALUES if len(value) < 50 and "\x00" not in value)
SOME = ("abc", "9999-12-31", "1" + "0" * 30)
MORE_FIELDS = ("do", "finding", "number", "text", "value", "next", "username", "password", "visibility", "lead")
GOOD = {
    "on": "2021-01-20",
    "issued_on": "2021-01-20",
    "received_on": "2021-01-20",
    "opened_on": "2021-01-20",
    "valid_from": "2021-01-20",
    "reason": "理由",
}


class Breaks:
    """Every exception that a page did not catch, with where it came from."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.now = ""
        self.client = Client(raise_request_exception=False)

    def seen(self, **_: Any) -> None:
        kind, failure, _trace = sys.exc_info()
        self.told.append(f"{self.now}: {kind.__name__ if kind else ''}: {str(failure)[:120]}")

    def send(self, method: str, address: str, data: dict[str, Any]) -> Any:
        value = next((str(value) for value in data.values()), "")
        self.now = f"{method} {address} {value[:30]!r}"
        response = getattr(self.client, method)(address, data)
        if response.streaming:
            list(response.streaming_content)
        if response.status_code >= 500 and not (self.told and self.told[-1].startswith(self.now)):
            self.told.append(f"{self.now}: {response.status_code}")
        return response

    @property
    def report(self) -> str:
        return "\n".join(dict.fromkeys(self.told))


@pytest.fixture
def breaks() -> Iterator[Breaks]:
    breaks = Breaks()
    got_request_exception.connect(breaks.seen)
    yield breaks
    got_request_exception.disconnect(breaks.seen)
    assert not breaks.told, breaks.report


@pytest.fixture
def everything(world: World, government: Any) -> Any:
    """Somebody who may open every page."""
    roles = ("clerk", "reviewer", "approver", "disclosure_office", ADMINISTRATOR)
    return make_staff("quan", "全能", government, *roles)


def mixtures(names: Iterable[str], values: Sequence[str]) -> Iterator[dict[str, str]]:
    """Every name with a value, another one each time round; a soak goes all the way round."""
    ordered = sorted(names)
    for shift in range(0, len(values), 1 if SOAK > 1 else 6):
        yield {name: values[(place + shift) % len(values)] for place, name in enumerate(ordered)}


def test_no_query_breaks_a_page_of_the_desk(breaks: Breaks, world: World, everything: Any):
    breaks.client.force_login(everything)
    for name in DESK:
        for mixture in mixtures(NAMES, IN_A_QUERY):
            breaks.send("get", world.address(name), mixture)
        for value in SOME:
            breaks.send("get", world.address(name), dict.fromkeys(NAMES, value) | {"format": "csv"})


def test_no_query_breaks_a_page_of_the_portal(breaks: Breaks, world: World):
    for address in world.portal.values():
        for value in IN_A_QUERY:
            breaks.send("get", address, dict.fromkeys(NAMES, value))
        for mixture in mixtures(NAMES, IN_A_QUERY):
            breaks.send("get", address, mixture | {"format": "csv"})


def test_no_body_breaks_a_form_of_the_desk(breaks: Breaks, world: World, everything: Any):
    """Every field of every form at once, each with some hostile value; then the same hostile value beside good days."""
    fields = {field for form in _forms() for field in form.base_fields} | set(MORE_FIELDS)
    breaks.client.force_login(everything)
    for name in sorted(set(DESK) - {"sign_out", "password"}):
        for mixture in mixtures(fields, VALUES):
            breaks.send("post", world.address(name), mixture)
        for value in SOME:
            breaks.send("post", world.address(name), dict.fromkeys(fields, value) | GOOD)


ONE_BY_ONE = (
    "9999-12-31",
    "0001-01-01",
    "9" * 400,
    "-1",
    "\x00",
    "a\x0bb\ud7ff\uffff",
    "x" * 30_000,
    "{{ {{a}} }}",
    "[]",
)


@pytest.mark.slow
def test_no_single_field_breaks_a_form_that_is_good_otherwise(breaks: Breaks, world: World, everything: Any):
    """Each form as a browser would send it, with one field spoiled; what it did is taken back each time."""
    breaks.client.force_login(everything)
    tried: set[tuple[str, str, str]] = set()
    for name in sorted(set(DESK) - {"sign_out", "sign_in", "password"}):
        page = breaks.send("get", world.address(name), {})
        if page.streaming or "html" not in page.get("Content-Type", ""):
            continue
        for form in forms_of(page.content.decode()):
            address = urljoin(world.address(name), form.action)
            for field in form.fields:
                if (form.method, address, field) in tried or "sign-out" in address:
                    continue
                tried.add((form.method, address, field))
                for value in ONE_BY_ONE if form.method == "post" else ONE_BY_ONE[:4]:
                    with transaction.atomic():
                        breaks.send(form.method, address, {field: value} | form.fields | {field: value})
                        transaction.set_rollback(True)
    assert len(tried) > 200


PARTS = (
    (10**30, "x"),
    (2**63, ".."),
    (0, "{{"),
    (int("9" * 3000), "\u202e"),
    (2**31, "a" * 3000),
    (1, "\x00"),
)


def test_no_number_or_word_in_an_address_breaks_a_page(breaks: Breaks, world: World, everything: Any):
    breaks.client.force_login(everything)
    for face, listed in (("desk", DESK), ("portal", PORTAL)):
        for name, pattern in listed.items():
            for number, word in PARTS if pattern.pattern.converters else ():
                found = {
                    argument: number if isinstance(converter, IntConverter) else word
                    for argument, converter in pattern.pattern.converters.items()
                }
                try:
                    address = reverse(f"{face}:{name}", kwargs=found)
                except NoReverseMatch:
                    continue
                answer = breaks.send("get", address, {})
                assert number <= 2**31 or answer.status_code in (302, 400, 404, 405, 410), address


def _forms() -> Iterator[type[forms.BaseForm]]:
    waiting: list[type[forms.BaseForm]] = [forms.Form]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("gongkai."):
            yield form


@pytest.mark.parametrize(
    "address", ["/?q=%00", "/records/a%00b/", "/desk/settings/%00/", "/?q=" + "a" * 4000, "/" + "a/" * 2001]
)
def test_an_address_that_cannot_be_ours_is_refused(client: Client, db: None, address: str):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("length", ["99999999999", "9" * 400, "-1", "abc"])
def test_a_body_beyond_any_file_of_ours_is_refused_before_it_is_read(client: Client, db: None, length: str):
    response = client.generic("POST", "/desk/sign-in/", b"username=x", CONTENT_LENGTH=length)
    assert response.status_code == 400
    assert "超过了限制" in response.content.decode()
