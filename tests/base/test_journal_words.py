"""Every deed of the journal reads in Chinese."""

import re
from pathlib import Path

import pytest

import gongkai
from gongkai.base import journal_words
from gongkai.base.models import JournalLine

WRITTEN = re.compile(r'journal\.record(?:_bulk|_event)?\(\s*"([a-z_]+\.[a-z_]+)"')
PACKAGE = Path(gongkai.__file__).parent
VERBS = sorted({verb for source in PACKAGE.rglob("*.py") for verb in WRITTEN.findall(source.read_text("utf-8"))})


def test_the_verbs_are_found():
    assert {"application.closed", "reports.section_written", "returns.filed"} <= set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_no_line_of_the_journal_shows_a_code(verb):
    assert not re.search("[a-z]", journal_words.title_of(JournalLine(verb=verb)))


def test_a_deed_is_called_as_the_button_of_its_ledger():
    assert journal_words.title_of(JournalLine(verb="application.closed")) == "办结"
    assert journal_words.title_of(JournalLine(verb="staff.closed")) == "停用"
