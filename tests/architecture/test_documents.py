"""The documents are complete: nothing that a reader needs is only in the code."""

import re
import tomllib

import pytest

from tests.architecture.repository import PACKAGE, ROOT, committed_files, named

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HOST_LINK = re.compile(r"^[a-z]+:|^#")
VARIABLE = re.compile(r"\bGONGKAI_[A-Z][A-Z_]*[A-Z]\b")
TARGETS = ("help", "setup", "demo", "quick", "check", "test", "soak", "bench", "docs")


def pages():
    return [path for path in committed_files() if path.suffix == ".md" and "vendor" not in path.parts]


def test_every_environment_variable_of_the_settings_is_documented():
    read = set(VARIABLE.findall((PACKAGE / "site" / "settings.py").read_text(encoding="utf-8")))
    documented = set(VARIABLE.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))
    assert read
    assert sorted(read - documented) == []


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{named(page)}: {target}"
        for page in pages()
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not HOST_LINK.match(target) and not (page.parent / target.partition("#")[0]).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("heading", ["## Context", "## Decision", "## Consequences"])
def test_every_decision_says_context_decision_and_consequences(heading):
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert decisions
    assert [named(path) for path in decisions if heading not in path.read_text(encoding="utf-8")] == []


def test_every_runtime_dependency_has_its_line_in_the_decision_on_dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [name for names in project["optional-dependencies"].values() for name in names]
    names = [re.split(r"[<>=\[;~! ]", wanted)[0] for wanted in [*project["dependencies"], *extras]]
    told = (ROOT / "docs" / "adr" / "0002-dependencies.md").read_text(encoding="utf-8").lower()
    assert [name for name in names if f"| {name.lower()} |" not in told] == []


@pytest.mark.parametrize("target", TARGETS)
def test_the_makefile_explains_every_command(target):
    assert re.search(rf"^{target}:.*## \S", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_licence_is_whole_in_both_languages():
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    marks = ("木兰宽松许可证， 第2版", "条款结束", "Mulan PSL v2", "END OF THE TERMS AND CONDITIONS")
    assert [mark for mark in marks if mark not in licence] == []
