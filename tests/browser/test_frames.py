"""Frames, forms and shared parts as a person meets them: accessible at every width, and the small scripts at work."""

import mimetypes
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import include, path

from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.pages import assert_good_page

STATIC = Path(__file__).parents[2] / "gongkai" / "site" / "static"
NARROWEST = 320


def answer(request):
    return HttpResponse()


addresses = [path(f"{name}/", answer, name=name) for name in ("today", "search", "sign_out", "password", "home")]
urlpatterns = [path("desk/", include((addresses, "desk"))), path("", include((addresses, "portal")))]
pytestmark = pytest.mark.urls(__name__)


class RecordForm(forms.Form):
    title = forms.CharField(label="标题", help_text="写全称")
    issued_on = forms.DateField(label="成文日期")
    kind = forms.ChoiceField(label="种类", choices=[("a", "规范性文件"), ("b", "其他")])
    received_by = forms.ChoiceField(label="收到方式", widget=forms.RadioSelect, choices=[("a", "当面"), ("b", "网络")])
    checked = forms.BooleanField(label="已经核对", help_text="核对后不能再改")
    evidence = forms.FileField(label="凭据", help_text="PDF 或图片")
    text = forms.CharField(label="正文", widget=forms.Textarea)


class Person:
    is_authenticated = True
    agency = "政务公开办公室"

    def __str__(self):
        return "沈科员"


class Message:
    level_tag = "warning"

    def __str__(self):
        return "该单位当期已有明细。"


PARTS = """
{% block title %}样张{% endblock %}{% block heading %}样张{% endblock %}
{% block subtitle %}<span>示范区</span><span>2019 格式</span>{% endblock %}
{% block actions %}{% include "_why.html" with label="定稿" why="有 1 处错误没有解决。" id="freeze" small=1 %}{% endblock %}
{% block crumbs %}<li class="crumb">样张</li>{% endblock %}
{% block tabs %}{% include "_tabs.html" %}{% endblock %}
{% block content %}
<section class="panel" aria-label="表单"><div class="panel-body">{% include "_form.html" with cancel_url="/" %}</div></section>
{% include "_facts.html" %}{% include "_journal.html" %}{% include "_pager.html" %}
{% include "_progress.html" with text="正在导入" done=1 total=4 page_url="/" %}
{% endblock %}
{% block aside %}<section class="panel" aria-label="旁栏"><div class="panel-body stack">
{% include "_meter.html" with part=16 whole=20 tone="warn" %}{% include "_change.html" with was=12 now=13 %}
{% include "_empty.html" with text="还没有填报。" next_url="/" next_label="新填报" %}{% include "_hand_over.html" with name="thing" %}
{% bar_chart "收到申请" points "件" break_before=2019 %}</div></section>{% endblock %}
"""


def sample(frame: str, *, elder: bool = False) -> str:
    request = RequestFactory().get("/sample/?page=2")
    request.elder = elder
    line = {"at": date(2021, 1, 20), "title": "确认填报", "by": "沈科员", "reason": "核对无误", "digest": "ab12" * 16}
    context = Context(
        {
            "request": request,
            "user": Person(),
            "messages": [Message()],
            "demo_date": date(2021, 1, 15),
            "desk_nav": [{"title": "汇总", "items": [{"title": "填报", "url": "/", "count": 2, "current": True}]}],
            "portal_nav": [{"title": "指南", "url": "/"}, {"title": "年报", "url": "/", "current": True}],
            "form": RecordForm({}),
            "facts": [("索引号", "SF001"), ("文号", None), ("发布机构", "区政府")],
            "tabs": [{"title": "核查", "url": "/", "current": True, "count": 1, "bad": True}],
            "lines": [line],
            "things": [{"value": "7", "title": "示公开申〔2021〕1号", "url": "/", "note": "限 01-26"}],
            "points": [(2018, 14), (2019, 21), (2020, None)],
            "page": Paginator(list(range(900)), 20).page(7),
        }
    )
    context.request = request
    return Template(f'{{% extends "{frame}" %}}{{% load gongkai %}}' + PARTS).render(context)


SCRIPTS = """<!DOCTYPE html><html lang="zh-CN"><head><title>脚本</title>
<script type="module" src="/static/gongkai/insert-figure.js"></script>
<script type="module" src="/static/gongkai/progress.js"></script></head>
<body><textarea id="id_text">全年  件</textarea>
<button type="button" hidden data-insert="{{applications.received}}" data-into="id_text">插入</button>
<div id="progress" data-poll="/part">进行中</div></body></html>"""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        pages: dict[str, str] = self.server.pages  # type: ignore[attr-defined]
        if self.path.startswith("/static/"):
            body, kind = (STATIC / self.path.removeprefix("/static/")).read_bytes(), mimetypes.guess_type(self.path)[0]
        else:
            body, kind = pages.get(self.path, "").encode(), "text/html; charset=utf-8"
        self.send_response(200)
        self.send_header("Content-Type", kind or "application/octet-stream")
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the test speaks."""


@pytest.fixture
def served() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.pages = {  # type: ignore[attr-defined]
            "/desk": sample("desk/base.html"),
            "/portal": sample("portal/base.html"),
            "/elder": sample("portal/base.html", elder=True),
            "/scripts": SCRIPTS,
            "/part": '<div id="progress">完成</div>',
        }
        thread = threading.Thread(target=http.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.mark.parametrize("width", [DESKTOP, PHONE, NARROWEST])
@pytest.mark.parametrize("face", ["/desk", "/portal", "/elder"])
def test_frames_forms_and_parts_are_good_pages(open_page: OpenPage, served: str, face: str, width: int) -> None:
    page = open_page(served, width)
    page.goto(face)
    assert_good_page(page)


def test_a_figure_is_inserted_where_the_caret_stands(open_page: OpenPage, served: str) -> None:
    page = open_page(served)
    page.goto("/scripts")
    page.evaluate("document.getElementById('id_text').setSelectionRange(3, 3)")
    page.click("button")
    assert page.input_value("#id_text") == "全年 {{applications.received}} 件"


def test_progress_is_asked_for_until_it_is_done(open_page: OpenPage, served: str) -> None:
    page = open_page(served)
    page.goto("/scripts")
    page.wait_for_selector("#progress:not([data-poll])")
    assert page.inner_text("#progress") == "完成"


def test_htmx_runs_under_the_content_security_policy(open_page: OpenPage, served: str) -> None:
    page = open_page(served)
    page.goto("/desk")
    assert page.evaluate("htmx.version") == "2.0.11"
    assert page.evaluate("[htmx.config.includeIndicatorStyles, htmx.config.allowEval]") == [False, False]
