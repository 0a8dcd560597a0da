"""The forms of a page as a browser would send them: every field with something in it that makes sense."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

SENSIBLE = {"date": "2021-01-20", "number": "1", "email": "a@example.org", "checkbox": "on", "hidden": ""}


@dataclass
class PageForm:
    """One form: method, address, and what a sensible person would send."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.now: PageForm | None = None
        self.select = ""
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.now = PageForm(given.get("method", "get").lower(), given.get("action", ""))
            self.forms.append(self.now)
        if self.now is None:
            return
        name = given.get("name", "")
        if tag == "input" and name and name != "csrfmiddlewaretoken" and given.get("type") not in ("file", "submit"):
            kind = given.get("type", "text")
            value = given.get("value", "") or SENSIBLE.get(kind, "理由")
            if kind == "radio":
                self.now.fields.setdefault(name, value)
            else:
                self.now.fields[name] = value
        elif tag == "textarea" and name:
            self.area = name
            self.now.fields[name] = ""
        elif tag == "select" and name:
            self.select = name
            self.now.fields[name] = ""
        elif tag == "option" and self.select:
            value = given.get("value", "")
            if value and ("selected" in given or not self.now.fields[self.select]):
                self.now.fields[self.select] = value
        elif tag == "button" and name:
            self.now.fields.setdefault(name, given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.now is not None and self.area:
            self.now.fields[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.now = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            if self.now is not None and not self.now.fields[self.area].strip():
                self.now.fields[self.area] = "理由"
            self.area = ""


def forms_of(page: str) -> list[PageForm]:
    """All forms of a page, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
