"""The private cluster of the tests: it passes on what the command answers, and leaves nothing behind."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.architecture.repository import ROOT
from tests.postgres import private_cluster

pytestmark = pytest.mark.postgres


def test_the_exit_status_of_the_command_is_passed_on():
    command = [sys.executable, "-m", "tests.postgres", "--", sys.executable, "-c", "raise SystemExit(7)"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 7


def test_a_cluster_is_gone_with_its_folder_when_it_is_left():
    with private_cluster() as url:
        folder = Path(parse_qs(urlsplit(url).query)["host"][0])
        assert (folder / ".s.PGSQL.5432").is_socket()
    assert not folder.exists()


def test_a_command_that_is_left_out_is_asked_for():
    done = subprocess.run(
        [sys.executable, "-m", "tests.postgres"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "usage: python -m tests.postgres -- COMMAND…\n")
