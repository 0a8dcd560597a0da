"""Frames, forms and the stylesheet: what every page of both faces relies on."""

import hashlib
import re
from datetime import date, datetime
from pathlib import Path

import lxml.html
import pytest
from django import forms
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import include, path

import gongkai

PACKAGE = Path(gongkai.__file__).parent
STATIC = PACKAGE / "site" / "static" / "gongkai"
CSS = (STATIC / "gongkai.css").read_text(encoding="utf-8")
TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
NAMES = [str(file).rpartition("/templates/")[2] for file in TEMPLATES]


def page(request):
    return HttpResponse()


names = ("today", "search", "sign_out", "password", "home", "records", "apply")
addresses = [path(f"{name}/", page, name=name) for name in names]
urlpatterns = [path("desk/", include((addresses, "desk"))), path("", include((addresses, "portal")))]
pytestmark = pytest.mark.urls(__name__)


# ---- the stylesheet


def test_the_stylesheet_is_small():
    assert len(CSS.encode()) <= 25_000


def test_the_braces_of_the_stylesheet_are_balanced():
    depth = 0
    for sign in re.findall(r"[{}]", CSS):
        depth += 1 if sign == "{" else -1
        assert 0 <= depth <= 2
    assert depth == 0


def test_the_stylesheet_loads_nothing():
    assert not re.search(r"url\(|@import|@font-face", CSS)


def test_the_stylesheet_uses_only_tokens_that_exist():
    used = set(re.findall(r"var\((--[\w-]+)", CSS))
    assert used <= set(re.findall(r"(--[\w-]+):", CSS))


def test_the_vendored_script_is_the_published_one():
    [script] = (STATIC / "vendor").glob("*.js")
    checksum = hashlib.sha256(script.read_bytes()).hexdigest()
    assert f"`{script.name}`" in (STATIC / "vendor" / "README.md").read_text(encoding="utf-8")
    assert checksum in (STATIC / "vendor" / "README.md").read_text(encoding="utf-8")


# ---- every template of every app


@pytest.mark.parametrize("name", NAMES)
def test_a_template_loads(name):
    assert get_template(name)


@pytest.mark.parametrize("file", TEMPLATES, ids=NAMES)
def test_a_template_keeps_to_the_content_security_policy(file):
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:|\shx-on\b", text)
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", text)
    assert not re.search(r"""(src|action|<link[^>]*href)\s*=\s*["'](https?:)?//""", text)


@pytest.mark.parametrize("file", TEMPLATES, ids=NAMES)
def test_a_template_never_trusts_text(file):
    assert not re.search(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", TEMPLATES, ids=NAMES)
def test_the_tables_of_a_template_have_captions_and_scopes(file):
    text = file.read_text(encoding="utf-8")
    assert text.count("<table") == text.count("<caption")
    assert all("scope=" in cell for cell in re.findall(r"<th\b[^>]*>", text))


# ---- the frames


def select(root, selector):
    """The descendants that a simple CSS selector names: tag, .class, #id, [name], [name='value'], one after another."""
    steps = []
    for step in selector.split():
        tag = re.match(r"\w*", step)[0] or "*"
        tests = "".join(f"[contains(concat(' ', @class, ' '), ' {name} ')]" for name in re.findall(r"\.([\w-]+)", step))
        tests += "".join(f"[@id='{name}']" for name in re.findall(r"#([\w-]+)", step))
        tests += "".join(f"[@{attribute}]" for attribute in re.findall(r"\[([^\]]+)\]", step))
        steps.append(f"descendant-or-self::{tag}{tests}")
    return root.xpath("/".join(steps))


class Person:
    is_authenticated = True
    agency = "政务公开办公室"

    def __str__(self):
        return "沈科员"


def framed(source, **context):
    """What a page makes of a frame, without the context processors and so without a database."""
    frame = Context({"request": RequestFactory().get("/x/"), "messages": [], **context})
    frame.request = frame["request"]
    return lxml.html.fromstring(Template(source).render(frame))


def desk(blocks="", **context):
    return framed('{% extends "desk/base.html" %}' + blocks, user=Person(), **context)


def portal(blocks="", **context):
    return framed('{% extends "portal/base.html" %}' + blocks, **context)


@pytest.mark.parametrize("make", [desk, portal])
def test_a_page_has_one_main_one_heading_and_a_way_to_skip_to_it(make):
    shown = make("{% block heading %}填报{% endblock %}")
    assert shown.get("lang") == "zh-CN"
    assert [heading.text for heading in shown.iter("h1")] == ["填报"]
    assert [element.get("id") for element in shown.iter("main")] == ["main"]
    assert select(shown, "a.skip")[0].get("href") == "#main"


@pytest.mark.parametrize("make", [desk, portal])
def test_a_demo_says_so_on_every_page(make):
    note = select(make(demo_date=date(2021, 1, 15)), ".demo-note")[0].text
    assert "合成数据" in note
    assert "2021-01-15" in note


@pytest.mark.parametrize("make", [desk, portal])
def test_a_real_installation_has_no_demo_banner(make):
    assert not select(make(demo_date=None), ".demo-note")


def test_a_page_without_an_aside_has_one_column():
    assert not select(desk("{% block content %}一{% endblock %}"), ".work-columns")
    assert select(desk("{% block content %}一{% endblock %}{% block aside %}二{% endblock %}"), ".work-columns")


def test_signing_out_is_a_form_that_posts():
    form = select(desk(), "form[action='/desk/sign_out/']")[0]
    assert form.get("method") == "post"


def test_the_side_navigation_marks_where_one_is_and_what_waits():
    groups = [{"title": "汇总", "items": [{"title": "填报", "url": "/r/", "count": 2, "current": True}]}]
    link = select(desk(desk_nav=groups), ".side-link")[0]
    assert link.get("aria-current") == "page"
    assert link.text_content().split() == ["填报", "待办", "2"]


def test_a_portal_page_has_no_script_and_knows_nothing_of_a_user():
    shown = portal(user=Person())
    assert not list(shown.iter("script"))
    assert "沈科员" not in shown.text_content()


def test_a_portal_page_names_the_site_for_the_inspectors():
    shown = portal(site={"name": "示范区人民政府", "domain": "www.shifan.example", "id_code": "0000000000"})
    found = {meta.get("name"): meta.get("content") for meta in shown.iter("meta")}
    assert found["SiteName"] == "示范区人民政府"
    assert found["SiteDomain"] == "www.shifan.example"
    assert found["SiteIDCode"] == "0000000000"


def test_the_crumbs_begin_at_the_home_page():
    crumbs = select(portal('{% block crumbs %}<li class="crumb">年报</li>{% endblock %}'), ".crumb")
    assert [crumb.text_content() for crumb in crumbs] == ["政府信息公开", "年报"]


def test_a_portal_page_without_crumbs_has_no_empty_list():
    assert not select(portal(), ".crumbs")


def test_the_elder_version_is_marked_on_the_page_and_leads_back():
    request = RequestFactory().get("/x/")
    request.elder = True
    shown = portal(request=request)
    assert shown.get("class") == "elder"
    assert "标准版" in select(shown, ".tools")[0].text_content()


@pytest.mark.parametrize(
    ("level", "css_class", "word"),
    [
        ("success", "status-good", "完成"),
        ("warning", "status-warn", "注意"),
        ("error", "status-bad", "未成功"),
        ("info", "status", "提示"),
    ],
)
def test_a_message_has_a_word_and_a_shape_besides_its_colour(level, css_class, word):
    class Message:
        level_tag = level

        def __str__(self):
            return "已登记。"

    status = select(desk(messages=[Message()]), ".note .status")[0]
    assert css_class in status.classes
    assert status.text == word
    assert ".status::before" in CSS


# ---- error pages


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html"])
@pytest.mark.parametrize(("face", "frame"), [("desk", "deskbar"), ("portal", "masthead")])
def test_an_error_page_stands_in_the_frame_of_its_face_and_offers_a_next_step(name, face, frame):
    shown = framed(get_template(name).template.source, face=face, user=Person())
    assert select(shown, "." + frame)
    assert select(shown, "main .button-main")


def test_an_error_on_the_desk_shows_a_stranger_the_portal():
    assert select(framed(get_template("404.html").template.source, face="desk", user=None), ".masthead")


def test_a_refusal_says_which_role_would_be_needed():
    sentence = "您没有“确认填报”的权限，需要“审批人”角色。"
    shown = framed(get_template("403.html").template.source, face="desk", user=Person(), sentence=sentence)
    assert sentence in select(shown, "main")[0].text_content()


@pytest.mark.parametrize("name", ["500.html", "403_csrf.html"])
def test_a_page_for_the_worst_case_needs_no_context(name):
    assert "什么也没有改动" in get_template(name).render()


# ---- forms


class ReturnForm(forms.Form):
    title = forms.CharField(label="标题", help_text="写全称")
    issued_on = forms.DateField(label="成文日期", required=False)
    kind = forms.ChoiceField(label="种类", choices=[("a", "规范性文件"), ("b", "其他")])
    received_by = forms.ChoiceField(label="收到方式", widget=forms.RadioSelect, choices=[("a", "当面"), ("b", "网络")])
    checked = forms.BooleanField(label="已经核对", help_text="核对后不能再改")
    evidence = forms.FileField(label="凭据", required=False)
    text = forms.CharField(label="正文", widget=forms.Textarea(attrs={"class": "editor", "rows": 4}), required=False)

    def clean(self):
        self.add_error(None, "填报期间重叠。")


def shown_form(data=None, **options):
    return lxml.html.fragment_fromstring(str(ReturnForm(data, **options)), create_parent="form")


def test_every_field_has_a_label():
    form = shown_form()
    labelled = {label.get("for") for label in form.iter("label")}
    fields = [field.get("id") for field in form.iter("input", "select", "textarea")]
    assert fields
    assert set(fields) <= labelled


def test_choices_have_a_legend():
    assert select(shown_form(), "fieldset legend")[0].text_content() == "收到方式（必填）"


def test_what_must_be_filled_is_said_in_words():
    label = select(shown_form(), "label[for='id_title']")[0]
    assert label.text_content() == "标题（必填）"
    assert select(shown_form(), "label[for='id_text']")[0].text_content() == "正文"


def test_help_and_error_are_tied_to_their_field():
    form = shown_form({})
    field = select(form, "#id_title")[0]
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby") == "id_title_helptext id_title_error"
    assert all(select(form, "#" + name) for name in field.get("aria-describedby").split())
    assert field.getparent().classes >= {"field", "field-bad"}


def test_the_ids_of_a_form_are_unique():
    ids = [element.get("id") for element in shown_form({}).iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_the_summary_names_every_error_and_leads_to_its_field():
    form = shown_form({"kind": "a", "received_by": "x"})
    summary = select(form, ".summary")[0]
    assert "填报期间重叠。" in summary.text_content()
    targets = [link.get("href") for link in summary.iter("a")]
    assert targets == ["#id_title", "#id_received_by", "#id_checked"]
    assert all(select(form, target) for target in targets)


def test_a_form_without_errors_has_no_summary():
    assert not select(shown_form(), ".summary")


def test_a_date_field_speaks_the_language_of_the_browser():
    field = select(shown_form(initial={"issued_on": date(2020, 1, 31)}), "#id_issued_on")[0]
    assert (field.get("type"), field.get("value")) == ("date", "2020-01-31")


@pytest.mark.parametrize("written", ["2020-01-31", "2020/01/31", "2020年1月31日", "2020.1.31"])
def test_a_date_may_be_written_in_every_usual_way(written):
    assert forms.DateField().clean(written) == date(2020, 1, 31)


@pytest.mark.parametrize("name", ["id_title", "id_issued_on", "id_kind", "id_evidence", "id_text"])
def test_a_field_carries_our_class(name):
    assert "input" in select(shown_form(), "#" + name)[0].classes


def test_a_class_given_in_python_joins_ours():
    assert select(shown_form(), "#id_text")[0].get("class") == "input editor"


def test_a_checkbox_stands_before_its_label():
    choice = select(shown_form(), ".choice #id_checked")[0].getparent()
    assert [child.tag for child in choice] == ["input", "div"]


def test_a_chosen_option_stays_chosen():
    form = shown_form({"kind": "b", "received_by": "b"})
    assert select(form, "#id_kind option[selected]")[0].get("value") == "b"
    assert select(form, "#id_received_by input[checked]")[0].get("value") == "b"


class PlaceForm(forms.Form):
    place = forms.TypedChoiceField(choices=[("", "---------"), ("a", "青石镇")])
    other = forms.TypedChoiceField(choices=[("", "---------"), ("a", "临河街道")], required=False)
    seen_at = forms.DateTimeField()


def test_an_empty_choice_says_what_it_means():
    form = lxml.html.fragment_fromstring(str(PlaceForm()), create_parent="form")
    assert select(form, "#id_place option")[0].text == "请选择"
    assert select(form, "#id_other option")[0].text == "（不选）"


def test_a_moment_field_speaks_the_language_of_the_browser():
    form = PlaceForm(initial={"seen_at": datetime(2020, 1, 31, 8, 5)})
    field = select(lxml.html.fragment_fromstring(str(form), create_parent="form"), "#id_seen_at")[0]
    assert (field.get("type"), field.get("value")) == ("datetime-local", "2020-01-31T08:05")


def test_what_was_typed_is_escaped():
    assert "<script>" not in str(ReturnForm({"title": '"><script>'}))


def test_a_whole_form_with_a_file_can_carry_it():
    shown = framed('{% include "_form.html" with form=form %}', form=ReturnForm())
    assert select(shown, "form")[0].get("enctype") == "multipart/form-data"


# ---- shared parts


def part(source, **context):
    return framed("<div>" + source + "</div>", **context)


def test_a_closed_door_stays_visible_and_says_why():
    door = part('{% include "_why.html" with label="定稿" why="有 1 处错误没有解决。" id="freeze" %}')
    button = select(door, ".button")[0]
    assert button.get("aria-disabled") == "true"
    assert select(door, "#" + button.get("aria-describedby"))[0].text == "有 1 处错误没有解决。"


def test_a_closed_door_can_have_several_reasons():
    door = part('{% include "_why.html" with label="定稿" why=why %}', why=["其一。", "其二。"])
    assert select(door, ".why")[0].text == "其一。其二。"


def test_unknown_facts_are_not_left_blank():
    facts = part('{% include "_facts.html" %}', facts=[("索引号", "SF001"), ("文号", None), ("数量", 0)])
    assert [cell.text_content() for cell in facts.iter("td")] == ["SF001", "未填", "0"]


def test_progress_asks_again_only_while_the_work_goes_on():
    source = '{% include "_progress.html" with text="导入" done=done total=4 url="/p/" finished=finished %}'
    assert select(part(source, done=1, finished=False), "[hx-get]")
    assert not select(part(source, done=4, finished=True), "[hx-get]")


def test_an_irreversible_step_is_confirmed_by_a_form_that_posts():
    asked = part('{% include "_confirm.html" with question="确定定稿吗？" cancel_url="/back/" %}')
    assert select(asked, "form")[0].get("method") == "post"
    assert select(asked, "a[href='/back/']")


def test_a_changed_figure_is_read_out_as_old_and_new():
    changed = part('{% include "_change.html" with was=12 now=none %}', none=None)
    assert changed.text_content().split() == ["原", "12，现", "未填"]


def test_a_tab_with_errors_shows_how_many():
    tabs = part(
        '{% include "_tabs.html" %}', tabs=[{"title": "核查", "url": "#", "current": True, "count": 1, "bad": True}]
    )
    assert select(tabs, ".tab .count-bad")[0].text == "1"
    assert select(tabs, ".tab")[0].get("aria-current") == "page"


def test_a_line_of_the_journal_shows_when_what_who_and_its_digest():
    line = {"at": datetime(2021, 1, 20, 9, 31), "title": "确认填报", "by": "沈科员", "digest": "ab12"}
    shown = select(part('{% include "_journal.html" %}', lines=[line]), "li")[0]
    assert shown.text_content().split() == ["2021-01-20", "09:31确认填报沈科员", "ab12"]


def test_work_to_hand_over_is_ticked_by_its_label():
    things = [{"value": "7", "title": "示公开申〔2021〕1号", "checked": True}]
    shown = part('{% include "_hand_over.html" with name="thing" %}', things=things)
    box = select(shown, "input")[0]
    assert (box.get("value"), box.get("checked") is not None) == ("7", True)
    assert select(shown, "label")[0].get("for") == box.get("id")
