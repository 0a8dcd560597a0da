"""One instant of the database, while others go on writing."""

import sqlite3
import threading

import pytest
from django.db import connection, transaction

from gongkai.base import numbers
from gongkai.base.models import NumberSeries
from gongkai.base.snapshot import snapshot


@pytest.mark.django_db(transaction=True)
def test_what_is_read_inside_may_open_transactions_of_its_own():
    numbers.take("a")
    with snapshot(), transaction.atomic():
        assert NumberSeries.objects.get().last == 1


@pytest.mark.django_db(transaction=True)
def test_afterwards_the_database_is_written_as_before():
    with snapshot():
        pass
    assert numbers.take("a") == 1


@pytest.mark.django_db(transaction=True)
def test_an_error_inside_leaves_the_connection_usable():
    with pytest.raises(ZeroDivisionError), snapshot():
        raise ZeroDivisionError
    assert numbers.take("a") == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_others_write_meanwhile_is_not_seen_on_postgresql():
    numbers.take("a")

    def write() -> None:
        try:
            numbers.take("a")
        finally:
            connection.close()

    with snapshot():
        before = NumberSeries.objects.get().last
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        assert NumberSeries.objects.get().last == before
    assert NumberSeries.objects.get().last == before + 1


def test_a_reader_keeps_nobody_from_writing_on_sqlite(tmp_path):
    """What `snapshot` relies on: in WAL mode a deferred reader sees its instant and the writer goes on."""
    path = tmp_path / "x.sqlite3"
    reader = sqlite3.connect(path, isolation_level=None)
    writer = sqlite3.connect(path, isolation_level=None, timeout=0.1)
    reader.execute("PRAGMA journal_mode=WAL")
    reader.execute("CREATE TABLE t (x)")
    reader.execute("BEGIN DEFERRED")
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (0,)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES (1)")
    writer.execute("COMMIT")
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (0,)
    reader.execute("COMMIT")
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)
    reader.close()
    writer.close()
