"""A backup of a demo world is restored on the other database engine and compiles the same report there."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from django.db import connection

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
OTHER = "restored_world"


def gongkai(*arguments: str, **environment: str) -> str:
    """Run the command as a person does; it must succeed or find errors in the report."""
    names = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    ran = subprocess.run(
        [sys.executable, "-m", "gongkai", *arguments],
        env=names | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode in (0, 1), ran.stderr
    return ran.stdout


@pytest.fixture
def empty_database():
    """A second database in the cluster of the test run."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {OTHER}")
    url = urlsplit(os.environ["GONGKAI_DATABASE_URL"])
    yield url._replace(path=f"/{OTHER}").geturl()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {OTHER} WITH (FORCE)")


def test_a_world_restored_on_postgresql_compiles_the_same_report_and_keeps_every_digest(tmp_path, empty_database):
    here, there, saved = tmp_path / "here", tmp_path / "there", tmp_path / "saved.gongkai"
    gongkai("--data", str(here), "demo", "--world", "today", "--no-serve")
    with closing(sqlite3.connect(here / "worlds" / "today" / "gongkai.sqlite3")) as database:
        (demo_date,) = database.execute("SELECT demo_date FROM base_installation").fetchone()
        (reports,) = database.execute("SELECT COUNT(*) FROM annual_reports_annualreport").fetchone()
    compile_it = ("report", "compile", "--year", str(int(demo_date[:4]) - 1), "--json")
    told = gongkai("--data", str(here), *compile_it)
    gongkai("--data", str(here), "backup", str(saved))
    said = gongkai("--data", str(there), "restore", str(saved), GONGKAI_DATABASE_URL=empty_database)
    assert f"定稿核对 {reports} 项" in said
    restored = gongkai("--data", str(there), *compile_it, GONGKAI_DATABASE_URL=empty_database)
    assert json.loads(restored) == json.loads(told)
    proved = gongkai("--data", str(there), "journal", "verify", GONGKAI_DATABASE_URL=empty_database)
    assert "台账与日志一致" in proved
