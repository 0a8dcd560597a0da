"""What is committed names no machine, no tool folder and no package index, and is named after the domain."""

import hashlib
import re

import pytest

from tests.architecture.repository import PACKAGE, ROOT, committed_files, named, sources, texts

# Put together here, because this file is committed too.
MACHINE = ("/" + "work/", "." + "library", "/" + "root/")
INDEX_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmmirror", "com"),
        ("tuna", "tsinghua", "edu", "cn"),
        ("mirrors", "aliyun", "com"),
        ("deb", "debian", "org"),
    )
)
INDEX_OPTION = re.compile(r"--(?:extra-)?index-url|--find-links|index_url\s*=", re.IGNORECASE)
SHELVES = frozenset({"utils.py", "common.py", "services.py", "signals.py", "helpers.py", "misc.py"})
CHECKSUM = re.compile(r"\b[0-9a-f]{64}\b")


def vendored_files():
    return [path for path in committed_files() if path.parent.name == "vendor" and path.name != "README.md"]


@pytest.mark.parametrize("name", MACHINE)
def test_no_file_names_the_machine_it_was_written_on(name):
    # An address on the web may have such a path; one on a disk begins a word.
    pattern = re.compile(rf"(?<![\w./-]){re.escape(name)}")
    assert [named(path) for path, text in texts() if "vendor" not in path.parts and pattern.search(text)] == []


@pytest.mark.parametrize("host", INDEX_HOSTS)
def test_no_file_names_a_package_index(host):
    assert [named(path) for path, text in texts() if "vendor" not in path.parts and host in text] == []


def test_the_requirements_choose_no_index():
    requirements = sorted((ROOT / "requirements").glob("*.txt"))
    lines = [line for path in requirements for line in path.read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if INDEX_OPTION.search(line)] == []


@pytest.mark.parametrize("name", ["build.txt", "dev.txt", "product.txt"])
def test_every_requirement_is_pinned_with_its_hashes(name):
    entries = (ROOT / "requirements" / name).read_text().replace("\\\n", " ").splitlines()
    wanted = [entry for entry in entries if entry.strip() and not entry.startswith("#")]
    assert wanted
    assert [entry for entry in wanted if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_modules_are_named_after_the_domain():
    assert [named(path) for path, _ in sources() if path.name in SHELVES] == []


def test_every_vendored_file_has_its_version_and_checksum_recorded():
    wrong = []
    for path in vendored_files():
        lines = (path.parent / "README.md").read_text(encoding="utf-8").splitlines()
        recorded = [CHECKSUM.findall(line) for line in lines if line.startswith("|") and path.name in line]
        if recorded != [[hashlib.sha256(path.read_bytes()).hexdigest()]]:
            wrong.append(named(path))
    assert wrong == []


def test_something_is_vendored_for_pages_and_for_their_tests():
    assert {path.is_relative_to(PACKAGE) for path in vendored_files()} == {True, False}
