"""The commands: one sentence and exit status 2 for bad input, findings of severity error give 1, JSON as the contract says."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from django.db import connection

from gongkai.base import clock, journal
from gongkai.base.models import Installation, JournalLine
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.site import cli

COMMANDS = [[command.name] for command in cli.COMMANDS] + [
    [group, command.name] for group, (_, commands) in cli.GROUPS.items() for command in commands
]


@pytest.fixture
def installed(db, government):
    """A production installation with its root government."""
    Installation.objects.create(pk=1, created_at=clock.now())
    return government


@pytest.fixture(autouse=True)
def no_world_elsewhere(monkeypatch, tmp_path):
    """The commands of a test look for worlds in its own folder only."""
    monkeypatch.setenv("GONGKAI_DATA", str(tmp_path))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_prints_help_with_an_example(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main([*command, "--help"])
    assert stopped.value.code == 0
    assert "例：gongkai" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],  # no such command
        ["report", "compile"],  # the year is missing
        ["report", "compile", "--year", "last"],  # no year
        ["demo", "--world", "atlantis"],  # no such world
        ["demo", "--world", "today", "--all"],  # one or the other
        ["demo", "--port", "99999"],  # no such port
        ["figures", "--world", "atlantis"],
    ],
    ids=" ".join,
)
def test_bad_input_is_one_sentence_and_status_two(arguments, capsys):
    assert cli.main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments", [["report", "compile", "--year", "2020"], ["figures"], ["journal", "verify"]], ids=" ".join
)
def test_a_database_without_an_installation_says_what_to_run(arguments, capsys):
    assert cli.main(arguments) == 2
    assert "gongkai migrate" in capsys.readouterr().err


def test_a_compiled_report_is_the_object_that_read_prints(installed, capsys):
    status = cli.main(["report", "compile", "--year", "2020", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["file"], told["format"], told["form"], told["year"], told["issuer"]) == (
        None,
        "ledger",
        "2019",
        2020,
        "示范区人民政府",
    )
    assert (told["cells"]["applications.new.total"], told["cells"]["proactive.permit.rulings"]) == (0, None)
    assert {"code": "proactive.permit.rulings", "why": "blank"} in told["unread"]
    assert {"script", "extra_cells", "printed", "sections", "figures"} <= set(told)
    assert status == 1  # permits and penalties are unknown: findings of severity error


def test_a_year_without_a_national_form_is_refused_with_a_sentence(installed, capsys):
    assert cli.main(["report", "compile", "--year", "2013"]) == 2
    assert "2013" in capsys.readouterr().err


def test_an_unknown_agency_is_refused_with_a_sentence(installed, capsys):
    assert cli.main(["report", "compile", "--year", "2020", "--agency", "atlantis"]) == 2
    assert "atlantis" in capsys.readouterr().err


def test_an_unbroken_journal_is_proved(installed, capsys):
    lines = JournalLine.objects.count()
    assert cli.main(["journal", "verify"]) == 0
    assert f"{lines} 行" in capsys.readouterr().out
    assert journal.last_verification() is not None


def test_a_broken_journal_names_its_first_broken_line(installed, capsys):
    journal.record_event("a.first", by=None)
    line = journal.record_event("a.second", by=None, reason="原来的理由")
    journal.record_event("a.third", by=None)
    JournalLine.objects.filter(pk=line.pk).update(reason="改过的理由")
    assert cli.main(["journal", "verify"]) == 1
    assert f"第 {line.pk} 行" in capsys.readouterr().out


def test_figures_of_an_installation_that_plays_no_published_report_are_none(installed, capsys):
    assert cli.main(["figures", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.django_db
def test_the_first_administrator_founds_the_installation_once(monkeypatch, capsys):
    Installation.objects.create(pk=1, created_at=clock.now())
    monkeypatch.setenv("GONGKAI_ADMIN_PASSWORD", "Xinjian-2026-mima")
    arguments = ["createadmin", "--agency", "示范区人民政府", "--slug", "shifan", "--code", "SF001"]
    arguments += ["--username", "guanli", "--name", "关管理"]
    assert cli.main(arguments) == 0
    assert (Agency.objects.get().slug, Staff.objects.get().must_change_password) == ("shifan", True)
    assert cli.main(arguments) == 2
    assert "只能建立一次" in capsys.readouterr().err


def test_a_production_database_refuses_a_demo_date(installed):
    with pytest.raises(Exception, match="installation_demo_date_iff_demo"):
        Installation.objects.filter(pk=1).update(demo_date=date(2021, 1, 15))


def test_a_demo_refuses_a_folder_that_holds_something_else(tmp_path):
    folder = tmp_path / "worlds" / "today"
    folder.mkdir(parents=True)
    (folder / "accounts.xlsx").write_text("not ours")
    # A process of its own: the command chooses the database before Django starts.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_DATABASE")}
    ran = subprocess.run(
        [sys.executable, "-m", "gongkai", "--data", str(tmp_path), "demo", "--no-serve"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "不是演示程序建立的东西" in ran.stderr
    assert (folder / "accounts.xlsx").exists()


def test_a_demo_refuses_a_database_that_is_not_its_own(installed, capsys):
    from gongkai.site.worlds import WORLDS, building

    assert connection.vendor in ("sqlite", "postgresql")
    assert building.build(WORLDS["wuding-2020"], fresh=False) == 2
    assert "不在这里建" in capsys.readouterr().err
    assert Agency.objects.count() == 1
