"""What `make bench` and `make soak` write."""

import pytest

from bench.measured import rewrite_section
from bench.ratios import Ratio

PAGE = """# Page

<!-- bench: written by `make bench` -->
old
<!-- bench: end -->

<!-- soak: written by `make soak` -->
kept
<!-- soak: end -->
"""


def test_only_the_named_section_is_written_anew(tmp_path):
    page = tmp_path / "measured.md"
    page.write_text(PAGE, encoding="utf-8")
    rewrite_section("bench", "new \\1 row", page=page)
    assert page.read_text(encoding="utf-8") == PAGE.replace("old", "new \\1 row")


def test_a_page_without_the_section_is_refused(tmp_path):
    page = tmp_path / "measured.md"
    page.write_text("# Page\n", encoding="utf-8")
    with pytest.raises(ValueError, match="has no section"):
        rewrite_section("bench", "new", page=page)


@pytest.mark.parametrize(
    ("value", "bound", "kept"),
    [
        (1.5, 1.5, True),  # the bound itself is promised
        (1.51, 1.5, False),
        (99.0, None, True),  # nothing was promised
    ],
)
def test_a_ratio_says_whether_its_promise_is_kept(value, bound, kept):
    assert Ratio("table three", value, bound, "×", "against three GROUP BY").is_kept is kept


def test_a_broken_promise_is_marked_in_the_document():
    assert "2 × (not kept)" in Ratio("table three", 2.0, 1.5, "×", "against three GROUP BY").row()
