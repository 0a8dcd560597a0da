"""Templates print what the core and the ledgers say; they hold no statutory label, no style and no script."""

import re
from collections.abc import Iterator

import pytest

from gongkai.core.national_forms import FORMS
from tests.architecture.repository import named, templates

# Below this length a label is an everyday word (其他, 总计, 自然人, 结果维持) that any page may use.
SHORTEST = 6
NUMBERING = re.compile(r"^\s*(?:（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|[0-9]+[.．、])\s*")
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
FORBIDDEN = {
    "inline style": re.compile(r"<style[\s>]|<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(?!\s*</script>)", re.IGNORECASE),
    "event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped output": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
    "another host": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}


def statutory_labels() -> Iterator[str]:
    """The printed labels of the three forms, without their numbering."""
    for form in FORMS.values():
        for table in form.tables:
            printed = [table.label, *(block.label for block in table.blocks)]
            for rows, columns in table.parts():
                printed += [row.label for row in rows]
                printed += [column.label for column in columns]
            for label in printed:
                plain = NUMBERING.sub("", label or "").strip()
                if len(plain) >= SHORTEST:
                    yield plain


LABELS = frozenset(statutory_labels())


def typed_labels(text: str) -> list[str]:
    return sorted(label for label in LABELS if label in COMMENT.sub("", text))


def faults(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(COMMENT.sub("", text))]


def test_the_labels_of_all_three_forms_are_known_here():
    assert len(LABELS) > 60


def test_no_template_types_a_statutory_label():
    found = {named(path): typed for path, text in templates() if (typed := typed_labels(text))}
    assert found == {}


def test_no_template_holds_what_the_content_policy_refuses():
    found = {named(path): wrong for path, text in templates() if (wrong := faults(text))}
    assert found == {}


def test_a_typed_label_is_found():
    label = max(LABELS, key=len)
    assert label in typed_labels(f"<th>{label}</th>")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('<p style="color: red">', "inline style"),
        ("<style>p { }</style>", "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<a href="#" onclick="go()">', "event handler"),
        ('<a href="javascript:go()">', "javascript address"),
        ("{{ text|safe }}", "unescaped output"),
        ('<img src="//elsewhere.example/a.png" alt="">', "another host"),
    ],
)
def test_what_the_content_policy_refuses_is_found(text, fault):
    assert faults(text) == [fault]


@pytest.mark.parametrize(
    "text",
    [
        '<script type="module" src="{% static \'gongkai/desk.js\' %}"></script>',
        '<link rel="stylesheet" href="/static/gongkai/gongkai.css">',
        '<form hx-get="/desk/" hx-trigger="change"><button class="stylish">筛选</button></form>',
        "{# never style= here #}",
    ],
)
def test_what_the_content_policy_allows_is_no_fault(text):
    assert faults(text) == []
