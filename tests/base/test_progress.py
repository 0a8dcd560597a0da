"""A bar on a terminal, nothing in a pipe."""

import io
import sys

import pytest

from gongkai.base.progress import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nothing_is_drawn_in_a_pipe(monkeypatch):
    monkeypatch.setattr(sys, "stderr", pipe := io.StringIO())
    assert list(progress("abc", 3, "核对")) == ["a", "b", "c"]
    assert pipe.getvalue() == ""


def test_a_terminal_shows_the_label_and_is_wiped_at_the_end(monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert list(progress("abc", 3, "核对")) == ["a", "b", "c"]
    assert "核对" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("done", "total", "drawing"),
    [
        (1, 2, "核对 ███████████████···············  50% 1/2"),
        (9, 2, "核对 ██████████████████████████████ 100% 9/2"),  # the total was an estimate
        (1200, 0, "核对 1,200"),
    ],
)
def test_the_drawing_says_how_much_is_done(done, total, drawing):
    from gongkai.base.progress import _drawing

    assert _drawing(done, total, "核对") == drawing
